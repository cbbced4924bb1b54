"""The next candidate is asked when the fault is the first one's own."""

from collections.abc import Awaitable, Callable

import pytest

from storyloom.errors import (
    BadAnswer,
    BudgetUsedUp,
    Busy,
    ContentBlocked,
    KeyRefused,
    ModelNotFound,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    Rejected,
    Resting,
    ServerFault,
    StoryloomError,
    TimedOut,
    Truncated,
    Unavailable,
    Unreachable,
)
from storyloom.outbound.fallback import Candidate, Given, first_that_works
from storyloom.outbound.schemas import StandIn


def raising(fault: StoryloomError) -> Callable[[], Awaitable[str]]:
    async def work() -> str:
        raise fault

    return work


async def answering() -> str:
    return "answer"


def candidates(*faults: StoryloomError) -> list[Candidate[str]]:
    return [Candidate(f"model {n}", raising(fault)) for n, fault in enumerate(faults, 1)]


@pytest.mark.parametrize(
    "kind",
    [
        Overloaded,
        Resting,
        RateLimited,
        ServerFault,
        Unreachable,
        QuotaUsedUp,
        ModelNotFound,
        KeyRefused,
    ],
)
async def test_a_fault_of_the_provider_leads_to_the_next(kind: type[StoryloomError]) -> None:
    asked = [*candidates(kind()), Candidate("second", answering)]

    given = await first_that_works(asked)

    assert given.value == "answer"
    assert given.stand_in is not None
    assert (given.stand_in.wanted, given.stand_in.answered) == ("model 1", "second")
    assert given.stand_in.code == kind.code


async def test_nothing_is_told_of_the_wanted_one() -> None:
    given = await first_that_works([Candidate("first", answering), *candidates(KeyRefused())])

    assert given == Given("answer")


async def test_who_stands_in_for_whom_is_told_in_a_sentence() -> None:
    one = candidates(QuotaUsedUp("The quota is used up."))
    two = candidates(Resting("It rests."), KeyRefused("No key"))
    answers = Candidate("model 3", answering)

    for_one = (await first_that_works([*one, answers])).stand_in
    for_two = (await first_that_works([*two, answers])).stand_in

    assert for_one == StandIn(
        "model 1",
        "model 3",
        "quota",
        "model 1 (quota: The quota is used up) did not answer, so model 3 answered in its place.",
    )
    assert for_two is not None
    assert (for_two.wanted, for_two.code) == ("model 1", "resting")
    assert for_two.says == (
        "model 1 (resting: It rests) and model 2 (auth: No key) did not answer, "
        "so model 3 answered in their place."
    )


@pytest.mark.parametrize(
    "kind",
    [
        TimedOut,
        ContentBlocked,
        BadAnswer,
        Truncated,
        BudgetUsedUp,
        Rejected,
        Busy,
        Unavailable,
    ],
)
async def test_other_faults_end_it(kind: type[StoryloomError]) -> None:
    fault = kind("As it is.")

    with pytest.raises(kind) as raised:
        await first_that_works([*candidates(fault), Candidate("second", answering)])

    assert raised.value is fault
    assert fault.message == "As it is."


async def test_the_fault_of_one_candidate_is_told_as_it_is() -> None:
    with pytest.raises(KeyRefused, match=r"^Gemini does not accept our key\.$"):
        await first_that_works(candidates(KeyRefused("Gemini does not accept our key.")))


async def test_when_all_fail_the_wanted_ones_fault_is_told() -> None:
    first = RateLimited("Gemini asks us to wait.", system="google", retry_after_s=7)

    with pytest.raises(RateLimited) as raised:
        await first_that_works(candidates(first, KeyRefused("No."), Overloaded("Full.")))

    assert raised.value.message == (
        "Gemini asks us to wait. Tried: model 1 (rate_limited), model 2 (auth), "
        "model 3 (overloaded)."
    )
    assert (raised.value.system, raised.value.retry_after_s) == ("google", 7)


async def test_any_fault_tells_more_than_that_somebody_rests() -> None:
    with pytest.raises(KeyRefused, match=r"^No. Tried: model 1 \(resting\), model 2 \(auth\)"):
        await first_that_works(candidates(Resting("Rests."), KeyRefused("No.")))


async def test_when_all_rest_the_first_is_told() -> None:
    with pytest.raises(Resting, match=r"^One\. Tried"):
        await first_that_works(candidates(Resting("One."), Resting("Two.")))
