"""`revise`, at a server."""

import json
from collections.abc import Callable, Generator
from pathlib import Path

import httpx2
import pytest

from storyloom.cli.remote import ServerMaker
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import BoardFile
from tests.cli.conftest import Run, json_of
from tests.cli.test_remote import ACCEPTED, COMPLETED
from tests.cli.test_server import JOB, answering
from tests.servers import Running, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    with running(tmp_path_factory.mktemp("served") / "data") as started:
        yield started


@pytest.fixture
def drawn(run: Run, source: Path, server: Running) -> str:
    (board,) = json_of(run("code", "roi.py", "--server", server.url, "--json"))["storyboards"]
    job_id: str = board["job_id"]
    return job_id


def test_a_storyboard_is_revised_at_its_server(
    run: Run, drawn: str, place: Path, server: Running
) -> None:
    result = run("revise", drawn, "--headline", "Know it first", "--server", server.url)

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{drawn[:8]}.storyboard.png\tKnow it first\n"
    assert (place / f"{drawn[:8]}.storyboard.png").read_bytes().startswith(b"\x89PNG")


def test_every_wish_is_heard(run: Run, drawn: str, place: Path, server: Running) -> None:
    asked = [
        *("--audience", "btl_champion", "--stage", "demo", "--icp", "software_team"),
        *("--wording", "business_value=Saves a day = a week.", "--format", "square"),
        *("--render", "vector", "--new-art", "-o", "out/anew.svg", "--json"),
    ]

    (board,) = json_of(run("revise", drawn, *asked, "--server", server.url))["storyboards"]

    assert board["path"] == "out/anew.svg"
    assert board["job_id"] != drawn
    assert board["understanding"]["business_value"] == "Saves a day = a week."
    assert b'viewBox="0 0 1200 1200"' in (place / "out" / "anew.svg").read_bytes()
    shown = json_of(run("jobs", "show", board["job_id"], "--server", server.url, "--json"))
    assert shown["revised_from"] == drawn
    assert drawn in run("jobs", "show", board["job_id"], "--server", server.url).stdout


def test_the_headline_that_was_found_is_taken_again(run: Run, drawn: str, server: Running) -> None:
    first = json_of(run("jobs", "show", drawn, "--server", server.url, "--json"))
    told = ("--server", server.url, "--json")
    (own,) = json_of(run("revise", drawn, "--headline", "Mine", *told))["storyboards"]

    (board,) = json_of(run("revise", own["job_id"], "--found-headline", *told))["storyboards"]

    assert own["understanding"]["headline"] == "Mine"
    assert board["understanding"]["headline"] == first["understanding"]["headline"]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        (["abc", "--stage", "demo"], 4, "Job 'abc' not found"),
        ([JOB], 2, "Name at least one thing to be different"),
        ([JOB, "--headline", "A", "--found-headline"], 2, "either --headline or --found-headline"),
        ([JOB, "--wording", "Saves a day."], 2, "--wording: Saves a day.: write the field"),
        ([JOB, "--wording", "source=model"], 2, "--source: Extra inputs are not permitted"),
        ([JOB, "--stage", "demo", "--server", "nowhere"], 2, "write an address such as"),
    ],
)
def test_what_cannot_be_asked_is_told(run: Run, asked: list[str], status: int, told: str) -> None:
    result = run("revise", *asked)

    assert result.exit_code == status
    assert told in result.stderr


def test_a_job_that_the_server_does_not_know_is_told(run: Run, server: Running) -> None:
    result = run("revise", JOB, "--stage", "demo", "--server", server.url)

    assert result.exit_code == 4
    assert result.stderr == f"storyloom: Job '{JOB}' not found\n"


async def test_only_what_was_asked_for_is_sent_and_the_cost_is_read() -> None:
    sent: list[object] = []
    cost = {
        "usd": "0.0674",
        "known_usd": "0.0674",
        "calls": 1,
        "unknown_calls": 0,
        "input_tokens": 3,
        "output_tokens": 4,
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            sent.append((request.url.path, json.loads(request.content)))
            return ACCEPTED
        return httpx2.Response(200, json=COMPLETED | {"cost": cost})

    phases: list[str] = []
    tell: Callable[[str], None] = phases.append
    request = RevisionRequest(new_art=True)
    made = await ServerMaker(answering(answer)).revision(JOB, request, BoardFile.PNG, tell)

    assert sent == [(f"/storyboard/jobs/{JOB}/revise", {"new_art": True})]
    assert made.cost is not None
    assert made.cost.model_dump(mode="json") == cost
    assert phases == ["sending", "fetching"]
