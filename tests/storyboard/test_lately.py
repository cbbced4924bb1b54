"""How long storyboards took lately is looked up once in a while, and not at each poll."""

from collections.abc import Sequence

import anyio
import pytest

from storyloom.jobs.schemas import JobBrief, JobStatus, Sought
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard import lately
from storyloom.storyboard.lately import FRESH, RECENT, Lately

KIND = "code_to_storyboard"


class Index:
    """Jobs that took so long, and how often they were asked for."""

    def __init__(self, clock: ManualClock) -> None:
        self.asked: list[tuple[str, Sought, int]] = []
        self.took_ms: Sequence[int | None] = [3000, None]
        self.open = anyio.Event()
        self.open.set()
        self._clock = clock

    async def page(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[JobBrief]:
        self.asked.append((org_id, sought, limit))
        took = self.took_ms
        await self.open.wait()
        return [
            JobBrief(
                id=new_job_id(),
                org_id=org_id,
                job_type=KIND,
                status=JobStatus.COMPLETED,
                execution_time_ms=one,
                created_at=self._clock.now(),
            )
            for one in took
        ]

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        raise NotImplementedError

    async def ended_since(self, at: object, *, limit: int) -> Sequence[JobBrief]:
        raise NotImplementedError


@pytest.fixture
def index(clock: ManualClock) -> Index:
    return Index(clock)


async def test_it_is_looked_up_again_when_it_is_some_seconds_old(
    index: Index, clock: ManualClock
) -> None:
    known = Lately(index, clock)

    assert [await known.took_s("acme", KIND) for _ in range(3)] == [[3.0, 0.0]] * 3
    assert index.asked == [
        ("acme", Sought(frozenset({JobStatus.COMPLETED}), frozenset({KIND})), RECENT)
    ]
    index.took_ms = [5000]
    clock.advance(FRESH.total_seconds())
    assert await known.took_s("acme", KIND) == [5.0]
    assert len(index.asked) == 2


async def test_each_organisation_and_kind_has_its_own(index: Index, clock: ManualClock) -> None:
    known = Lately(index, clock)

    for org_id, kind in (("acme", KIND), ("beta", KIND), ("acme", "roadmap_to_storyboard")):
        await known.took_s(org_id, kind)

    assert [(org_id, *sought.kinds) for org_id, sought, _ in index.asked] == [
        ("acme", KIND),
        ("beta", KIND),
        ("acme", "roadmap_to_storyboard"),
    ]


async def test_one_looks_it_up_while_others_do_with_what_was_known(
    index: Index, clock: ManualClock
) -> None:
    known = Lately(index, clock)
    await known.took_s("acme", KIND)
    clock.advance(FRESH.total_seconds())
    index.took_ms, index.open = [5000], anyio.Event()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(known.took_s, "acme", KIND)
        await anyio.wait_all_tasks_blocked()
        assert await known.took_s("acme", KIND) == [3.0, 0.0]
        index.open.set()

    assert await known.took_s("acme", KIND) == [5.0]
    assert len(index.asked) == 2


async def test_the_least_lately_known_are_forgotten_first(
    index: Index, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "MOST", 2)
    known = Lately(index, clock)

    for org_id in ("a", "b", "c", "b", "a"):
        await known.took_s(org_id, KIND)

    assert [org_id for org_id, _, _ in index.asked] == ["a", "b", "c", "a"]
