"""Couriers: what happens is told at least once, whatever receivers and stores do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import pytest

from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.errors import Unavailable
from storyloom.events.schemas import EventType, event_id
from storyloom.webhooks import delivering as module
from storyloom.webhooks.attempting import Postman
from storyloom.webhooks.ports import Answer
from storyloom.webhooks.schemas import DeliveryStatus, MadeWebhook, Outcome, WebhookChange
from tests.until import LIMIT_S, until
from tests.webhooks.conftest import Shop
from tests.webhooks.receiver import Receiver


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRY_EVERY_S", 0.02)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not await condition():  # noqa: ASYNC110 - it is about a database
            await asyncio.sleep(0.01)


async def attempted(shop: Shop, webhook: MadeWebhook, times: int = 1) -> None:
    """Return when its newest delivery has been tried so often."""

    async def is_so() -> bool:
        log = await shop.log(webhook)
        return bool(log) and len(log[0].attempts) >= times

    await eventually(is_so)


async def test_an_event_is_told_to_whoever_wants_it(shop: Shop, receiver: Receiver) -> None:
    await shop.happens("before")
    mine = await shop.add(receiver.url("/mine"))
    await shop.add(receiver.url("/other"), types=[EventType.FAILED])
    await shop.add(receiver.url("/foreign"), org="beta")
    async with shop.courier():
        await shop.happens("a", data={"status": "succeeded"})
        await attempted(shop, mine)
        await shop.happens("b", "c")
        await until(lambda: len(receiver.heard) == 3)

    told = [one.verified(mine.secret) for one in receiver.heard]
    assert {one["type"] for one in told} == {"job.completed"}
    assert sorted(receiver.ids("/mine")) == sorted(event_id("acme", name) for name in "abc")
    assert told[0]["data"]["status"] == "succeeded"
    log = {one.event_id: one for one in await shop.log(mine)}
    first = log[event_id("acme", "a")]
    assert first.status is DeliveryStatus.DELIVERED
    assert first.attempts[0].status_code == 200
    assert first.attempts[0].answer == "thanks \ufffd"


async def test_one_that_fails_is_tried_again_under_the_same_id(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.statuses["/ok"] = [500, 302, 200]
    hook = await shop.add(receiver.url())
    async with shop.courier():
        await shop.happens("a")
        await attempted(shop, hook)
        shop.clock.advance(6)
        await attempted(shop, hook, 2)
        shop.clock.advance(331)
        await attempted(shop, hook, 3)

    (sent,) = await shop.log(hook)
    assert receiver.ids("/ok") == [event_id("acme", "a")] * 3
    assert [one.status_code for one in sent.attempts] == [500, 302, 200]
    assert sent.status is DeliveryStatus.DELIVERED
    assert len({one.headers["webhook-timestamp"] for one in receiver.heard}) == 3


async def test_a_receiver_that_hangs_holds_up_nobody_else(shop: Shop, receiver: Receiver) -> None:
    names = [f"event {n}" for n in range(20)]
    slow = await shop.add(receiver.url("/hang"))
    quick = await shop.add(receiver.url("/ok"))
    async with shop.courier(within_s=30) as courier:
        await shop.happens(*names)
        await until(lambda: len(receiver.at("/ok")) == len(names))

        assert sorted(receiver.ids("/ok")) == sorted(event_id("acme", name) for name in names)
        assert len(receiver.at("/hang")) <= module.EACH
        assert set(courier._in_hand.values()) <= {slow.id, quick.id}


async def test_one_that_has_hung_holds_one_place(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url("/hang"))
    async with shop.courier(within_s=0.3) as courier:
        await shop.happens("a")
        await attempted(shop, hook)
        assert (await shop.log(hook))[0].attempts[0].error == "No answer came within 0.3 seconds"
        await shop.happens(*"bcdefg")
        await until(lambda: len(receiver.heard) == 2)

        assert courier._most(hook.id) == module.EACH_AILING
        assert len(courier._in_hand) <= module.EACH_AILING


async def test_redirects_lead_nowhere(shop: Shop, receiver: Receiver) -> None:
    receiver.statuses["/redirect"] = [307]
    hook = await shop.add(receiver.url("/redirect"))
    async with shop.courier():
        await shop.happens("a")
        await attempted(shop, hook)

    (sent,) = await shop.log(hook)
    assert [one.path for one in receiver.heard] == ["/redirect"]
    assert sent.attempts[0].status_code == 307
    assert sent.status is DeliveryStatus.PENDING


async def test_a_name_that_leads_inside_is_not_told(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url(host="inside.example.com"))
    async with shop.courier(lambda _host, _port: ["10.1.2.3"]):
        await shop.happens("a")
        await attempted(shop, hook)

    (sent,) = await shop.log(hook)
    assert "not public" in str(sent.attempts[0].error)
    assert "10.1.2.3" not in str(sent)
    assert receiver.heard == []


async def test_one_that_is_gone_is_disabled(shop: Shop, receiver: Receiver) -> None:
    receiver.statuses["/gone"] = [410]
    hook = await shop.add(receiver.url("/gone"))
    other = await shop.add(receiver.url("/ok"))
    async with shop.courier():
        await shop.happens("a")

        async def is_disabled() -> bool:
            return not (await shop.webhooks.get("acme", hook.id)).enabled

        await eventually(is_disabled)
        await shop.happens("b")
        await until(lambda: len(receiver.at("/ok")) == 2)
        assert (await shop.webhooks.get("acme", hook.id)).disabled_reason == "gone"
        assert [one.status for one in await shop.log(hook)] == [DeliveryStatus.FAILED]

        receiver.statuses["/gone"] = [200]
        await shop.webhooks.change("acme", hook.id, WebhookChange(enabled=True))
        await shop.happens("c")
        await until(lambda: len(receiver.at("/gone")) == 2)

    assert receiver.ids("/gone") == [event_id("acme", "a"), event_id("acme", "c")]
    assert len(await shop.log(other)) == 3


async def test_retry_after_is_heeded(shop: Shop, receiver: Receiver) -> None:
    receiver.statuses["/ok"], receiver.retry_after = [503, 200], "3600"
    hook = await shop.add(receiver.url())
    async with shop.courier():
        await shop.happens("a")
        await attempted(shop, hook)

    (sent,) = await shop.log(hook)
    assert sent.next_attempt_at is not None
    assert (sent.next_attempt_at - sent.attempts[0].at).total_seconds() >= 3600


async def test_a_trial_is_sent_once_and_a_replay_as_often_as_one_likes(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.statuses["/ok"] = [500]
    hook = await shop.add(receiver.url())
    async with shop.courier():
        sent = await shop.webhooks.test("acme", hook.id)
        await attempted(shop, hook)
        assert (await shop.log(hook))[0].status is DeliveryStatus.FAILED
        receiver.statuses["/ok"] = [200]
        await shop.webhooks.replay("acme", hook.id, sent.id)
        await attempted(shop, hook, 2)
        await shop.webhooks.replay("acme", hook.id, sent.id)
        await attempted(shop, hook, 3)

    (trial,) = await shop.log(hook)
    assert receiver.ids("/ok") == [sent.event_id] * 3
    assert [one.status_code for one in trial.attempts] == [500, 200, 200]
    assert receiver.heard[0].verified(hook.secret)["type"] == "webhook.test"


async def test_of_two_couriers_one_delivers_and_the_other_goes_on(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP_EVERY_S", 0.0)
    await shop.add(receiver.url())
    async with shop.courier() as second:
        async with shop.courier() as first:
            await until(lambda: (first._place is None) is not (second._place is None))
            await shop.happens("a", "b")
            await until(lambda: len(receiver.heard) == 2)
        await shop.happens("c")
        await until(lambda: len(receiver.heard) == 3)

    assert sorted(receiver.ids("/ok")) == sorted(event_id("acme", name) for name in "abc")


async def test_whoever_dies_with_the_turn_is_followed(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url())
    await SqlDeliveryTurn(shop.database, shop.clock).take("dead", ttl_s=module.TURN_S)
    async with shop.courier() as courier:
        await shop.happens("a")
        await asyncio.sleep(0.1)
        assert courier._place is None
        shop.clock.advance(module.TURN_S + 1)
        await attempted(shop, hook)


async def test_one_whose_turn_was_taken_hands_out_no_more(shop: Shop, receiver: Receiver) -> None:
    await shop.add(receiver.url())
    async with shop.courier() as courier:
        await until(lambda: courier._place is not None)
        shop.clock.advance(module.TURN_S + 1)
        await SqlDeliveryTurn(shop.database, shop.clock).take("another", ttl_s=60)
        await shop.happens("a")
        await until(lambda: courier._place is None)

    assert receiver.heard == []


class Moody(SqlDeliveryStore):
    """Is away now and then, as a database is that fails over."""

    def __init__(self, shop: Shop, *moods: Exception) -> None:
        super().__init__(shop.database)
        self.moods = list(moods)

    async def record(self, delivery_id: str, outcome: Outcome) -> None:
        if self.moods:
            raise self.moods.pop()
        await super().record(delivery_id, outcome)


class Away(SqlDeliveryStore):
    """Answers nothing for a while."""

    def __init__(self, shop: Shop, *faults: Exception) -> None:
        super().__init__(shop.database)
        self.faults = list(faults)

    async def due(self, *args: Any, **more: Any) -> Sequence[Any]:
        if self.faults:
            raise self.faults.pop()
        return await super().due(*args, **more)


async def test_what_was_sent_is_not_sent_again_while_it_cannot_be_noted(
    shop: Shop, receiver: Receiver
) -> None:
    hook = await shop.add(receiver.url())
    store = Moody(shop, *[Unavailable("away", system="database")] * 3)
    async with shop.courier(deliveries=store):
        await shop.happens("a")
        await attempted(shop, hook)

    assert store.moods == []
    assert len(receiver.heard) == 1


@pytest.mark.parametrize("fault", [Unavailable("away", system="database"), ValueError("ours")])
async def test_a_fault_does_not_end_it(shop: Shop, receiver: Receiver, fault: Exception) -> None:
    hook = await shop.add(receiver.url())
    async with shop.courier(deliveries=Away(shop, fault, fault)):
        await shop.happens("a")
        await attempted(shop, hook)

    assert len(receiver.heard) == 1


class Faulty:
    """A sender with a fault that nobody has thought of."""

    def __init__(self) -> None:
        self.calls = 0

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.calls += 1
        raise ValueError(url, headers, body)


async def test_a_fault_of_ours_is_an_attempt(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url())
    sender = Faulty()
    async with shop.courier() as courier:
        courier._postman = Postman(sender, shop.clock)
        await shop.happens("a")
        await attempted(shop, hook)
        shop.clock.advance(6)
        await attempted(shop, hook, 2)

    (sent,) = await shop.log(hook)
    assert sender.calls == 2
    assert [one.error for one in sent.attempts] == [module.OUR_FAULT] * 2
    assert sent.status is DeliveryStatus.PENDING


async def test_an_answer_that_cannot_be_noted_is_left_out(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url())
    store = Moody(shop, ValueError("this answer"))
    async with shop.courier(deliveries=store):
        await shop.happens("a")
        await attempted(shop, hook)

    (sent,) = await shop.log(hook)
    assert len(receiver.heard) == 1
    assert sent.status is DeliveryStatus.DELIVERED
    assert (sent.attempts[0].answer, sent.attempts[0].error) == ("", module.OUR_FAULT)


async def test_one_that_can_never_be_noted_is_left_and_the_next_one_sent(
    shop: Shop, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    hook = await shop.add(receiver.url())
    store = Moody(shop, *[ValueError("no")] * module.FAULTS)
    async with shop.courier(deliveries=store):
        await shop.happens("a")
        await until(lambda: "is left: its attempt cannot be noted" in caplog.text)
        await shop.happens("b")
        await until(lambda: len(receiver.heard) == 2)
        await until(lambda: not store.moods)

        async def is_noted() -> bool:
            # Both are as old, so either may be the first that is listed.
            return any(one.attempts for one in await shop.log(hook))

        await eventually(is_noted)

    log = await shop.log(hook)
    assert len(receiver.heard) == 2
    assert sorted(len(one.attempts) for one in log) == [0, 1]


class Stuck(SqlDeliveryTurn):
    """Cannot be given back."""

    async def give_back(self, holder: str) -> None:
        raise Unavailable(holder, system="database")


async def test_a_turn_that_cannot_be_given_back_holds_nobody_up(shop: Shop) -> None:
    async with shop.courier(turn=Stuck(shop.database, shop.clock)) as courier:
        await until(lambda: courier._place is not None)


async def test_a_backlog_is_handed_out_page_by_page(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyloom.webhooks.handing.PAGE", 3)
    hook = await shop.add(receiver.url())
    await shop.happens(*"abcdefgh")
    async with shop.courier():
        await until(lambda: len(receiver.heard) == 8)

    assert len(await shop.log(hook)) == 8


async def test_no_more_are_under_way_than_there_is_room_for(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    await shop.add(receiver.url("/hang"))
    async with shop.courier(within_s=30) as courier:
        await shop.happens(*"abcd")
        await until(lambda: len(receiver.heard) == 2)
        courier._news.set()
        await until(lambda: not courier._news.is_set())

        assert len(courier._in_hand) == 2


async def test_where_it_may_not_follow_events_it_looks_for_them(
    shop: Shop, receiver: Receiver
) -> None:
    shop.events._streams = 0
    hook = await shop.add(receiver.url())
    async with shop.courier():
        await shop.happens("a")
        await attempted(shop, hook)


async def test_it_follows_events_while_somebody_wants_them(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEEP_EVERY_S", 0.02)
    hook = await shop.add(receiver.url())
    async with shop.courier():
        await until(lambda: shop.events.open_streams == 1)
        await shop.webhooks.remove("acme", hook.id)
        await until(lambda: shop.events.open_streams == 0)


async def test_it_hears_of_events_between_its_looks(shop: Shop, receiver: Receiver) -> None:
    hook = await shop.add(receiver.url())
    async with shop.courier(every_s=3600):
        await until(lambda: shop.events.open_streams == 1)
        await shop.happens("a")
        await attempted(shop, hook)
