"""Checks run at the same time, each within its limit, and none hides another."""

from collections.abc import Sequence

import anyio
import pytest

from storyloom.bootstrap.diagnosis.asking import Check, Inquiry, at_once
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.findings import Finding, Verdict, well


async def asked(*checks: Check) -> Sequence[Finding]:
    found: list[Finding] = []
    async with anyio.create_task_group() as lasting:
        inquiry = Inquiry(lasting, found)
        assert await inquiry.ask(*checks) == found
        lasting.cancel_scope.cancel()
    return found


async def _works() -> Sequence[Finding]:
    return [well("works", "It works.")]


async def _hangs() -> Sequence[Finding]:
    await anyio.sleep_forever()
    return []


async def test_one_that_hangs_or_fails_hides_no_other() -> None:
    async def away() -> Sequence[Finding]:
        raise Unavailable("It is away.")

    async def wrong() -> Sequence[Finding]:
        raise Misconfigured("It is wrong.", setting="THE_SETTING")

    def forbidden() -> Sequence[Finding]:
        raise PermissionError("/secret/place")

    found = await asked(
        Check("hangs", _hangs, "Wake it.", limit_s=0.05),
        Check("away", away, "Start it."),
        Check("wrong", wrong, ""),
        Check("forbidden", at_once(forbidden), "Allow it."),
        Check("works", _works, ""),
    )

    assert [(one.check, one.says, one.mend) for one in found] == [
        ("hangs", "There was no answer within 0.05 s.", "Wake it."),
        ("away", "It is away.", "Start it."),
        ("wrong", "It is wrong.", "Correct THE_SETTING."),
        ("forbidden", "PermissionError", "Allow it."),
        ("works", "It works.", ""),
    ]
    assert [one.status for one in found] == [Verdict.ERROR] * 4 + [Verdict.OK]


async def test_they_run_at_the_same_time() -> None:
    met = anyio.Event()

    async def first() -> Sequence[Finding]:
        await met.wait()
        return await _works()

    async def second() -> Sequence[Finding]:
        met.set()
        return []

    found = await asked(Check("first", first, ""), Check("second", second, ""))

    assert [one.says for one in found] == ["It works."]


async def test_a_fault_of_ours_is_not_hidden() -> None:
    async def broken() -> Sequence[Finding]:
        raise KeyError("a bug")

    with pytest.raises(ExceptionGroup):
        await asked(Check("broken", broken, ""))
