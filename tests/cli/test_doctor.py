"""`doctor`: what people and programs read of an examination."""

import os
from pathlib import Path

import pytest

from storyloom.adapters.dbos._client import migrate_engine
from storyloom.adapters.sql._migrations import upgrade
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.lock import exclusive, holder_of
from storyloom.cli.doctor_output import show_models
from storyloom.jobs.schemas import Worker
from tests.cli.conftest import Run, json_of
from tests.providers.server import Providers


@pytest.fixture(autouse=True)
def _no_blocking_calls(blocking_calls_allowed: None) -> None:
    """Adapters are imported and fonts loaded in the event loop: nobody is served here."""


def test_all_is_well_on_a_laptop_with_nothing_set_up(run: Run) -> None:
    result = run("doctor", "--json")

    found = json_of(result)
    assert result.exit_code == 0
    assert found["ok"] is True
    assert {"data directory", "archive", "engine", "hot", "images", "renderer"} <= set(
        found["checks"]
    )
    assert set(found["checks"].values()) == {"ok"}
    assert found["ocr"] == "ok"
    assert found["models"] == []
    assert found["settings"]["port"] == "8000"
    assert found["scripts"][0]["name"] == "Latin"
    assert found["scripts"][0]["covered"] is True
    assert set(found["findings"][0]) == {"check", "status", "says", "mend"}


def test_models_that_a_key_can_use_are_listed(
    run: Run, monkeypatch: pytest.MonkeyPatch, providers: Providers
) -> None:
    key = providers.new_key()
    for name, value in providers.settings(key).items():
        monkeypatch.setenv(name, value)

    people, programs = run("doctor"), run("doctor", "--json")

    assert people.exit_code == programs.exit_code == 0
    row = next(line for line in people.stdout.splitlines() if line.startswith(" google "))
    assert "gemini-3.8-flash, gemini-3.5-flash-lite, gemini-3.1-pro" in row
    assert row.rstrip().endswith("gemini-3.1-flash-image, gemini-3-pro-image")
    assert "ok      models google: Gemini accepts the key, and lists 5 models." in people.stdout
    (usable,) = json_of(programs)["models"]
    assert set(usable) == {"provider", "understand", "paint"}
    assert usable["provider"] == "google"
    assert json_of(programs)["checks"]["models google"] == "ok"
    assert key not in people.output + programs.output


def test_a_key_that_is_refused_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, providers: Providers
) -> None:
    key = providers.new_key()
    providers.always(key, "401")
    for name, value in providers.settings(key).items():
        monkeypatch.setenv(name, value)

    result = run("doctor", "--json")

    assert result.exit_code == 6
    assert json_of(result)["checks"]["models google"] == "Gemini does not accept our API key."
    assert json_of(result)["models"] == []


def test_a_long_list_is_shown_in_part(capsys: pytest.CaptureFixture[str]) -> None:
    show_models([Usable("ollama", tuple(f"m{n}" for n in range(15)), ())])

    assert "m0, m1, m2" in (told := capsys.readouterr().out)
    assert "m11 and 3 more" in told
    assert "m12" not in told


def test_it_is_told_for_people_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_SYSTEM_FONTS", "false")

    result = run("doctor")

    assert result.exit_code == 0
    assert "apt install fonts-noto-cjk" in result.stdout
    assert "vector scenes" in result.stdout
    assert "ok      renderer: Boards can be drawn.\n" in result.stdout


def test_errors_come_first_with_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/jobs")
    monkeypatch.setenv("SUPABASE_URL", "https://me:hunter2@xxx.supabase.co")
    monkeypatch.setenv("SUPABASE_SERVICE_KEY", "hunter2")
    monkeypatch.setenv("STORYLOOM_HOST", "0.0.0.0")  # noqa: S104 - it is only looked at

    people, programs = run("doctor"), run("doctor", "--json")

    assert people.exit_code == programs.exit_code == 6
    lines = people.stdout.splitlines()
    error = lines.index("error   hot: Nothing listens at 127.0.0.1:1, where REDIS_URL leads.")
    assert lines[error + 1] == "        → Start Redis, or correct host and port: redis-cli ping"
    warning = next(i for i, line in enumerate(lines) if line.startswith("warning settings: "))
    assert error < warning
    found = json_of(programs)
    assert found["ok"] is False
    assert found["checks"]["database"].startswith("Nothing listens at 127.0.0.1:1")
    assert found["checks"]["settings"] == "ok"
    assert "hunter2" not in people.output + programs.output


