"""The server over a Supabase project that goes away while jobs run, and comes back."""

import time
from collections.abc import Callable, Generator
from typing import Any

import httpx2
import psycopg
import pytest

from storyloom.adapters.sql._migrations import upgrade
from tests.databases import PostgresServer
from tests.postgrest.faults import SICK, STRANGER, Cuts, Fault
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import Project, Seen, supabase_running
from tests.servers import Running, running

CODE = {
    "file_content": "def pay(invoice):\n    '''Pay an invoice.'''\n    return invoice.total\n",
    "file_name": "billing.py",
}
LONG_S = 60


pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def supabase(postgres_server: PostgresServer) -> Generator[Project]:
    database = postgres_server.new_database()
    upgrade(database)
    with supabase_running(database) as project:
        yield project


@pytest.fixture(scope="module")
def server(supabase: Project, tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """One for all tests here: each leaves it as it found it."""
    keys = {"SUPABASE_URL": supabase.url, "SUPABASE_SERVICE_KEY": SERVICE_KEY}
    folder = tmp_path_factory.mktemp("supabase") / "data"
    with running(folder, STORYLOOM_RECONCILE_EVERY_S="0.2", **keys) as started:
        yield started


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def submit(server: Running) -> httpx2.Response:
    return httpx2.post(f"{server.url}/storyboard/code", json=CODE, timeout=LONG_S)


def poll(server: Running, job_id: str) -> dict[str, Any]:
    answer = httpx2.get(f"{server.url}/storyboard/jobs/{job_id}", timeout=LONG_S)
    return answer.json() if answer.status_code == 200 else {}


def ended(server: Running, job_id: str) -> dict[str, Any]:
    until(lambda: poll(server, job_id).get("completed_at"))
    return poll(server, job_id)


def test_a_job_ends_in_the_projects_table(server: Running, supabase: Project) -> None:
    accepted = submit(server)
    job_id = accepted.json()["job_id"]

    view = ended(server, job_id)

    with psycopg.connect(supabase.database) as connection:
        row = connection.execute(
            "SELECT status, result_image, understanding->>'headline' FROM storyboard_jobs "
            "WHERE id = %s",
            [job_id],
        ).fetchone()
    assert accepted.status_code == 202
    assert row == ("completed", view["result_image"], view["understanding"]["headline"])
    assert SERVICE_KEY not in server.said


@pytest.mark.parametrize(
    ("moment", "fault"),
    [("processing", SICK), ("completed", STRANGER), ("completed", Cuts.AFTER)],
    ids=["503 at the start", "401 at the end", "answers lost at the end"],
)
def test_a_job_that_runs_while_the_project_is_away_completes_when_it_is_back(
    server: Running, supabase: Project, moment: str, fault: Fault
) -> None:
    def reaches(seen: Seen) -> bool:
        return f'"status":"{moment}"'.encode() in seen.body

    supabase.seen.clear()
    supabase.spell = lambda seen: fault if reaches(seen) else None
    job_id = submit(server).json()["job_id"]
    until(lambda: any(map(reaches, supabase.seen)))
    supabase.spell = fault
    refused = submit(server)
    # More than the one retry that a step's own faults have.
    until(lambda: len([seen for seen in supabase.seen if reaches(seen)]) >= 5)
    supabase.spell = None

    view = ended(server, job_id)
    assert (view["status"], view["error_message"]) == ("completed", None)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["code"] == "unavailable"
    assert submit(server).status_code == 202
    assert SERVICE_KEY not in server.said
