"""Events of what a real Redis keeps wait there until the log has them."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from storyloom.adapters.redis.untold import UNTOLD, RedisUntold, open_untold, written
from storyloom.events.schemas import Draft, Subject
from storyloom.kit.clock import ManualClock


@pytest.fixture
async def untold(redis_url: str) -> AsyncGenerator[RedisUntold]:
    async with open_untold(redis_url) as opened:
        yield opened


def draft(clock: ManualClock, name: str) -> Draft:
    subject = Subject(kind="notification", id=name)
    return Draft.of(
        "acme", "notification.created", subject, at=clock.now(), data={"a": "ü"}, cause=name
    )


async def test_what_cannot_be_read_keeps_nothing_else_from_being_told(
    untold: RedisUntold, other: Any, clock: ManualClock
) -> None:
    told = draft(clock, "a")
    other.hset(UNTOLD, "of another version", '{"what": "is this"}')
    other.hset(UNTOLD, told.id, written(told))

    assert await untold.untold(limit=9) == [told]


async def test_of_many_that_are_untold_all_come_round(
    untold: RedisUntold, other: Any, clock: ManualClock
) -> None:
    """A look from the beginning finds nothing there any more, once the first ones are struck off."""
    drafts = {one.id: one for one in (draft(clock, str(n)) for n in range(600))}
    other.hset(UNTOLD, mapping={name: written(one) for name, one in drafts.items()})

    rounds = [await _told(untold) for _ in range(len(drafts) // 100)]

    assert [len(found) for found in rounds] == [100] * len(rounds)
    assert {name for found in rounds for name in found} == set(drafts)


async def test_what_other_versions_left_under_either_name_is_told_once(
    untold: RedisUntold, other: Any, clock: ManualClock
) -> None:
    """An older version reads the first name alone: this one has to write there, or going back loses events."""
    early, late = draft(clock, "early"), draft(clock, "late")
    other.hset("storyloom:notifications:untold", early.id, written(early))
    other.hset("storyloom:events:untold", late.id, written(late))

    assert UNTOLD == "storyloom:notifications:untold"
    assert await _told(untold, limit=1) == [early.id]
    assert await _told(untold) == [late.id]
    assert await untold.untold(limit=9) == []


async def _told(untold: RedisUntold, limit: int = 100) -> list[str]:
    found = [one.id for one in await untold.untold(limit=limit)]
    await untold.strike_off(found)
    return found