@pytest.mark.parametrize("name", ["REDIS_URL", "DATABASE_URL"])
def test_a_scheme_that_is_wrong_is_refused_at_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://:hunter2@127.0.0.1")

    result = run("doctor")

    assert result.exit_code == 8
    assert f"The setting {name} is wrong: it has to begin with" in result.stderr
    assert "hunter2" not in result.output


def test_workers_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> None:
    upgrade(postgres_url)
    migrate_engine(postgres_url)
    with open_worker_registry(postgres_url) as registry:
        for name in ("left", "alive"):
            registry.beat(
                Worker(id=name, host=name, pid=77, version="1", queues=("storyboards", "stories"))
            )
        registry.leave("left")
    monkeypatch.setenv("DATABASE_URL", postgres_url)

    people, programs = run("doctor"), run("doctor", "--json")

    left, alive = (
        next(line for line in people.stdout.splitlines() if line.startswith(f" {name} "))
        for name in ("left", "alive")
    )
    assert left.split()[1:] == ["77", "1", "storyboards,", "stories", "has", "left"]
    assert alive.split()[-3:] in (["0", "s", "ago"], ["1", "s", "ago"])
    workers = json_of(programs)["workers"]
    assert [(one["host"], one["has_left"], one["lives"]) for one in workers] == [
        ("left", True, False),
        ("alive", False, True),
    ]


def test_a_folder_in_use_is_no_fault_and_is_not_disturbed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "busy"
    with exclusive(folder, holder="the server at http://127.0.0.1:8000"):
        found = json_of(run("doctor", "--data-dir", str(folder), "--json"))

        assert found["data_dir"]["used_by"] == (
            f"the server at http://127.0.0.1:8000 (process {os.getpid()})"
        )
    assert found["ok"] is True


def test_the_archive_that_is_there_is_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "spoilt"
    folder.mkdir()
    (folder / "storyloom.sqlite").write_text("this is no database, however long it may be" * 30)

    result = run("doctor", "--data-dir", str(folder), "--json")

    assert result.exit_code == 6
    assert "not a database" in json_of(result)["checks"]["archive"]
    assert "backup" in json_of(result)["findings"][0]["mend"]


def test_an_archive_without_tables_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "used"
    folder.mkdir()
    (folder / "storyloom.sqlite").touch()

    found = json_of(run("doctor", "--data-dir", str(folder), "--json"))

    assert found["checks"]["archive"] == "ok"
    assert [file.name for file in folder.iterdir()] == ["storyloom.sqlite"]
    assert (folder / "storyloom.sqlite").stat().st_size == 0


def test_a_folder_that_cannot_be_written_is_a_fault(run: Run, source: Path) -> None:
    result = run("doctor", "--data-dir", f"{source}/below")

    assert result.exit_code == 6
    assert "cannot be written" in result.stdout


def test_presets_that_cannot_be_read_are_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "odd.toml").write_text("this is no preset")
    monkeypatch.setenv("STORYLOOM_PRESETS_DIR", str(tmp_path))

    result = run("doctor", "--json")

    assert result.exit_code == 6
    assert "odd" in json_of(result)["checks"]["renderer"]


def test_words_that_cannot_be_read_are_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyloom.adapters.rapidocr.text_reader.PACKAGES", ("not_installed",))

    result = run("doctor", "--json")

    assert result.exit_code == 0
    assert "pip install 'storyloom[ocr]'" in json_of(result)["ocr"]


def test_a_note_of_a_killed_server_does_not_count(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None

    (tmp_path / "server.json").write_text('{"holder": "a ghost", "pid": 1}')

    assert holder_of(tmp_path) is None
