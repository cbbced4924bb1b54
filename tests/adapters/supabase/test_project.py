"""Opening a project: what cannot work is told at once, and what is away is waited for."""

import logging
import sys

import pytest

from storyloom.adapters.supabase._opening import open_supabase
from storyloom.adapters.supabase._project import open_project
from storyloom.errors import Misconfigured
from storyloom.kit.clock import ManualClock
from tests.contracts.test_job_archive import make
from tests.postgrest.faults import ELSEWHERE, LYING_PAGE, SICK, STRANGER, Fault
from tests.postgrest.keys import ANON_KEY, SERVICE_KEY, token
from tests.postgrest.server import Project

FOREIGN_KEY = token(role="service_role", secret=b"of another project")


async def test_it_opens_with_the_keys_of_the_gateway_and_the_api(supabase: Project) -> None:
    async with open_supabase(supabase.url, SERVICE_KEY) as project:
        await project.archive.ping()

    sent = supabase.seen[0]
    assert sent.target == "/rest/v1/storyboard_jobs?select=id&limit=1"
    assert sent.headers["apikey"] == SERVICE_KEY
    assert sent.headers["Authorization"] == f"Bearer {SERVICE_KEY}"
    assert sent.headers["Accept-Profile"] == "public"


async def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("storyloom.adapters.supabase.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "postgrest", None)

    with pytest.raises(Misconfigured, match=r"storyloom\[supabase\]"):
        async with open_supabase("http://127.0.0.1:1", SERVICE_KEY):
            pass


async def test_a_project_without_the_table_names_the_file_that_makes_it(bare: Project) -> None:
    with pytest.raises(Misconfigured, match=r"sql/002_storyboard_jobs\.sql") as told:
        async with open_project(bare.url, SERVICE_KEY):
            pass

    assert told.value.setting == "SUPABASE_URL"


@pytest.mark.parametrize(
    ("key", "fault", "setting"),
    [
        (FOREIGN_KEY, None, "SUPABASE_SERVICE_KEY"),
        (SERVICE_KEY, STRANGER, "SUPABASE_SERVICE_KEY"),
        (ANON_KEY, None, "SUPABASE_SERVICE_KEY"),
        (SERVICE_KEY, ELSEWHERE, "SUPABASE_URL"),
    ],
)
async def test_what_an_operator_has_to_mend_is_told_at_start(
    supabase: Project, key: str, *, fault: Fault | None, setting: str
) -> None:
    supabase.will(fault)

    with pytest.raises(Misconfigured) as told:
        async with open_project(supabase.url, key):
            pass

    assert told.value.setting == setting
    assert key not in told.value.message
    assert len(supabase.seen) <= 1


@pytest.mark.parametrize("fault", [SICK, LYING_PAGE])
async def test_a_project_that_is_away_is_no_reason_not_to_start(
    supabase: Project, clock: ManualClock, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    supabase.will(fault)
    job = make(clock)

    with caplog.at_level(logging.DEBUG):
        async with open_project(supabase.url, SERVICE_KEY) as project:
            await project.archive.add(job)

            assert await project.archive.get(job.id) == job

    assert "while the job archive is away" in caplog.text
    assert SERVICE_KEY not in caplog.text
    assert "storyboard_jobs?" not in caplog.text
