"""The courier: one in every process that takes jobs, of which one at a time delivers."""

import asyncio
import logging
from collections import Counter, deque
from contextlib import aclosing
from dataclasses import dataclass, replace
from uuid import uuid4

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup

from storyloom.errors import StoryloomError, Unavailable
from storyloom.events.schemas import Filter
from storyloom.events.state import Events
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock
from storyloom.webhooks.attempting import Postman
from storyloom.webhooks.handing import HandOut
from storyloom.webhooks.ports import DeliveryStore, DeliveryTurn, WebhookSender, WebhookStore
from storyloom.webhooks.schedule import outcome_of
from storyloom.webhooks.schemas import Attempt, Outcome, StoredWebhook, WholeDelivery
from storyloom.webhooks.switching import gone

AT_ONCE = 64
EACH = 4
#: A receiver whose last attempt failed may hang again: it holds one place, and not four.
EACH_AILING = 1
# Whoever dies with the turn is followed by another after so long.
TURN_S = 15.0
KEEP_EVERY_S = 5.0
LOOK_EVERY_S = 1.0
TRY_EVERY_S = 1.0
#: So often a fault that is not an outage is met before an attempt stays unnoted.
FAULTS = 3
#: So many of those are remembered, so that they are not sent again.
UNNOTED = 1000
GIVE_BACK_WITHIN_S = 2.0
OUR_FAULT = "The server had a fault of its own"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """Where webhooks and deliveries are kept, whose turn it is, and what sends."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    turn: DeliveryTurn
    sender: WebhookSender


class Courier:
    """Delivers while it is its turn. To be made in the event loop."""

    def __init__(self, events: Events, office: Office, clock: Clock) -> None:
        """Take what is to be told, and to whom."""
        self._events = events
        self._office = office
        self._clock = clock
        self._hand_out = HandOut(events.log, office.webhooks, office.deliveries, clock)
        self._postman = Postman(office.sender, clock)
        self._holder = str(uuid4())
        self._place: int | None = None  #: events are handed out up to here; None: not our turn
        self._kept_at_s = 0.0
        self._in_hand: dict[str, str] = {}  #: ids of deliveries, and of their webhooks
        self._ailing: set[str] = set()
        self._unnoted: deque[str] = deque(maxlen=UNNOTED)
        self._news = asyncio.Event()
        self._is_asked = asyncio.Event()  #: it is our turn, and somebody wants to be told

    async def run_forever(self, every_s: float = LOOK_EVERY_S) -> None:
        """Deliver what is due; a store that is away is asked again when it is back."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._listen)
                while True:
                    try:
                        await self._round(tasks)
                    except Unavailable as fault:
                        log.info("webhooks have to wait: %s", fault)
                        await anyio.sleep(TRY_EVERY_S)
                    except Exception:  # a fault of ours must not end what all wait for
                        log.exception("webhooks have to wait")
                        await anyio.sleep(TRY_EVERY_S)
                    await self._rest(every_s)
        finally:
            await self._leave()

    async def _round(self, tasks: TaskGroup) -> None:
        if not await self._is_our_turn():
            self._is_asked.clear()
            return
        assert self._place is not None  # noqa: S101 - it is our turn
        self._place = await self._hand_out.run(self._holder, self._place)
        if self._hand_out.enabled:
            self._is_asked.set()
            await self._send_due(tasks)
        else:
            self._is_asked.clear()

    async def _is_our_turn(self) -> bool:
        now_s = asyncio.get_running_loop().time()
        if self._place is None or now_s - self._kept_at_s >= KEEP_EVERY_S:
            self._place = await self._office.turn.take(self._holder, ttl_s=TURN_S)
            self._kept_at_s = now_s
        return self._place is not None

    async def _send_due(self, tasks: TaskGroup) -> None:
        room = AT_ONCE - len(self._in_hand)
        if room <= 0:
            return
        held = Counter(self._in_hand.values())
        due = await self._office.deliveries.due(
            self._clock.now(),
            each=EACH,
            limit=room,
            busy=[*self._in_hand, *self._unnoted],
            full=[name for name, count in held.items() if count >= self._most(name)],
        )
        for delivery in due:
            webhook = self._hand_out.enabled.get(delivery.webhook_id)
            if webhook is not None and held[webhook.id] < self._most(webhook.id):
                held[webhook.id] += 1
                self._begin(delivery, webhook, tasks)

    def _most(self, webhook_id: str) -> int:
        return EACH_AILING if webhook_id in self._ailing else EACH

    def _begin(self, delivery: WholeDelivery, webhook: StoredWebhook, tasks: TaskGroup) -> None:
        async def deliver() -> None:
            try:
                outcome = await self._attempt(delivery, webhook)
                self._note(webhook.id, outcome)
                await self._record(delivery, webhook, outcome)
            finally:
                self._in_hand.pop(delivery.id, None)
                self._news.set()

        self._in_hand[delivery.id] = webhook.id
        Background(tasks).soon(deliver)

    async def _attempt(self, delivery: WholeDelivery, webhook: StoredWebhook) -> Outcome:
        """Send it. A fault of ours is an attempt too: else it would be sent again at once."""
        try:
            return await self._postman.deliver(delivery, webhook)
        except Exception:
            log.exception("delivery %s has to wait", delivery.id)
            now = self._clock.now()
            attempt = Attempt(at=now, duration_ms=0, error=OUR_FAULT)
            return outcome_of(delivery, attempt, None, now)

    def _note(self, webhook_id: str, outcome: Outcome) -> None:
        code = outcome.attempt.status_code
        # One that answers is quick, whatever it says.
        if code is None:
            self._ailing.add(webhook_id)
        else:
            self._ailing.discard(webhook_id)

    async def _record(
        self, delivery: WholeDelivery, webhook: StoredWebhook, outcome: Outcome
    ) -> None:
        """Note what has become of it, however long the store is away: else it would be sent again.

        Another fault would be met for ever: then nothing more is sent of it by this process.
        """
        faults = 0
        while True:
            try:
                await self._office.deliveries.record(delivery.id, outcome)
                break
            except Unavailable as fault:
                log.info("an attempt waits to be noted: %s", fault)
            except Exception:
                faults += 1
                if faults == FAULTS:
                    log.exception("delivery %s is left: its attempt cannot be noted", delivery.id)
                    self._unnoted.append(delivery.id)
                    break
                log.exception("an attempt is noted without its answer")
                bare = outcome.attempt.model_copy(update={"answer": "", "error": OUR_FAULT})
                outcome = replace(outcome, attempt=bare)
            await anyio.sleep(TRY_EVERY_S)
        if outcome.is_gone:
            await self._disable(webhook)

    async def _disable(self, webhook: StoredWebhook) -> None:
        """Send nothing more to a receiver that is gone, as soon as the store answers."""
        while True:
            try:
                await self._office.webhooks.change(webhook.org_id, webhook.id, gone(webhook.url))
            except Unavailable as fault:
                log.info("webhook %s waits to be disabled: %s", webhook.id, fault)
                await anyio.sleep(TRY_EVERY_S)
            else:
                log.warning("webhook %s: its receiver is gone", webhook.id)
                return

    async def _rest(self, every_s: float) -> None:
        """Until something happens, or it is time to look."""
        # All else is shielded, and there may always be news: here it can be stopped.
        await anyio.lowlevel.checkpoint()
        with anyio.move_on_after(every_s):
            await self._news.wait()
        self._news.clear()

    async def _listen(self) -> None:
        """Hear of events as they happen. What is missed here is found at the next look."""
        while True:
            await self._is_asked.wait()
            try:
                await self._hear()
            except StoryloomError as fault:
                log.debug("webhooks do not hear of events: %s", fault)
            await anyio.sleep(TRY_EVERY_S)

    async def _hear(self) -> None:
        types = {type_ for one in self._hand_out.enabled.values() for type_ in one.types}
        async with (
            self._events.following(Filter(types=frozenset(types))) as following,
            aclosing(following.events(beat_s=KEEP_EVERY_S)) as told,
        ):
            async for events in told:
                if events:
                    self._news.set()
                elif not self._is_asked.is_set():
                    return

    async def _leave(self) -> None:
        """Let another process go on at once."""
        with anyio.move_on_after(GIVE_BACK_WITHIN_S, shield=True):
            try:
                await self._office.turn.give_back(self._holder)
            except StoryloomError as fault:
                log.debug("the turn of webhooks ends by itself: %s", fault)
