"""`webhooks`: in the database, sent by the server beside it, and over HTTP."""

import json
from collections.abc import Generator
from typing import Any, get_args

import httpx2
import pytest

from storyloom.cli import app_webhooks
from storyloom.cli import webhooks as module
from storyloom.cli.options import JobsOptions
from storyloom.cli.server import Server
from storyloom.webhooks.schemas import DeliveryStatus
from tests.cli.conftest import Run, json_of
from tests.client.answering import URL as SERVER
from tests.client.answering import Answering, problem
from tests.servers import Running, running
from tests.webhooks.made import attempt, delivery
from tests.webhooks.receiver import Receiver, receiving

URL = "https://example.com/hooks"
NOBODY = "whk_" + "0" * 24
NOTHING = "dlv_" + "0" * 24


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    folder = tmp_path_factory.mktemp("served") / "data"
    with running(folder, STORYLOOM_WEBHOOK_ALLOW="127.0.0.1") as started:
        yield started


@pytest.fixture(params=["local", "remote"])
def where(request: pytest.FixtureRequest) -> list[str]:
    if request.param == "local":
        return []
    # An organisation of its own for each test: the server is shared.
    server: Running = request.getfixturevalue("server")
    return ["--server", server.url, "--org", request.node.name]


@pytest.fixture(params=["beside", "remote"])
def at(request: pytest.FixtureRequest, server: Running) -> list[str]:
    """A server that sends, or the database that it shares."""
    place = {
        "beside": ["--data-dir", str(server.data_dir)],
        "remote": ["--server", server.url],
    }
    return [*place[request.param], "--org", request.node.name]


def added(run: Run, *more: str) -> dict[str, Any]:
    return json_of(run("webhooks", "add", URL, "--json", *more))


def test_the_secret_alone_goes_to_stdout(run: Run, where: list[str]) -> None:
    made = run("webhooks", "add", URL, "--type", "job.failed", *where)

    assert made.exit_code == 0
    assert made.stdout.startswith("whsec_")
    assert made.stdout.count("\n") == 1
    assert "signs job.failed for the webhook whk_" in made.stderr
    assert f"the organisation '{where[-1] if where else 'default'}'." in made.stderr


def test_webhooks_are_listed_without_their_secrets(run: Run, where: list[str]) -> None:
    acme = (*where, "--org", "acme")
    made = added(run, "--description", "[b]ours[/b]", *acme)
    added(run, *where)

    listed = json_of(run("webhooks", "list", "--json", *acme))["data"]
    table = run("webhooks", "list", *acme).stdout

    assert listed == [{name: value for name, value in made.items() if name != "secret"}]
    assert made["id"] in table
    assert "[b]ours[/b]" in table
    assert "good" in table
    assert made["secret"] not in table


def test_they_are_disabled_enabled_and_removed(run: Run, where: list[str]) -> None:
    name, other = added(run, *where)["id"], added(run, *where)["id"]

    assert run("webhooks", "disable", name, *where).stdout == f"Disabled {name}\n"
    assert "disabled: asked" in run("webhooks", "list", *where).stdout
    refused = run("webhooks", "test", name, "--json", *where)
    assert (refused.exit_code, json_of(refused)["error"]["code"]) == (5, "webhook_disabled")
    assert json_of(run("webhooks", "enable", name, "--json", *where))["enabled"] is True
    assert run("webhooks", "remove", name, *where).stdout == f"Removed {name}\n"
    assert json_of(run("webhooks", "remove", other, "--json", *where)) == {"removed": [other]}
    assert json_of(run("webhooks", "list", "--json", *where)) == {"data": []}


def test_a_secret_is_exchanged(run: Run, where: list[str]) -> None:
    made = added(run, *where)

    new = run("webhooks", "rotate", made["id"], *where)

    assert new.stdout.startswith("whsec_")
    assert new.stdout.strip() != made["secret"]


