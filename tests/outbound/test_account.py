"""Calls go on the account of the block around them."""

import asyncio

from storyloom.kit.ids import new_job_id
from storyloom.outbound.account import charged_to, current_account
from storyloom.outbound.schemas import Account

ACME = Account(org_id="acme", job_id=new_job_id(), step="understand")


def test_outside_of_a_block_nobody_in_particular_pays() -> None:
    assert current_account() == Account()


def test_a_block_ends() -> None:
    with charged_to(ACME):
        with charged_to(Account(org_id="inner")):
            assert current_account().org_id == "inner"
        assert current_account() == ACME
    assert current_account() == Account()


async def test_tasks_have_accounts_of_their_own() -> None:
    seen: dict[str, str] = {}

    async def work(org_id: str) -> None:
        with charged_to(Account(org_id=org_id)):
            await asyncio.sleep(0)
            seen[org_id] = current_account().org_id

    async with asyncio.TaskGroup() as tasks:
        for org_id in ("a", "b"):
            tasks.create_task(work(org_id))

    assert seen == {"a": "a", "b": "b"}
