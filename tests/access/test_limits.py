"""Requests are counted in portions, and the count is not asked for each."""

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio
import pytest
from anyio.lowlevel import checkpoint

from storyloom.access import limits as module
from storyloom.access.errors import TooManyRequests
from storyloom.access.limits import Limits
from storyloom.access.schemas import RateLimit, Taken
from storyloom.errors import Unavailable


@dataclass
class Clock:
    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Counter:
    """One window for each caller, by the clock of the test."""

    clock: Clock
    is_away: bool = False
    asked: int = 0
    windows: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])

    async def take(self, who: str, limit: RateLimit, amount: int) -> Taken:
        self.asked += 1
        await checkpoint()
        if self.is_away:
            raise Unavailable("Away.")
        end_s, count = self.windows.get(who, (0.0, 0))
        if self.clock() >= end_s:
            end_s, count = self.clock() + limit.window_s, 0
        self.windows[who] = end_s, count + amount
        left = max(0, limit.requests - count - amount)
        return Taken(count + amount <= limit.requests, left, end_s - self.clock())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own(clock: Clock) -> Counter:
    return Counter(clock)


Make = Callable[..., Limits]


@pytest.fixture
def make(clock: Clock, own: Counter) -> Make:
    def limits(requests: int, shared: Counter | None = None) -> Limits:
        return Limits(RateLimit(requests, "minute"), own, shared, clock_s=clock)

    return limits


async def test_exactly_as_many_as_the_limit_says(make: Make, clock: Clock) -> None:
    limits = make(3)

    left = [(await limits.count("one")).left for _ in range(3)]
    clock.now_s += 20.5
    with pytest.raises(TooManyRequests, match="More than 3 requests in one minute") as fault:
        await limits.count("one")

    assert left == [2, 1, 0]
    assert fault.value.retry_after_s == 40
    assert (await limits.count("another")).left == 2
    clock.now_s += 39.5
    assert (await limits.count("one")).left == 2


async def test_the_count_is_asked_a_hundred_times_a_window(make: Make, own: Counter) -> None:
    limits = make(6000)

    left = [(await limits.count("one")).left for _ in range(6000)]
    with pytest.raises(TooManyRequests):
        await limits.count("one")

    assert left == list(range(5999, -1, -1))
    assert own.asked == 100


async def test_whoever_is_refused_costs_no_query(make: Make, own: Counter) -> None:
    limits = make(1)
    await limits.count("one")

    for _ in range(5):
        with pytest.raises(TooManyRequests):
            await limits.count("one")

    assert own.asked == 1


async def test_processes_share_one_count(make: Make, clock: Clock) -> None:
    shared = Counter(clock)
    processes = [make(1000, shared), make(1000, shared)]
    served = 0

    for number in range(3000):
        try:
            await processes[number % 2].count("one")
        except TooManyRequests:
            continue
        served += 1

    assert served == 1000


async def test_many_at_once_lose_nothing_of_their_portions(make: Make) -> None:
    limits = make(1000)
    served = 0

    async def ask() -> None:
        nonlocal served
        try:
            await limits.count("one")
        except TooManyRequests:
            return
        served += 1

    for _ in range(12):
        async with anyio.create_task_group() as tasks:
            for _ in range(100):
                tasks.start_soon(ask)

    assert served == 1000


async def test_a_shared_count_that_is_away_is_left_alone(
    make: Make, clock: Clock, own: Counter
) -> None:
    shared = Counter(clock, is_away=True)
    limits = make(10, shared)

    for _ in range(3):
        await limits.count("one")
    assert (shared.asked, own.asked) == (1, 3)

    clock.now_s += module.LEAVE_ALONE_S
    shared.is_away = False
    await limits.count("one")
    assert (shared.asked, own.asked) == (2, 3)


async def test_it_can_be_asked_without_counting(make: Make, clock: Clock) -> None:
    limits = make(1)
    for _ in range(3):
        limits.refuse_spent("one")
    await limits.count("one")

    with pytest.raises(TooManyRequests):
        limits.refuse_spent("one")
    limits.refuse_spent("another")
    clock.now_s += 60
    limits.refuse_spent("one")


async def test_callers_are_forgotten_when_there_are_too_many(
    make: Make, own: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CALLERS", 2)
    limits = make(1000)

    for who in ("one", "two", "three", "one"):
        await limits.count(who)

    assert own.asked == 4


async def test_the_headers_are_those_of_the_draft(make: Make, clock: Clock) -> None:
    limits = make(100)
    await limits.count("one")
    clock.now_s += 0.5

    headers = (await limits.count("one")).headers

    assert headers == [
        (b"ratelimit-policy", b'"default";q=100;w=60'),
        (b"ratelimit", b'"default";r=98;t=60'),
    ]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("600/minute", RateLimit(600, "minute")),
        ("1/second", RateLimit(1, "second")),
        ("5/hour", RateLimit(5, "hour")),
        ("7/day", RateLimit(7, "day")),
        ("none", None),
    ],
)
def test_limits_are_written_so(text: str, limit: RateLimit | None) -> None:
    assert RateLimit.parse(text) == limit


@pytest.mark.parametrize(
    "text", ["", "600", "0/minute", "-1/second", "600/week", "6 /minute", "None"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="600/minute"):
        RateLimit.parse(text)


def test_windows_have_a_length() -> None:
    lengths = [RateLimit(1, window).window_s for window in ("second", "minute", "hour", "day")]

    assert lengths == [1, 60, 3600, 86_400]