@pytest.mark.parametrize(
    "command", [("rotate",), ("enable",), ("disable",), ("remove",), ("test",), ("deliveries",)]
)
def test_what_is_not_there_is_told(run: Run, where: list[str], command: tuple[str, ...]) -> None:
    result = run("webhooks", *command, NOBODY, "--json", *where)

    assert result.exit_code == 4
    assert result.stderr == f"storyloom: Webhook '{NOBODY}' not found\n"
    assert json_of(result)["error"]["code"] == "webhook_not_found"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("ftp://example.com",), "URL: String should match pattern"),
        (("http://user:word@example.com",), "URL: a name and a password do not belong"),
        ((URL, "--type", "job.exploded"), "--type: "),
        ((URL, "--description", "x" * 201), "--description: "),
        (("http://10.0.0.1:9",), "URL: '10.0.0.1' is not public"),
    ],
)
def test_wrong_wishes_name_their_option(
    run: Run, where: list[str], options: tuple[str, ...], says: str
) -> None:
    result = run("webhooks", "add", *options, *where)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"storyloom: {says}")


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


def test_from_its_making_to_its_end(
    run: Run, at: list[str], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_WEBHOOK_ALLOW", "127.0.0.1")
    monkeypatch.setattr(module, "PAGE", 1)
    receiver.statuses["/ok"] = [500, 200]

    made = json_of(run("webhooks", "add", receiver.url(), "--json", *at))
    name = made["id"]
    tried = run("webhooks", "test", name, "--json", *at)
    sent = json_of(tried)["id"]
    again = run("webhooks", "replay", name, sent, *at)
    waiting = run("webhooks", "test", name, "--wait", "0", *at)
    log = json_of(run("webhooks", "deliveries", name, "--json", *at))["data"]
    table = run("webhooks", "deliveries", name, *at).stdout
    failed = run("webhooks", "deliveries", name, "--status", "failed", "--json", *at)
    unknown = run("webhooks", "replay", name, NOTHING, *at)
    removed = run("webhooks", "remove", name, *at)

    assert (tried.exit_code, json_of(tried)["status"]) == (6, "failed")
    assert again.exit_code == 0
    assert again.stdout.startswith(f"{sent}\tdelivered\t200 thanks")
    assert (waiting.exit_code, waiting.stdout) == (6, "")
    assert [one["id"] for one in log] == [waiting.stderr.split()[0], sent]
    assert [one["status_code"] for one in log[1]["attempts"]] == [500, 200]
    assert sent in table
    assert json_of(failed) == {"data": []}
    assert (unknown.exit_code, f"Delivery '{NOTHING}' not found" in unknown.stderr) == (4, True)
    assert removed.stdout == f"Removed {name}\n"
    assert receiver.heard[1].verified(made["secret"])["type"] == "webhook.test"


def test_a_server_that_is_not_there_is_told_so(run: Run) -> None:
    result = run("webhooks", "list", "--server", "http://127.0.0.1:1")

    assert result.exit_code == 6
    assert "There is no server at http://127.0.0.1:1" in result.stderr


async def test_a_delivery_is_waited_for_while_the_server_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(module.anyio, "sleep", pause)
    sent, done = delivery(), delivery(attempts=(attempt(200),), status=DeliveryStatus.DELIVERED)
    busy = problem(503, "unavailable")
    busy.headers["Retry-After"] = "7"
    answers = [
        httpx2.ConnectError("refused"),
        busy,
        *(httpx2.Response(200, json=one.model_dump(mode="json")) for one in (sent, done)),
    ]
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(Answering(answers)), base_url=SERVER)

    ended = await module._ended(Server(http, SERVER).api.webhooks, sent.brief, 30)

    assert ended == done.brief
    assert pauses == [module.LOOK_EVERY_S, module.LOOK_AGAIN_S, 7, module.LOOK_EVERY_S]


def test_they_lie_in_a_shared_database_too(
    run: Run, postgres_up_to_date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_up_to_date)

    name = added(run)["id"]

    assert [one["id"] for one in json_of(run("webhooks", "list", "--json"))["data"]] == [name]


def test_an_answer_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    answered = delivery(attempts=(attempt(answer="\x1b[31mno\nnews"),))

    assert module._show_end(answered, JobsOptions()) == 6
    assert capsys.readouterr().out == f"{answered.id}\tpending\t500 \ufffd[31mno news (12 ms)\n"


def test_the_closed_set_of_the_option_is_that_of_the_schema() -> None:
    assert set(get_args(app_webhooks.DeliveryStatusName)) == set(DeliveryStatus)


def test_without_a_command_its_help_is_shown(run: Run) -> None:
    assert "storyloom webhooks add" in run("webhooks").stdout


def test_json_is_one_document(run: Run) -> None:
    assert json.loads(run("webhooks", "list", "--json").stdout) == {"data": []}
