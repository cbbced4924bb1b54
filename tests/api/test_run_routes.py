"""The routes of runs, from a session to its pictures, on a whole server without anything configured."""

from collections.abc import Callable, Generator
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.story.screenplays import screenplay

RUNS = "/api/v1/automation/runs"
Json = dict[str, Any]


def session(client: httpx2.Client, *prompts: str | None, mode: str = "storyart") -> int:
    beats = [
        {"beatId": f"b{place}", "action": "A ship sails"} | ({"prompts": text} if text else {})
        for place, text in enumerate(prompts, 1)
    ]
    body = {"promptMode": mode, "storyUuid": "59f6", "analyzedEpisode": {"beats": beats}}
    return client.post("/api/v1/session/save", json=body).json()["sessionTimestamp"]


def ended(client: httpx2.Client, run_id: str) -> Json:
    return until(client, run_id, lambda run: run["status"] in {"completed", "failed", "cancelled"})


def until(client: httpx2.Client, run_id: str, condition: Callable[[Json], Any]) -> Json:
    end = monotonic() + 50
    while not condition(run := client.get(f"{RUNS}/{run_id}").json()):
        assert monotonic() < end, run
        sleep(0.05)
    return run


def start(client: httpx2.Client, **body: Any) -> Json:
    answer = client.post(RUNS, json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


@pytest.fixture
def alone(server: str) -> Generator[httpx2.Client]:
    """Of an organisation of its own: others have runs on the same server, and acknowledge nothing."""
    organisation = {"X-Org-ID": f"org-{uuid4()}"}
    with httpx2.Client(base_url=server, timeout=30, headers=organisation) as client:
        yield client


def test_a_session_becomes_pictures(alone: httpx2.Client) -> None:
    timestamp = session(alone, "A ship at sea", "A storm")

    answer = alone.post(RUNS, json={"sessionTimestamp": timestamp})
    accepted = answer.json()
    run = ended(alone, accepted["runId"])

    assert answer.headers["Location"] == accepted["pollUrl"] == f"{RUNS}/{accepted['runId']}"
    assert (run["status"], run["stage"], run["backend"]) == ("completed", "complete", "frames")
    assert run["counts"] | {"total": 2, "done": 2} == run["counts"]
    assert [beat["decision"] for beat in run["beats"]] == ["NEW_IMAGE"] * 2
    assert run["waitingOn"] == []
    assert run["eta"] is None
    report = alone.get(f"{RUNS}/{accepted['runId']}/report").json()
    assert report["headline"] == "2 of 2 pictures are made."
    assert report["spent"]["calls"] == 0

    image = alone.get(run["beats"][0]["imageUrl"])
    assert image.headers["content-type"] == "image/png"
    assert b"A ship at sea" in image.content
    known = {"If-None-Match": image.headers["etag"]}
    assert alone.get(run["beats"][0]["imageUrl"], headers=known).status_code == 304
    counts = alone.get(run["beats"][0]["imageUrl"].partition("?")[0])
    assert counts.content == image.content
    # A version stays what it is; which one counts may change.
    kept = [answer.headers["Cache-Control"] for answer in (image, counts)]
    assert kept == ["private, max-age=31536000, immutable", "private, no-cache"]
    small = alone.get(run["beats"][0]["imageUrl"] + "&size=small", headers=known)
    assert small.status_code == 200
    assert small.headers["etag"] != image.headers["etag"]
    told = alone.get("/api/v1/notifications/check", params={"type": "images_ready"}).json()
    assert [one["sessionTimestamp"] for one in told["notifications"]] == [timestamp]
    assert told["notifications"][0]["totalPrompts"] == 2
    plain = alone.get("/api/v1/notifications/check").json()["notifications"]
    assert {one["type"] for one in plain} <= {"prompts_ready"}


def test_a_long_screenplay_is_taken(client: httpx2.Client) -> None:
    script = screenplay(pages=90)

    looked = client.post(f"{RUNS}/preflight", json={"script": script})
    accepted = client.post(RUNS, json={"script": script})

    assert looked.status_code == 200
    assert accepted.status_code == 202
    assert client.post(f"{accepted.json()['pollUrl']}/cancel").status_code == 200


def test_a_double_click_starts_one_run(client: httpx2.Client) -> None:
    timestamp = session(client, None, mode="storyswarm")

    first, second = (start(client, sessionTimestamp=timestamp) for _ in range(2))
    scripts = [start(client, script="FADE IN.", config={"stopAfter": "beats"}) for _ in range(2)]

    assert first["runId"] == second["runId"]
    assert scripts[0]["success"] is True
    waiting = until(client, first["runId"], lambda run: run["waitingOn"])
    assert waiting["waitingOn"][0]["code"] in {"queued", "prompts_missing", "writing_prompts"}
    listed = client.get(RUNS).json()["runs"]
    assert first["runId"] in {run["runId"] for run in listed}
    client.post(f"/api/v1/session/{timestamp}/prompts", json={"prompts": {"b1": "A ship"}})
    assert ended(client, first["runId"])["status"] == "completed"
    again = start(client, sessionTimestamp=timestamp)
    assert again["runId"] != first["runId"]
    ended(client, again["runId"])


def test_a_run_has_the_defaults_of_its_organisation(client: httpx2.Client) -> None:
    ours = {"X-Org-ID": "with-defaults"}
    usual = {"style": "ink", "aspects": ["vertical"], "stopAfter": "beats"}
    client.put("/api/v1/automation/config", json=usual, headers=ours)

    run_id = client.post(RUNS, json={"script": "A ship sails."}, headers=ours).json()["runId"]

    config = client.get(f"{RUNS}/{run_id}", headers=ours).json()["config"]
    assert config == client.get("/api/v1/automation/config", headers=ours).json()
    assert config | usual == config


@pytest.mark.parametrize("before", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_outside_the_calendar_is_refused(client: httpx2.Client, before: str) -> None:
    assert client.get(RUNS, params={"before": before}).status_code == 422
    assert client.get(RUNS, params={"before": before[:19]}).status_code == 200


def test_a_run_is_looked_at_before(client: httpx2.Client) -> None:
    def looked(**body: Any) -> Json:
        answer = client.post(f"{RUNS}/preflight", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def said(report: Json, check: str) -> str:
        return next((one["says"] for one in report["findings"] if one["check"] == check), "")

    plain = looked()
    script = looked(script="A ship sails.", config={"aspects": ["cinematic", "vertical"]})
    prompted = looked(sessionTimestamp=session(client, "A ship", "A storm"))
    bare = looked(sessionTimestamp=session(client, "A ship", None))
    elsewhere = looked(sessionTimestamp=session(client, None, mode="storyswarm"))

    assert (plain["ready"], plain["backend"]) == (True, "frames")
    assert (plain["estimate"]["pictures"], plain["estimate"]["costUsd"]) == (None, None)
    assert [one["check"] for one in script["findings"]] == [
        *("story", "engine", "disk", "language", "keys", "budget"),
    ]
    assert script["estimate"]["pictures"] == 2
    assert script["estimate"]["costUsd"] == "0"
    assert "rules" in said(script, "language")
    assert "Nothing is left" in said(prompted, "language")
    assert (prompted["estimate"]["pictures"], bare["estimate"]["pictures"]) == (2, 2)
    assert "rules" in said(bare, "language")
    assert "Nothing is left" in said(elsewhere, "language")
    assert client.get(f"{RUNS}/preflight").headers["Allow"] == "POST"


def test_people_steer_a_run(client: httpx2.Client) -> None:
    timestamp = session(client, "A ship", None, mode="storyswarm")
    at = f"{RUNS}/{start(client, sessionTimestamp=timestamp)['runId']}"
    name = at.rpartition("/")[2]
    until(client, name, lambda run: run["counts"]["done"] == 1)

    assert client.post(f"{at}/pause").json()["wanted"] == "pause"
    paused = until(client, name, lambda run: run["waitingOn"])
    assert paused["waitingOn"][0]["detail"]
    assert client.post(f"{at}/resume").json()["wanted"] == "run"
    assert client.post(f"{at}/shots/0002-cinematic-1/cancel").json()["status"] == "cancelled"
    client.post(f"{at}/cancel")
    assert ended(client, name)["status"] == "cancelled"
    assert client.post(f"{at}/cancel").status_code == 200
    assert client.post(f"{at}/pause").json()["code"] == "run_ended"
    assert client.post(f"{at}/retry").json()["code"] == "nothing_to_do"

    wish = {"prompt": "A storm", "seed": 7}
    wished = client.post(f"{at}/shots/0001-cinematic-1/regenerate", json=wish)
    assert wished.status_code == 202
    run = ended(client, name)
    [shot, _] = run["shots"]
    assert [version["prompt"] for version in shot["versions"]] == ["A ship", "A storm"]
    restored = client.post(f"{at}/shots/0001-cinematic-1/restore", json={"version": 1}).json()
    assert restored["chosen"] == 1
    assert restored["imageUrl"].endswith("version=1")
    client.post(f"{at}/shots/0001-cinematic-1/regenerate", json={})
    ended(client, name)


def test_a_picture_is_outdated_by_its_beat_and_made_again_of_it(client: httpx2.Client) -> None:
    name = start(client, script="A ship sails.")["runId"]
    run = ended(client, name)
    assert [shot["outdated"] for shot in run["shots"]] == [None]
    at = f"/api/v1/session/{run['sessionTimestamp']}"
    told = client.get(at).json()["data"]
    told["analyzedEpisode"]["scenes"][0]["beats"][0]["action"] = "A boat sails."

    client.post("/api/v1/session/save", json=told)

    says = "The beat has changed since these words were written."
    run = client.get(f"{RUNS}/{name}").json()
    assert [shot["outdated"] for shot in run["shots"]] == [{"says": says, "renews": True}]
    assert run["beats"][0]["outdated"] == {"says": says, "renews": True}
    looked = {"sessionTimestamp": run["sessionTimestamp"]}
    findings = client.post(f"{RUNS}/preflight", json=looked).json()["findings"]
    assert "rules" in next(one["says"] for one in findings if one["check"] == "language")
    client.post(f"{RUNS}/{name}/shots/0001-cinematic-1/regenerate", json={"seed": 7})
    [first] = ended(client, name)["shots"]
    assert "A boat sails" in first["prompt"]["prompt"]
    assert (first["chosen"], first["versions"][1]["seed"]) == (2, 7)
    assert first["outdated"] is None
    first = client.post(f"{RUNS}/{name}/shots/0001-cinematic-1/restore", json={"version": 1}).json()
    assert first["chosen"] == 1
    assert client.get(f"{RUNS}/{name}").json()["shots"][0]["outdated"]["says"] == says


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", {}, 422),
        ("POST", "", {"script": "x", "sessionTimestamp": 1}, 422),
        ("POST", "", {"sessionTimestamp": 1}, 404),
        ("POST", "", {"sessionTimestamp": 1, "config": {"imagesPerPrompt": 99}}, 422),
        ("POST", "", {"sessionTimestamp": 1, "config": {"gpu": {"maxTemperature": 20}}}, 422),
        ("POST", "/preflight", {"script": "x", "sessionTimestamp": 1}, 422),
        ("POST", "/preflight", {"sessionTimestamp": 1}, 404),
        ("POST", "/preflight", {"config": {"imagesPerPrompt": 99}}, 422),
        ("GET", "/nothing", None, 404),
        ("GET", "/00000000-0000-4000-8000-000000000000/report", None, 404),
        ("GET", "/00000000-0000-4000-8000-000000000000/shots/x/image", None, 404),
    ],
)
def test_what_cannot_be_is_said(  # noqa: PLR0917 - a row of a table
    client: httpx2.Client, method: str, path: str, body: Json | None, status: int
) -> None:
    answer = client.request(method, RUNS + path, json=body)

    assert answer.status_code == status, answer.text
    assert "detail" in answer.json()


def test_limits_that_do_not_fit_are_refused_in_our_words_at_their_field(
    client: httpx2.Client,
) -> None:
    gpu = {"maxUtilization": 50, "resumeUtilization": 60}

    refused = client.put("/api/v1/automation/config", json={"gpu": gpu})
    of_a_run = client.post(RUNS, json={"script": "x", "config": {"gpu": gpu}})

    (fault,) = refused.json()["detail"]
    assert fault["loc"] == ["body", "gpu", "resumeUtilization"]
    assert fault["msg"] == "resumeUtilization must not be higher than maxUtilization"
    assert of_a_run.json()["detail"][0]["msg"] == fault["msg"]


def test_a_foreign_run_is_not_found(client: httpx2.Client) -> None:
    timestamp = session(client, "A ship")
    run_id = start(client, sessionTimestamp=timestamp)["runId"]
    ended(client, run_id)

    other = {"X-Org-ID": "rival"}

    for path in ("", "/report", "/shots/0001-cinematic-1/image"):
        assert client.get(f"{RUNS}/{run_id}{path}", headers=other).status_code == 404
    for path in ("/pause", "/cancel", "/retry", "/shots/0001-cinematic-1/cancel"):
        assert client.post(f"{RUNS}/{run_id}{path}", headers=other).status_code == 404
    assert client.get(RUNS, headers=other).json() == {"runs": []}
    missing = f"{RUNS}/{run_id}/shots/0001-cinematic-1/image?version=9"
    assert client.get(missing).json()["detail"] == "There is no such version of this picture."
