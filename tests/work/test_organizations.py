"""The organisations that a caller may see."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from storyloom.access.schemas import Caller, Scope
from storyloom.kit.clock import ManualClock
from storyloom.outbound.schemas import Spent
from storyloom.work.organizations import Organizations
from storyloom.work.statistics import KnownOrganizations

NOW = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
NAMES = ["beta", "acme", "Zoo", "gamma"]


class Register:
    """Knows some, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[str], Collection[Scope], datetime]] = []

    async def names(self) -> Collection[str]:
        return NAMES

    async def tell(
        self, org_ids: Sequence[str], scopes: Collection[Scope], since: datetime
    ) -> KnownOrganizations:
        self.asked.append((org_ids, scopes, since))
        spent = {"acme": Spent(cost_usd=Decimal("1.5"), calls=2, unknown_calls=1)}
        return KnownOrganizations({"acme": 7}, {"acme": NOW}, spent, missing=["A lot is."])


async def test_pages_follow_one_another_by_name() -> None:
    register = Register()
    known = Organizations(register, ManualClock(NOW))

    first = await known.page(Caller(), limit=2, cursor=None)
    second = await known.page(Caller(), limit=2, cursor=first.next_cursor)

    assert [one.org_id for one in first.data] == ["Zoo", "acme"]
    assert first.next_cursor == "acme"
    assert [one.org_id for one in second.data] == ["beta", "gamma"]
    assert second.next_cursor is None
    assert register.asked == [
        (names, {Scope.STORYBOARDS, Scope.STORIES}, datetime(2026, 3, 1, tzinfo=UTC))
        for names in (["Zoo", "acme"], ["beta", "gamma"])
    ]


async def test_figures_are_told_and_nothing_is_none() -> None:
    told = await Organizations(Register(), ManualClock(NOW)).page(Caller(), limit=9, cursor=None)

    zoo, acme, *_ = told.data
    assert (acme.jobs, acme.last_work_at, acme.spent.known_usd) == (7, NOW, Decimal("1.5"))
    assert acme.spent.usd is None
    assert (zoo.jobs, zoo.last_work_at, zoo.spent.usd) == (0, None, Decimal(0))
    assert told.degraded == ["A lot is."]


async def test_a_key_sees_its_own_also_with_admin_and_what_it_covers() -> None:
    register = Register()
    known = Organizations(register, ManualClock(NOW))
    admin = Caller("key", "acme", frozenset({Scope.ADMIN}))
    small = Caller("key", "new", frozenset({Scope.STORIES, Scope.GPU}))

    for caller in (admin, small):
        told = await known.page(caller, limit=9, cursor=None)
        assert [one.org_id for one in told.data] == [caller.org_id]
        assert (await known.page(caller, limit=9, cursor="zzz")).data == []

    asked = [(names, scopes) for names, scopes, _ in register.asked if names]
    assert asked == [
        (["acme"], {Scope.STORYBOARDS, Scope.STORIES}),
        (["new"], {Scope.STORIES}),
    ]
