"""Where calls leave for a provider: never paid twice, within the budget, and written down."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Generic, TypeVar

from pydantic import JsonValue

from storyloom.errors import BudgetUsedUp, Busy, StoryloomError, TimedOut, Unavailable
from storyloom.kit.clock import Clock
from storyloom.outbound.breaker import Breaker
from storyloom.outbound.memory import Memory
from storyloom.outbound.policy import (
    ATTEMPTS,
    POLICY,
    Policy,
    is_ailing,
    is_passing,
    is_unbilled,
    pause_s,
)
from storyloom.outbound.ports import Ledger, Prices
from storyloom.outbound.schemas import (
    CANCELLED,
    FREE,
    OK,
    UNBILLED,
    Call,
    Ending,
    Entry,
    Paid,
    Usage,
)
from storyloom.outbound.turns import Turns
from storyloom.outbound.uninterrupted import to_its_end

T = TypeVar("T")
# A picture is put into the image store before the end is written.
KEEP_WITHIN_S = 30.0
# Whoever is being cancelled is waited for.
CLOSE_WITHIN_S = 5.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Errand(Generic[T]):
    """One call with what belongs to it."""

    call: Call
    work: Callable[[], Awaitable[Paid[T]]]
    memory: Memory[T]
    who: str
    end: float = 0.0  #: by the desk's time; later when we ourselves held it up


class Desk:
    """Makes calls to providers under one policy. One per process."""

    def __init__(
        self,
        ledger: Ledger,
        prices: Prices,
        clock: Clock,
        *,
        policy: Policy = POLICY,
        time: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the ledger and the price list; `time` tells seconds that only grow."""
        self._ledger = ledger
        self._prices = prices
        self._clock = clock
        self._policy = policy
        self._patience = policy.patience
        self._time = time
        self._sleep = sleep
        self._turns = Turns()
        self._breakers: dict[str, Breaker] = {}
        self._places: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(self._policy.concurrency)
        )

    async def call(
        self,
        call: Call,
        work: Callable[[], Awaitable[Paid[T]]],
        memory: Memory[T],
        *,
        who: str,
        most: Usage | None = None,
    ) -> Paid[T]:
        """What the provider answers, or what it answered to the same input before, for free.

        `work` sends exactly one request; `who` is the provider's name for a person; `most` is what
        the call should use at most, and prices it where `call` brings no estimate.

        Raises what `work` raises; `TimedOut` when it takes too long, `Resting` while the provider
        is left alone, `Busy` when no place became free, `BudgetUsedUp` before anything is sent.
        """
        errand = _Errand(call, work, memory, who)
        if call.account.fresh:
            return await self._once(errand, most)
        async with self._turns.take(call.account.org_id, call.input_hash):
            return await self._once(errand, most)

    async def _once(self, errand: _Errand[T], most: Usage | None) -> Paid[T]:
        kept = await self._kept(errand.call, errand.memory)
        if kept is not None:
            return Paid(kept, FREE)
        errand.call = await self._estimated(errand.call, most)
        errand.end = self._time() + self._policy.timeout_s
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._attempt(errand, attempt)
            except Unavailable as fault:
                await self._pause(errand, fault)
        return await self._attempt(errand, ATTEMPTS)

    async def _kept(self, call: Call, memory: Memory[T]) -> T | None:
        entry = await self._patience(partial(self._answered, call))
        if entry is None or entry.ending is None or entry.ending.result is None:
            return None
        return await self._patience(partial(memory.again, entry.ending.result))

    async def _answered(self, call: Call) -> Entry | None:
        """The entry whose answer may be used again.

        A job that wants fresh answers still uses its own: it was given one, and then it crashed.
        """
        account = call.account
        if not account.fresh:
            return await self._ledger.answered(account.org_id, call.input_hash)
        if account.job_id is None:
            return None
        own = await self._ledger.of_job(account.job_id)
        alike = [e for e in own if e.outcome == OK and e.call.input_hash == call.input_hash]
        return alike[-1] if alike else None

    async def _estimated(self, call: Call, most: Usage | None) -> Call:
        if call.estimate_usd is None and most is not None:
            priced = await self._priced(call, most)
            call = call.model_copy(update={"estimate_usd": priced.cost_usd})
        if call.estimate_usd is None and self._policy.budget.is_set:
            raise BudgetUsedUp(
                f"The price of {call.provider}:{call.model} is unknown, so nobody can tell whether a "
                "call keeps within the budget; STORYLOOM_MODEL_PRICES can set it."
            )
        return call

    async def _priced(self, call: Call, usage: Usage) -> Usage:
        if usage.cost_usd is not None:
            return usage
        found = await asyncio.to_thread(self._prices.cost, call.provider, call.model, usage)
        if found is None:
            return usage
        cost_usd, source = found
        return usage.model_copy(update={"cost_usd": cost_usd, "price_source": source})

    async def _pause(self, errand: _Errand[T], fault: Unavailable) -> None:
        """Wait until a retry may help; raise the fault when none is worth it."""
        wait_s = pause_s(fault)
        is_late = self._time() + wait_s >= errand.end
        if not is_passing(fault) or is_late or self._breaker(errand).is_open:
            raise fault
        await self._sleep(wait_s)

    async def _attempt(self, errand: _Errand[T], attempt: int) -> Paid[T]:
        breaker = self._breaker(errand)
        breaker.check()
        place = self._places[errand.call.provider]
        await self._wait_for(place, errand)
        try:
            is_trial = breaker.admit()
            try:
                return await self._recorded(errand, attempt, breaker)
            finally:
                if is_trial:
                    breaker.gave_up()
        finally:
            place.release()

    async def _wait_for(self, place: asyncio.Semaphore, errand: _Errand[T]) -> None:
        """Take a place. The wait is not the provider's time.

        Otherwise a call would be sent, and paid for, that has no time left to be answered.
        """
        asked = self._time()
        try:
            async with asyncio.timeout(errand.end - asked):
                await place.acquire()
                errand.end += self._time() - asked
        except TimeoutError:
            raise Busy(
                f"All {self._policy.concurrency} places for calls to {errand.who} were taken for "
                f"{self._policy.timeout_s:g} seconds; STORYLOOM_PROVIDER_CONCURRENCY sets how many.",
                system=errand.call.provider,
            ) from None

    async def _recorded(self, errand: _Errand[T], attempt: int, breaker: Breaker) -> Paid[T]:
        """Open an entry, do the work, and close it, whatever happens."""
        asked = self._time()
        entry_id = await self._patience(partial(self._opened, errand.call, attempt))
        started = self._time()
        # An outage of the ledger is not the provider's time.
        errand.end += started - asked
        try:
            paid = await self._in_time(errand)
        except (Exception, asyncio.CancelledError) as fault:
            if is_ailing(fault):
                breaker.failed()
            elif isinstance(fault, StoryloomError):
                breaker.succeeded()
            await self._close_failed(errand.call, entry_id, fault, self._ms_since(started))
            raise
        breaker.succeeded()
        ending = Ending(outcome=OK, usage=paid.usage, duration_ms=self._ms_since(started))
        return await self._close_paid(errand, entry_id, paid, ending)

    async def _opened(self, call: Call, attempt: int) -> str:
        """Open an entry. If the call is given up meanwhile, the entry is closed: nothing was sent."""
        ids: list[str] = []

        async def opening() -> None:
            at, budget = self._clock.now(), self._policy.budget
            ids.append(await self._ledger.open(call, attempt=attempt, at=at, budget=budget))

        try:
            await to_its_end(opening, within_s=KEEP_WITHIN_S)
        except asyncio.CancelledError:
            for entry_id in ids:
                unsent = Ending(outcome=CANCELLED, usage=UNBILLED, duration_ms=0)
                await self._close(call, entry_id, unsent)
            raise
        except TimeoutError as fault:
            raise TimedOut("The beginning of a call could not be written in time.") from fault
        return ids[0]

    async def _in_time(self, errand: _Errand[T]) -> Paid[T]:
        try:
            async with asyncio.timeout(errand.end - self._time()):
                return await errand.work()
        except TimeoutError as fault:
            raise TimedOut(
                f"{errand.who} API timeout after {self._policy.timeout_s:g} seconds",
                system=errand.call.provider,
            ) from fault

    async def _close_paid(
        self, errand: _Errand[T], entry_id: str, paid: Paid[T], ending: Ending
    ) -> Paid[T]:
        """Write down what it cost and brought. The answer is given whether that works or not."""
        closing = partial(self._write_paid, errand, entry_id, paid, ending)
        try:
            usage = await self._patience(partial(_unbroken, closing))
        except StoryloomError as fault:
            log.warning("a paid call is open", extra={"entry": entry_id, "reason": fault.message})
            return paid
        return replace(paid, usage=usage)

    async def _write_paid(
        self, errand: _Errand[T], entry_id: str, paid: Paid[T], ending: Ending
    ) -> Usage:
        usage = await self._priced(errand.call, paid.usage)
        result = await _remembered(errand.memory, paid.value)
        closed = ending.model_copy(update={"usage": usage, "result": result})
        await self._ledger.close(entry_id, closed)
        return usage

    async def _close_failed(
        self, call: Call, entry_id: str, fault: BaseException, duration_ms: int
    ) -> None:
        ending = Ending(outcome=_outcome_of(fault), usage=_used_by(fault), duration_ms=duration_ms)
        await self._close(call, entry_id, ending)

    async def _close(self, call: Call, entry_id: str, ending: Ending) -> None:
        """Write down the end of a call that brought nothing, though whoever waits gives up."""
        try:
            closing = partial(self._write_failed, call, entry_id, ending)
            await to_its_end(closing, within_s=CLOSE_WITHIN_S)
        except (StoryloomError, TimeoutError) as trouble:
            # The call's own fault tells more than that of the ledger.
            log.warning("a failed call is open", extra={"entry": entry_id, "reason": str(trouble)})

    async def _write_failed(self, call: Call, entry_id: str, ending: Ending) -> None:
        if ending.usage.input_tokens is not None:
            usage = await self._priced(call, ending.usage)
            ending = ending.model_copy(update={"usage": usage})
        await self._ledger.close(entry_id, ending)

    def _breaker(self, errand: _Errand[T]) -> Breaker:
        provider = errand.call.provider
        if provider not in self._breakers:
            self._breakers[provider] = Breaker(errand.who, time=self._time)
        return self._breakers[provider]

    def _ms_since(self, started: float) -> int:
        return max(0, round((self._time() - started) * 1000))


async def _remembered(memory: Memory[T], value: T) -> JsonValue:
    try:
        return await memory.keep(value)
    except Unavailable:
        raise
    except StoryloomError as fault:
        log.warning("an answer cannot be kept", extra={"reason": fault.message})
        return None


async def _unbroken(work: Callable[[], Awaitable[T]]) -> T:
    """The work to its end; raises `TimedOut`, so that patience may try again."""
    try:
        return await to_its_end(work, within_s=KEEP_WITHIN_S)
    except TimeoutError as fault:
        raise TimedOut("The end of a call could not be written in time.") from fault


def _used_by(fault: BaseException) -> Usage:
    """What a call used that brought nothing of use: a bad answer is billed like a good one."""
    if is_unbilled(fault):
        return UNBILLED
    tokens = fault.tokens if isinstance(fault, StoryloomError) else None
    return Usage() if tokens is None else Usage(input_tokens=tokens[0], output_tokens=tokens[1])


def _outcome_of(fault: BaseException) -> str:
    if isinstance(fault, asyncio.CancelledError):
        return CANCELLED
    return fault.code if isinstance(fault, StoryloomError) else StoryloomError.code
