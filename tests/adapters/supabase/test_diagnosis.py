"""Every mistake with a Supabase project: what is said of it, and how to mend it."""

import psycopg
import pytest

from storyloom.adapters.supabase import _diagnosis
from storyloom.adapters.supabase._diagnosis import open_inquiry
from storyloom.errors import Misconfigured
from storyloom.kit.findings import Finding, Verdict
from tests.postgrest.api import ANON
from tests.postgrest.faults import HURRIED, LYING_PAGE, SICK, STRANGER, Cuts, Fault, Hangs
from tests.postgrest.keys import ANON_KEY, SERVICE_KEY, token
from tests.postgrest.server import Project


@pytest.fixture
def postgres_with_tables(postgres_up_to_date: str) -> str:
    """Not the one that others share: these tests change what is in it besides rows."""
    return postgres_up_to_date


async def only(url: str, key: str = SERVICE_KEY) -> Finding:
    async with open_inquiry(url, key) as inquiry:
        (finding,) = await inquiry.look()
    assert key not in finding.says + finding.mend
    return finding


async def test_one_that_works_is_left_as_it_was(supabase: Project) -> None:
    found = await only(supabase.url)

    assert (found.status, found.says) == ("ok", "The Supabase project can be read and written.")
    with psycopg.connect(supabase.database) as connection:
        assert connection.execute("SELECT count(*) FROM storyboard_jobs").fetchone() == (0,)


async def test_a_table_that_is_missing(bare: Project) -> None:
    found = await only(bare.url)

    assert found.status is Verdict.ERROR
    assert "the table storyboard_jobs is missing" in found.says
    assert "SQL editor" in found.mend


async def test_a_key_of_another_project(supabase: Project) -> None:
    found = await only(supabase.url, token(secret=b"another", role="service_role"))

    assert "does not accept SUPABASE_SERVICE_KEY" in found.says
    assert found.mend == "Copy the service_role key from the project's API settings."


async def test_a_key_for_browsers(supabase: Project) -> None:
    with pytest.raises(Misconfigured, match="a key for browsers"):
        await only(supabase.url, ANON_KEY)


@pytest.mark.parametrize("grants", ["", "GRANT ALL ON storyboard_jobs TO {}"])
async def test_a_key_that_row_level_security_binds(supabase: Project, grants: str) -> None:
    """Without a policy such a key reads an empty table, and is refused only when it writes."""
    key = token(role="reports")
    with psycopg.connect(supabase.database) as connection:
        connection.execute(
            f"DO $$ BEGIN CREATE ROLE {ANON}; EXCEPTION WHEN duplicate_object THEN END $$".encode()
        )
        connection.execute(grants.format(ANON).encode())

    found = await only(supabase.url, key)

    assert found.status is Verdict.ERROR
    assert "has no right to the table storyboard_jobs" in found.says
    assert "service_role" in found.mend


async def test_views_that_are_missing(supabase: Project) -> None:
    with psycopg.connect(supabase.database) as connection:
        connection.execute("DROP VIEW storyboard_job_stats")

    found = await only(supabase.url)

    assert found.status is Verdict.WARNING
    assert "storyboard_job_stats cannot be read" in found.says


@pytest.mark.parametrize(
    ("fault", "says", "mend"),
    [
        (SICK, "503", "dashboard"),
        (STRANGER, "does not accept", "service_role"),
        (HURRIED, "asks us to wait", "dashboard"),
        (LYING_PAGE, "could not be understood", "SUPABASE_URL"),
        (Cuts.BEFORE, "or reached", "paused"),
    ],
)
async def test_a_project_that_is_unwell(
    supabase: Project, *, fault: Fault, says: str, mend: str
) -> None:
    supabase.spell = fault

    found = await only(supabase.url)

    assert says in found.says
    assert mend in found.mend


async def test_a_project_that_hangs(supabase: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_diagnosis, "TIMEOUT_S", 0.2)
    supabase.spell = Hangs.BEFORE

    assert "took too long" in (await only(supabase.url)).says


async def test_addresses_that_lead_nowhere() -> None:
    found = await only("http://127.0.0.1:1")

    assert "could not be understood or reached" in found.says
    with pytest.raises(Misconfigured, match="SUPABASE_URL"):
        await only("supabase.co")
