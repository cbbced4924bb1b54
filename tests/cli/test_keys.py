"""`keys`: made, listed and revoked in the database."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from storyloom.access.schemas import ApiKey, Scope
from storyloom.cli.keys import _listed
from storyloom.kit.clock import ManualClock
from tests.cli.conftest import Run, json_of
from tests.servers import environment, running

KEY = re.compile(r"sl_[0-9a-f]{12}_[0-9a-f]{64}\n")


def test_the_key_alone_goes_to_stdout(run: Run) -> None:
    made = run("keys", "create", "laptop")

    assert made.exit_code == 0
    assert KEY.fullmatch(made.stdout)
    assert "only time it is shown" in made.stderr
    assert "good for admin in the organisation 'default'." in made.stderr


def test_keys_are_listed_without_their_secrets(run: Run) -> None:
    made = json_of(
        run(
            *("keys", "create", "[b]ci[/b]", "--org", "acme", "--days", "2", "--json"),
            *("--scope", "gpu", "--scope", "stories"),
        )
    )
    run("keys", "create", "laptop")

    listed = json_of(run("keys", "list", "--json", "--org", "acme"))["keys"]
    table = run("keys", "list").stdout

    assert [one["scopes"] for one in listed] == [["gpu", "stories"]]
    assert listed == [{k: v for k, v in made.items() if k != "key"}]
    assert made["key"].rpartition("_")[2] not in table
    assert "[b]ci[/b]" in table
    assert "until 20" in table
    assert "good" in table
    assert "never" in table


def test_a_revoked_key_stays_in_the_list(run: Run) -> None:
    ids = [json_of(run("keys", "create", "x", "--json"))["prefix"] for _ in range(2)]

    revoked = run("keys", "revoke", ids[0], ids[1].removeprefix("sl_"))
    again = run("keys", "revoke", ids[0], "--json")

    assert revoked.stdout.count("Revoked ") == 2
    assert json_of(again) == {"revoked": [ids[0].removeprefix("sl_")]}
    assert run("keys", "list").stdout.count("revoked") == 2


def test_a_key_that_has_ended_says_so(clock: ManualClock) -> None:
    key = ApiKey(
        id="one",
        name="x",
        org_id="acme",
        scopes=(Scope.GPU,),
        created_at=clock.now(),
        expires_at=clock.now(),
        last_used_at=clock.now(),
    )

    cells = [next(iter(column.cells)) for column in _listed([key]).columns]

    assert cells[-1] == "[yellow]ended[/]"
    assert str(cells[-2]).endswith(" ago")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_first_key_is_made_once(run: Run, *, as_json: bool) -> None:
    more = ("--json",) if as_json else ()
    first = run("keys", "create", "first", "--if-none", *more)
    second = run("keys", "create", "first", "--if-none", *more)

    assert "sl_" in first.stdout
    assert "sl_" not in second.output
    assert second.exit_code == 0
    assert len(json_of(run("keys", "list", "--json"))["keys"]) == 1


def test_a_key_of_the_settings_is_a_first_one_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_ADMIN_KEY", "k" * 32)

    assert "There is a key already" in run("keys", "create", "first", "--if-none").stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("",), "NAME: "),
        (("x", "--org", ""), "--org: "),
        (("x", "--scope", "everything"), "--scope: Input should be 'storyboards'"),
        (("x", "--days", "0"), "--days"),
    ],
)
def test_wrong_wishes_name_their_option(run: Run, options: tuple[str, ...], says: str) -> None:
    result = run("keys", "create", *options)

    assert result.exit_code == 2
    assert says in result.stderr


def test_what_is_not_there_cannot_be_revoked(run: Run) -> None:
    result = run("keys", "revoke", "nobody")

    assert (result.exit_code, result.stderr) == (4, "storyloom: Key 'nobody' not found\n")


def test_without_a_command_its_help_is_shown(run: Run) -> None:
    assert "storyloom keys create laptop" in run("keys").stdout


def test_a_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = run("keys", "create", "x", "--data-dir", str(tmp_path / "file" / "data"))

    assert result.exit_code == 8
    assert "cannot be used" in result.stderr


def _storyloom(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "storyloom", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.timeout(300)
def test_keys_are_made_beside_a_running_server(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ("--data-dir", str(tmp_path / "served"))
    key = run("keys", "create", "first", *place).stdout.strip()
    with running(tmp_path / "served") as server:
        other = json_of(run("keys", "create", "second", "--json", *place))
        told = _storyloom("jobs", "list", "--json", "--server", server.url, STORYLOOM_KEY=key)
        refused = _storyloom("jobs", "list", "--server", server.url)
        wrong = _storyloom("jobs", "list", "--server", server.url, STORYLOOM_KEY="no such key")
        answer = httpx2.get(
            f"{server.url}/storyboard/jobs", headers={"Authorization": f"Bearer {other['key']}"}
        )
        monkeypatch.setenv("STORYLOOM_KEY", key)
        there = ("--server", server.url)
        late = run("keys", "create", "third", "--if-none", *there)
        third = run("keys", "create", "third", "--scope", "gpu", "--days", "2", *there)
        third_id = third.stdout[3:15]
        revoked = run("keys", "revoke", f"sl_{third_id}", *there)
        gone = run("keys", "revoke", "nobody", *there)
        listed = json_of(run("keys", "list", "--json", *there))["keys"]
        others = json_of(run("keys", "list", "--org", "acme", "--json", *there))["keys"]

    assert json.loads(told.stdout) == {"jobs": []}
    assert (refused.returncode, wrong.returncode) == (3, 3)
    assert "A key is needed: set STORYLOOM_KEY" in refused.stderr
    assert "unknown" in wrong.stderr
    assert answer.status_code == 200
    assert "There is a key already" in late.stderr
    assert "good for gpu in the organisation 'default', until" in third.stderr
    assert revoked.stdout == f"Revoked {third_id}\n"
    assert gone.exit_code == 4
    assert {one["name"]: one["revoked_at"] is None for one in listed} == {
        "first": True,
        "second": True,
        "third": False,
    }
    assert others == []


@pytest.mark.timeout(300)
def test_production_does_not_start_without_a_key(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "produced"
    serve = ("serve", "--port", "0", "--data-dir", str(folder))

    refused = _storyloom(*serve, APP_ENV="production")

    assert refused.returncode == 8
    assert refused.stderr.count("\n") == 1
    assert "`storyloom keys create` makes one" in refused.stderr
    assert not (folder / "server.json").exists()

    old = json_of(run("keys", "create", "old", "--json", "--data-dir", str(folder)))
    run("keys", "revoke", old["id"], "--data-dir", str(folder))
    assert _storyloom(*serve, APP_ENV="production").returncode == 8
    key = run("keys", "create", "first", "--data-dir", str(folder)).stdout.strip()
    with running(folder, APP_ENV="production") as server:
        shut = httpx2.get(f"{server.url}/storyboard/jobs")
        opened = httpx2.get(
            f"{server.url}/storyboard/jobs", headers={"Authorization": f"Bearer {key}"}
        )

    assert (shut.status_code, opened.status_code) == (401, 200)


def test_production_starts_with_the_key_of_the_settings(tmp_path: Path) -> None:
    with running(tmp_path / "data", APP_ENV="production", STORYLOOM_ADMIN_KEY="k" * 32) as server:
        answer = httpx2.get(
            f"{server.url}/metrics", headers={"Authorization": "Bearer " + "k" * 32}
        )

    assert answer.status_code == 200
    assert "kkkk" not in server.said
