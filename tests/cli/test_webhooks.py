"""`webhooks`: kept in the database, and sent by the server beside it."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, get_args

import pytest

from storyloom.cli import app_webhooks
from storyloom.cli import webhooks as module
from storyloom.webhooks.schemas import DeliveryStatus
from tests.cli.conftest import Run, json_of
from tests.servers import running
from tests.webhooks.made import attempt, delivery
from tests.webhooks.receiver import Receiver, receiving

URL = "https://example.com/hooks"
NOBODY = "whk_" + "0" * 24


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


def added(run: Run, *more: str) -> dict[str, Any]:
    return json_of(run("webhooks", "add", URL, "--json", *more))


def test_the_secret_alone_goes_to_stdout(run: Run) -> None:
    made = run("webhooks", "add", URL, "--type", "job.failed")

    assert made.exit_code == 0
    assert made.stdout.startswith("whsec_")
    assert made.stdout.count("\n") == 1
    assert "signs job.failed for the webhook whk_" in made.stderr
    assert "the organisation 'default'." in made.stderr


def test_webhooks_are_listed_without_their_secrets(run: Run) -> None:
    made = added(run, "--description", "[b]ours[/b]", "--org", "acme")
    added(run)

    listed = json_of(run("webhooks", "list", "--org", "acme", "--json"))["data"]
    table = run("webhooks", "list", "--org", "acme").stdout

    assert listed == [{name: value for name, value in made.items() if name != "secret"}]
    assert made["id"] in table
    assert "[b]ours[/b]" in table
    assert "good" in table
    assert made["secret"] not in table


def test_they_are_disabled_enabled_and_removed(run: Run) -> None:
    name = added(run)["id"]

    assert run("webhooks", "disable", name).stdout == f"Disabled {name}\n"
    assert "disabled: asked" in run("webhooks", "list").stdout
    assert run("webhooks", "test", name).exit_code == 5
    assert json_of(run("webhooks", "enable", name, "--json"))["enabled"] is True
    assert run("webhooks", "remove", name).stdout == f"Removed {name}\n"
    assert json_of(run("webhooks", "list", "--json")) == {"data": []}
    assert json_of(run("webhooks", "remove", added(run)["id"], "--json"))["removed"] != []


def test_a_secret_is_exchanged(run: Run) -> None:
    made = added(run)

    new = run("webhooks", "rotate", made["id"])

    assert new.stdout.startswith("whsec_")
    assert new.stdout.strip() != made["secret"]


@pytest.mark.parametrize(
    "command", [("rotate",), ("enable",), ("disable",), ("remove",), ("test",), ("deliveries",)]
)
def test_what_is_not_there_is_told(run: Run, command: tuple[str, ...]) -> None:
    result = run("webhooks", *command, NOBODY)

    assert result.exit_code == 4
    assert result.stderr == f"storyloom: Webhook '{NOBODY}' not found\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("ftp://example.com",), "URL: String should match pattern"),
        (("http://user:word@example.com",), "URL: a name and a password do not belong"),
        ((URL, "--type", "job.exploded"), "--type: "),
        ((URL, "--description", "x" * 201), "--description: "),
        (("http://127.0.0.1:9",), "'127.0.0.1' is not public"),
    ],
)
def test_wrong_wishes_name_their_option(run: Run, options: tuple[str, ...], says: str) -> None:
    result = run("webhooks", "add", *options)

    assert result.exit_code == 2
    assert says in result.stderr


def test_without_a_server_a_trial_waits(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(module, "PAGE", 2)
    name = added(run)["id"]

    told = run("webhooks", "test", name, "--wait", "0.1")
    for _ in range(2):
        run("webhooks", "test", name, "--wait", "0")

    assert (told.exit_code, told.stdout) == (6, "")
    assert "is a server running" in told.stderr
    for limit in (1, 2, 3, 9):
        log = json_of(run("webhooks", "deliveries", name, "--json", "--limit", str(limit)))["data"]
        assert len(log) == min(limit, 3)
    assert json_of(run("webhooks", "deliveries", name, "--status", "failed", "--json")) == {
        "data": []
    }
    assert "webhook.test" in run("webhooks", "deliveries", name).stdout


@pytest.mark.timeout(120)
def test_a_server_sends_and_the_answer_is_shown(
    run: Run, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_WEBHOOK_ALLOW", "127.0.0.1")
    place = ("--data-dir", str(tmp_path / "served"))
    receiver.statuses["/ok"] = [500, 200]
    with running(tmp_path / "served", STORYLOOM_WEBHOOK_ALLOW="127.0.0.1"):
        made = json_of(run("webhooks", "add", receiver.url(), *place, "--json"))
        failed = json_of(run("webhooks", "test", made["id"], *place, "--json"))
        again = run("webhooks", "replay", made["id"], failed["id"], *place)

    assert failed["status"] == "failed"
    assert again.exit_code == 0
    assert again.stdout.startswith(f"{failed['id']}\tdelivered\t200 thanks")
    assert receiver.heard[1].verified(made["secret"])["type"] == "webhook.test"


def test_they_lie_in_a_shared_database_too(
    run: Run, postgres_up_to_date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_up_to_date)

    name = added(run)["id"]

    assert [one["id"] for one in json_of(run("webhooks", "list", "--json"))["data"]] == [name]


def test_answers_are_shown_in_a_line() -> None:
    assert module._answer(delivery()) == ""
    assert module._answer(delivery(attempts=(attempt(None, error="No answer"),))) == "No answer"
    assert module._answer(delivery(attempts=(attempt(None), attempt(answer="no")))) == (
        "500 no (12 ms)"
    )


def test_the_closed_set_of_the_option_is_that_of_the_schema() -> None:
    assert set(get_args(app_webhooks.DeliveryStatusName)) == set(DeliveryStatus)


def test_without_a_command_its_help_is_shown(run: Run) -> None:
    assert "storyloom webhooks add" in run("webhooks").stdout


def test_json_is_one_document(run: Run) -> None:
    assert json.loads(run("webhooks", "list", "--json").stdout) == {"data": []}
