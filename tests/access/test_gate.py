"""Who is let in, and where to."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from storyloom.access.errors import ForeignOrganisation, TooManyRequests
from storyloom.access.gate import GUESSES_A_MINUTE, Asked, Gate, scopes_of
from storyloom.access.keys import new_id, new_key
from storyloom.access.limits import Limits
from storyloom.access.schemas import MadeKey, RateLimit, Scope
from storyloom.access.state import KeyRing
from storyloom.access.verified import VerifiedKeys
from storyloom.adapters.memory.rate_counter import MemoryRateCounter
from storyloom.errors import NotAllowed, NotAuthenticated, Unavailable
from storyloom.kit.clock import ManualClock, SystemClock
from tests.access.conftest import CountingStore, Settling, made

HERE, ELSEWHERE = "127.0.0.1", "203.0.113.7"
JOBS = "/storyboard/jobs"
OPEN_PATHS = ["/", "/healthz", "/livez", "/readyz", "/version", "/docs", "/redoc", "/openapi.json"]
MakeGate = Callable[..., Gate]


@pytest.fixture
def make(verified: VerifiedKeys, clock: ManualClock) -> MakeGate:
    def gate(*, is_private: bool = False, rate: str = "none") -> Gate:
        # The library goes by the clock of the machine.
        counter, limit = MemoryRateCounter(SystemClock()), RateLimit.parse(rate)
        guesses = Limits(RateLimit(GUESSES_A_MINUTE, "minute"), counter)
        limits = None if limit is None else Limits(limit, counter)
        return Gate(verified, guesses, limits, is_private=is_private)

    return gate


def asked(path: str = JOBS, *headers: str, org: str | None = None, by: str | None = HERE) -> Asked:
    return Asked(path, headers, () if org is None else (org,), by)


def bearer(key: MadeKey) -> str:
    return f"Bearer {key.key}"


@pytest.mark.parametrize(
    "path", [*OPEN_PATHS, "/static-offline-docs/swagger-ui.css", "/studio/jobs"]
)
@pytest.mark.parametrize("is_private", [True, False])
async def test_health_and_documentation_need_no_key(
    make: MakeGate, path: str, store: CountingStore, *, is_private: bool
) -> None:
    store.is_away = True

    admission = await make(is_private=is_private).admit(asked(path, by=ELSEWHERE))

    assert admission.caller.org_id is None


async def test_alone_on_a_machine_nobody_needs_a_key(make: MakeGate) -> None:
    gate = make(is_private=True, rate="1/day")

    for address in (HERE, "::1", None):
        admission = await gate.admit(asked("/v1/keys", "Bearer wrong", org="any", by=address))
        assert admission.caller.may(Scope.ENGINE)
        assert admission.standing is None


@pytest.mark.parametrize("address", [ELSEWHERE, "10.0.0.1", "::", "0.0.0.0", "unknown", ""])  # noqa: S104
async def test_others_need_one_even_there(make: MakeGate, address: str) -> None:
    with pytest.raises(NotAuthenticated, match="only this machine itself"):
        await make(is_private=True).admit(asked(by=address))


async def test_a_page_that_leads_its_own_name_here_is_not_let_in(make: MakeGate) -> None:
    gate = make(is_private=True)

    await gate.admit(Asked(JOBS, (), (), HERE, "localhost:8000"))
    with pytest.raises(NotAuthenticated):
        await gate.admit(Asked(JOBS, (), (), HERE, "evil.example:8000"))


async def test_a_page_of_a_stranger_does_nothing_here(make: MakeGate, ring: KeyRing) -> None:
    gate = make(is_private=True)
    from_page = Asked(JOBS, (), (), HERE, "localhost:8000", is_strange=True)

    with pytest.raises(NotAllowed, match="STORYLOOM_CORS_ORIGINS"):
        await gate.admit(from_page)

    # A key is proof enough: no page has one that it was not given.
    key = await made(ring)
    await make().admit(replace(from_page, authorization=[bearer(key)]))


async def test_the_first_key_shuts_out_whoever_has_none(
    make: MakeGate, ring: KeyRing, clock: ManualClock
) -> None:
    gate = make(is_private=True)
    await gate.admit(asked())

    key = await made(ring)
    clock.advance(10)

    with pytest.raises(NotAuthenticated):
        await gate.admit(asked())
    assert (await gate.admit(asked(JOBS, bearer(key)))).caller.key_id == key.id


async def test_a_server_that_others_reach_lets_nobody_in_without_a_key(make: MakeGate) -> None:
    with pytest.raises(NotAuthenticated, match="A key is needed"):
        await make(is_private=False).admit(asked())


async def test_a_key_that_has_ended_keeps_the_door_shut(
    make: MakeGate, ring: KeyRing, clock: ManualClock
) -> None:
    await made(ring, expires_at=clock.now().replace(year=2027))
    clock.advance(3 * 365 * 86_400)

    with pytest.raises(NotAuthenticated):
        await make(is_private=True).admit(asked())


@pytest.mark.parametrize(
    "form", ["{0}", "Basic {0}", "Bearer", "Bearer ", "bearer{0}", "Bearer {0} {0}", "", "\xff {0}"]
)
async def test_other_ways_to_show_a_key_are_refused(
    make: MakeGate, ring: KeyRing, form: str
) -> None:
    key = await made(ring)

    with pytest.raises(NotAuthenticated):
        await make().admit(asked(JOBS, form.format(key.key)))
    with pytest.raises(NotAuthenticated):
        await make().admit(asked(JOBS, bearer(key), bearer(key)))


@pytest.mark.parametrize("form", ["Bearer {0}", "bearer {0}", "BEARER   {0} "])
async def test_the_name_of_the_scheme_may_be_written_as_one_likes(
    make: MakeGate, ring: KeyRing, form: str
) -> None:
    key = await made(ring)

    admission = await make().admit(asked(JOBS, form.format(key.key)))

    assert admission.caller.org_id == "acme"


async def test_the_label_has_to_be_the_keys_own(make: MakeGate, ring: KeyRing) -> None:
    key, gate = await made(ring, org="acme"), make()

    await gate.admit(asked(JOBS, bearer(key), org="acme"))

    for labels in (("beta",), ("acme", "beta"), ("",), ("ACME",)):
        with pytest.raises(ForeignOrganisation):
            await gate.admit(Asked(JOBS, (bearer(key),), labels, HERE))


async def test_the_operators_key_is_bound_to_no_organisation(
    store: CountingStore, clock: ManualClock, background: Settling
) -> None:
    verified = VerifiedKeys(store, clock, background, admin_key="k" * 32)
    guesses = Limits(RateLimit(1, "day"), MemoryRateCounter(SystemClock()))
    gate = Gate(verified, guesses, None, is_private=True)

    admission = await gate.admit(asked("/v1/keys", "Bearer " + "k" * 32, org="any"))

    assert admission.caller.org_id is None
    with pytest.raises(NotAuthenticated):
        await gate.admit(asked())


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        (JOBS, Scope.STORYBOARDS),
        ("/api/v1/session/1/prompts-status", Scope.STORIES),
        ("/api/v1/trigger/beats-ready", Scope.STORIES),
        ("/api/v1/notifications/check", Scope.STORIES),
        ("/api/v1/gpu/status", Scope.GPU),
        ("/api/v1/swarmui/start", Scope.ENGINE),
        ("/v1/webhooks", Scope.WEBHOOKS),
        ("/v1/webhooks/whk_1/deliveries", Scope.WEBHOOKS),
        ("/v1/keys", Scope.ADMIN),
        ("/v1/queues/stories/pause", Scope.ADMIN),
        ("/metrics", Scope.ADMIN),
        ("/storyboardish", Scope.ADMIN),
        ("//storyboard/jobs", Scope.ADMIN),
        ("/anything/new", Scope.ADMIN),
    ],
)
async def test_a_key_opens_what_its_scopes_say(
    make: MakeGate, ring: KeyRing, path: str, scope: Scope
) -> None:
    gate = make()
    fitting = await made(ring, scope)
    others = await made(ring, *(s for s in Scope if s not in {scope, Scope.ADMIN}))

    assert list(scopes_of(path)) == [scope]
    await gate.admit(asked(path, bearer(fitting)))
    await gate.admit(asked(path, bearer(await made(ring, Scope.ADMIN))))
    with pytest.raises(NotAllowed, match=f"lacks the scope '{scope}'"):
        await gate.admit(asked(path, bearer(others)))


async def test_requests_of_a_key_are_counted(make: MakeGate, ring: KeyRing) -> None:
    gate, one, other = make(rate="2/day"), await made(ring), await made(ring)

    first = await gate.admit(asked(JOBS, bearer(one)))
    await gate.admit(asked("/docs", bearer(one)))
    await gate.admit(asked(JOBS, bearer(one)))

    assert first.standing is not None
    assert first.standing.left == 1
    with pytest.raises(TooManyRequests):
        await gate.admit(asked(JOBS, bearer(one)))
    await gate.admit(asked(JOBS, bearer(other)))


async def _guess(gate: Gate, address: str) -> type[Exception]:
    with pytest.raises((NotAuthenticated, TooManyRequests)) as fault:
        await gate.admit(asked(JOBS, f"Bearer {new_key(new_id())}", by=address))
    return type(fault.value)


async def test_whoever_guesses_keys_is_slowed_down(
    make: MakeGate, ring: KeyRing, store: CountingStore
) -> None:
    gate, key, new = make(), await made(ring), await made(ring)
    await gate.admit(asked(JOBS, bearer(key), by=ELSEWHERE))

    guesses = [await _guess(gate, ELSEWHERE) for _ in range(GUESSES_A_MINUTE + 1)]
    asked_before = store.asked
    refused = await _guess(gate, ELSEWHERE)

    assert set(guesses[:-1]) == {NotAuthenticated}
    assert (guesses[-1], refused) == (TooManyRequests, TooManyRequests)
    assert store.asked == asked_before, "nothing is looked up any more"
    await gate.admit(asked(JOBS, bearer(key), by=ELSEWHERE))
    with pytest.raises(TooManyRequests):
        await gate.admit(asked(JOBS, bearer(new), by=ELSEWHERE))
    await gate.admit(asked(JOBS, bearer(new), by=HERE))


@pytest.mark.parametrize(
    ("address", "neighbour"),
    [("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1"), ("not an address", "not an address")],
)
async def test_a_network_of_ipv6_is_one_guesser(
    make: MakeGate, address: str, neighbour: str
) -> None:
    gate = make()

    for _ in range(GUESSES_A_MINUTE + 1):
        await _guess(gate, address)

    assert await _guess(gate, neighbour) is TooManyRequests
    assert await _guess(gate, "2001:db8:1:3::4") is NotAuthenticated


@pytest.mark.parametrize("is_private", [True, False])
async def test_nobody_can_tell_while_the_store_is_away(
    make: MakeGate, store: CountingStore, *, is_private: bool
) -> None:
    store.is_away = True

    with pytest.raises(Unavailable):
        await make(is_private=is_private).admit(asked(JOBS, f"Bearer {new_key(new_id())}"))


async def test_either_of_two_scopes_opens_the_list_of_all_work(
    make: MakeGate, ring: KeyRing
) -> None:
    gate = make()

    for scope in (Scope.STORYBOARDS, Scope.STORIES, Scope.ADMIN):
        await gate.admit(asked("/v1/jobs", bearer(await made(ring, scope))))
    with pytest.raises(NotAllowed, match="lacks the scope 'storyboards' or 'stories'"):
        await gate.admit(asked("/v1/jobs", bearer(await made(ring, Scope.GPU, Scope.ENGINE))))
