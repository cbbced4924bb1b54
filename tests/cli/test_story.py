"""`sessions` and `notifications`, in the stores and over HTTP."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, json_of
from tests.servers import running

SESSION = {
    "timestamp": 1738195200000,
    "storyUuid": "59f64b1e",
    "scriptText": "[dim] The lighthouse\ngoes dark.",
    "analyzedEpisode": {"title": "Two", "beats": [{"beatId": "b1"}, {"beatId": "b2"}]},
}
TIMESTAMP = str(SESSION["timestamp"])


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server.url


@pytest.fixture(params=["local", "remote"])
def where(request: pytest.FixtureRequest) -> list[str]:
    if request.param == "local":
        return []
    # An organisation of its own for each test: the server is shared.
    url = request.getfixturevalue("server_url")
    return ["--server", url, "--org", request.node.name]


def saved(run: Run, place: Path, where: list[str]) -> None:
    (place / "session.json").write_text(json.dumps(SESSION), "utf-8")
    done = run("sessions", "save", "session.json", *where)
    assert (done.exit_code, done.stdout) == (0, f"Saved as {TIMESTAMP}, in sqlite.\n")


def test_a_session_from_its_saving_to_its_end(run: Run, place: Path, where: list[str]) -> None:
    saved(run, place, where)
    some, rest = b'{"prompts": {"b1": "dark"}}', b'{"prompts": [{"beatId": "b2", "vertical": "x"}]}'

    listed = run("sessions", "list", *where).stdout
    shown = run("sessions", "show", TIMESTAMP, *where).stdout
    first = run("sessions", "prompts", TIMESTAMP, "-", *where, stdin=some).stdout
    then = json_of(run("sessions", "prompts", TIMESTAMP, "-", "--json", *where, stdin=rest))
    whole = json_of(run("sessions", "show", TIMESTAMP, "--json", *where))["data"]
    deleted = run("sessions", "delete", TIMESTAMP, *where)
    gone = run("sessions", "show", TIMESTAMP, *where)

    assert [w for w in (TIMESTAMP, "59f64b1e", "Two", "[dim] The light") if w not in listed] == []
    assert "Prompts ready" in shown
    assert " no" in shown
    assert first == "1 of 2 beats have prompts; the session is not ready yet.\n"
    assert then["promptsReady"] is True
    assert whole["analyzedEpisode"]["beats"][0]["prompts"] == {"cinematic": "dark"}
    assert deleted.stdout == f"Session {TIMESTAMP} is deleted.\n"
    assert (gone.exit_code, "Session not found" in gone.stderr) == (4, True)


def test_a_session_that_has_changed_is_not_written_over(
    run: Run, place: Path, where: list[str]
) -> None:
    saved(run, place, where)
    shown = run("sessions", "show", TIMESTAMP, *where).stdout.split()
    etag = shown[shown.index("ETag") + 1]
    told = json_of(run("sessions", "show", TIMESTAMP, "--json", *where))["etag"]
    mine = json.dumps(SESSION | {"note": "mine"}).encode()
    words = b'{"prompts": {"b1": "dark"}}'

    add = ("sessions", "prompts", TIMESTAMP, "-", "--json")
    done = json_of(run(*add, "--if-match", etag, *where, stdin=words))
    refused = run("sessions", "save", "-", "--if-match", f'"{etag}"', *where, stdin=mine)
    unread = run("sessions", "save", "-", "--if-match", "a b", *where, stdin=mine)
    anyhow = run("sessions", "save", "-", "--if-match", "*", "--json", *where, stdin=mine)
    newest = json_of(run("sessions", "show", TIMESTAMP, "--json", *where))["etag"]

    assert told == f'"{etag}"'
    assert len({told, done["etag"], newest}) == 3
    assert json_of(anyhow)["etag"] == newest
    assert (refused.exit_code, "Somebody has changed" in refused.stderr) == (5, True)
    assert (unread.exit_code, "If-Match" in unread.stderr) == (2, True)


def test_pages_of_sessions(run: Run, place: Path, where: list[str]) -> None:
    for timestamp in (1, 2, 3):
        session = json.dumps({"timestamp": timestamp}).encode()
        run("sessions", "save", "-", *where, stdin=session)

    found = json_of(run("sessions", "list", "--limit", "1", "--before", "3", "--json", *where))
    told = run("sessions", "list", *where).stdout

    assert ([one["timestamp"] for one in found["sessions"]], found["next"]) == ([2], 2)
    assert told.split()[-3:] == ["3", "2", "1"]


def test_notifications_are_checked_and_acknowledged(
    run: Run, place: Path, where: list[str]
) -> None:
    saved(run, place, where)
    ready = b'{"prompts": {"b1": "dark", "b2": "light"}}'
    run("sessions", "prompts", TIMESTAMP, "-", *where, stdin=ready)

    told = run("notifications", "check", *where).stdout
    found = json_of(run("notifications", "check", "--type", "all", "--wait", "5", "--json", *where))
    name = found["notifications"][0]["id"]
    done = run("notifications", "ack", name, *where)
    left = json_of(run("notifications", "check", "--json", *where))
    unknown = run("notifications", "ack", "notif_none", *where)

    assert [w for w in (name, "prompts_ready", TIMESTAMP, "59f64b1e") if w not in told] == []
    assert len(found["notifications"]) == 1
    assert done.stdout == f"{name} is acknowledged.\n"
    assert left == {"notifications": []}
    assert (unknown.exit_code, "Notification not found" in unknown.stderr) == (4, True)


def test_a_file_that_is_no_session_is_refused(run: Run, place: Path, where: list[str]) -> None:
    (place / "a.json").write_text("[1]", "utf-8")

    refused = run("sessions", "save", "a.json", *where)
    missing = run("sessions", "save", "b.json", *where)
    folder = run("sessions", "save", ".", *where)

    assert (refused.exit_code, "has to be an object" in refused.stderr) == (2, True)
    assert (missing.exit_code, "There is no file b.json" in missing.stderr) == (4, True)
    assert folder.exit_code == 2


def test_a_file_that_is_too_large_is_refused(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyloom.cli.story._MOST_BYTES", 10)
    (place / "a.json").write_text(json.dumps(SESSION), "utf-8")

    refused = run("sessions", "save", "a.json")

    assert (refused.exit_code, "larger than 10 bytes" in refused.stderr) == (2, True)


@pytest.mark.parametrize("group", ["sessions", "notifications"])
def test_a_group_alone_shows_its_help(group: str, run: Run) -> None:
    assert f"Usage: storyloom {group}" in run(group).stdout


def test_an_unknown_type_is_refused(run: Run, where: list[str]) -> None:
    assert run("notifications", "check", "--type", "prompts", *where).exit_code == 2
