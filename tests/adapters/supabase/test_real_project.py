"""The archive's contract over a project of Supabase's own, for those who have one to spare.

`TEST_SUPABASE_URL` and `TEST_SUPABASE_SERVICE_KEY` name it, and its SQL editor has run the files in
`sql`. Its table has to be empty: the contract counts what is there, and every test removes all rows.
"""

import os
from collections.abc import AsyncGenerator

import httpx
import pytest

from storyloom.adapters.supabase._address import rest_url
from storyloom.adapters.supabase._project import open_project
from storyloom.adapters.supabase.job_archive import TABLE
from storyloom.jobs.ports import JobArchive
from tests.contracts import test_job_archive as contract

URL = os.environ.get("TEST_SUPABASE_URL", "")  # noqa: TID251 - not a setting of the service
KEY = os.environ.get("TEST_SUPABASE_SERVICE_KEY", "")  # noqa: TID251 - as above

if not (URL and KEY):
    pytest.skip("TEST_SUPABASE_URL names no project to test against", allow_module_level=True)
globals().update({k: v for k, v in vars(contract).items() if k.startswith("test_")})


@pytest.fixture
async def archive(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[JobArchive]:
    monkeypatch.undo()  # the guard that keeps tests on this machine
    async with open_project(URL, KEY) as project:
        if await project.archive.list(limit=1):
            pytest.skip("the table of the project is not empty")
        yield project.archive
    headers = {"apikey": KEY, "Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(headers=headers) as http:
        every = {"id": "not.is.null"}
        (await http.delete(f"{rest_url(URL)}/{TABLE}", params=every)).raise_for_status()
