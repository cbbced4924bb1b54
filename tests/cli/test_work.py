"""`storyloom jobs` about work of every kind, against a whole server."""

from collections.abc import Generator

import httpx2
import pytest

from tests.cli.conftest import Run, json_of
from tests.servers import running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server.url


def test_work_is_listed_stopped_explained_and_tried_again(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with httpx2.Client(base_url=url) as client:
        client.post("/v1/queues/storyboards/pause")
        order = {"file_name": "a.py", "file_content": "x = 1"}
        job_id = client.post("/storyboard/code", json=order).json()["job_id"]
    there = ("--server", url)

    assert f"{job_id}\tcanceled" in run("jobs", "cancel", job_id, *there).stdout
    assert "was cancelled" in run("jobs", "explain", job_id, *there).stdout
    child = json_of(run("jobs", "retry", job_id, "--json", *there))["id"]
    assert "is paused" in json_of(run("jobs", "explain", child, "--json", *there))["says"]
    assert child in run("jobs", "all", *there).stdout
    assert json_of(run("jobs", "all", "--json", *there))["data"][0]["parent_id"] == job_id
    monkeypatch.setenv("STORYLOOM_PORT", url.rpartition(":")[2])
    assert "canceled" in run("jobs", "cancel", child, "--json").stdout
    assert run("jobs", "explain", "nonsense", *there).exit_code == 4


def test_figures_are_shown_by_days(run: Run, url: str) -> None:
    org = ("--org", "figures", "--server", url)
    with httpx2.Client(base_url=url, headers={"X-Org-ID": "figures"}) as client:
        client.post("/v1/queues/storyboards/pause")
        order = {"file_name": "a.py", "file_content": "x = 1"}
        job_id = client.post("/storyboard/code", json=order).json()["job_id"]
        client.post(f"/v1/jobs/{job_id}/cancel").raise_for_status()

    people, programs = run("jobs", "figures", *org), run("jobs", "figures", "--json", *org)

    assert "Work of figures" in people.stdout
    told = json_of(programs)
    assert len(told["days"]) == 30
    assert sum(day["canceled"] for day in told["days"]) == 1
    (day,) = {day["day"] for day in told["days"] if day["canceled"]}
    assert day in people.stdout
    assert told["days"][-1]["day"] not in people.stdout


def test_organisations_are_shown_with_their_work(run: Run, url: str) -> None:
    with httpx2.Client(base_url=url) as client:
        client.post("/v1/queues/storyboards/pause")
        for org in ("organ-a", "organ-b"):
            order = {"file_name": "a.py", "file_content": "x = 1"}
            client.post("/storyboard/code", json=order, headers={"X-Org-ID": org})
    there = ("--server", url, "--cursor", "organ", "--limit", "1")

    people, programs = run("organizations", *there), run("organizations", "--json", *there)

    told = json_of(programs)
    assert [(one["org_id"], one["jobs"]) for one in told["data"]] == [("organ-a", 1)]
    assert "organ-a" in people.stdout
    assert "organ-b" not in people.stdout
    assert "--cursor organ-a" in people.stderr
