"""Costs are added up, and what is unknown is never nothing."""

from datetime import UTC, datetime
from decimal import Decimal

from storyloom.kit.ids import new_job_id
from storyloom.outbound.costs import Cost, cost_of
from storyloom.outbound.schemas import OK, Account, Call, Ending, Entry, Usage

AT = datetime(2026, 1, 1, tzinfo=UTC)
CALL = Call(
    account=Account(org_id="acme", job_id=new_job_id()),
    provider="google",
    model="gemini-3.8-flash",
    purpose="understand_code",
    prompt_version="1",
    input_hash="0" * 64,
    size_bytes=10,
    destination="127.0.0.1",
)


def entry(usage: Usage | None) -> Entry:
    ending = None if usage is None else Ending(outcome=OK, usage=usage, duration_ms=1)
    return Entry(id="1", call=CALL, attempt=1, started_at=AT, ending=ending)


def test_without_calls_nothing_is_spent() -> None:
    assert cost_of([]) == Cost(
        usd=Decimal(0),
        known_usd=Decimal(0),
        calls=0,
        unknown_calls=0,
        input_tokens=0,
        output_tokens=0,
    )


def test_known_costs_and_tokens_are_added() -> None:
    one = Usage(input_tokens=100, output_tokens=7, cost_usd=Decimal("0.0674"))
    two = Usage(input_tokens=1, output_tokens=None, cost_usd=Decimal("0.0001"))

    cost = cost_of([entry(one), entry(two)])

    assert (cost.usd, cost.known_usd) == (Decimal("0.0675"), Decimal("0.0675"))
    assert (cost.calls, cost.unknown_calls) == (2, 0)
    assert (cost.input_tokens, cost.output_tokens) == (101, 7)


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    known = Usage(cost_usd=Decimal("0.5"))

    cost = cost_of([entry(known), entry(Usage(input_tokens=3))])

    assert (cost.usd, cost.known_usd, cost.unknown_calls) == (None, Decimal("0.5"), 1)
    assert cost.input_tokens == 3


def test_a_call_without_an_end_is_unknown() -> None:
    assert cost_of([entry(None)]).usd is None


def test_dollars_are_written_out() -> None:
    told = cost_of([entry(Usage(cost_usd=Decimal("1E-7")))]).model_dump(mode="json")

    assert (told["usd"], told["known_usd"]) == ("0.0000001", "0.0000001")
