"""`code` and `roadmap` with models, in this process: paid once, within the budget, or by rules."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storyloom.storyboard.studio import PAINTED_WARNING
from tests.cli.conftest import Run, json_of, png
from tests.e2e.models import ANSWER, UNDERSTANDING
from tests.providers.server import Providers

Charges = Callable[[], dict[str, int]]
PNG = b"\x89PNG\r\n\x1a\n"
ROADMAP = {
    **UNDERSTANDING,
    "evidence": [{"field": "what_it_does", "left": 0, "top": 0, "right": 1000, "bottom": 1000}],
}


@pytest.fixture
def key(providers: Providers, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key for Gemini, in the environment."""
    key = providers.new_key()
    providers.always(key, ANSWER, kind="text")
    for name, value in providers.settings(key).items():
        monkeypatch.setenv(name, value)
    return key


@pytest.fixture
def charges(providers: Providers, key: str) -> Charges:
    return lambda: {str(kind): count for kind, count in providers.charges(key).items()}


def test_models_understand_and_illustrate(
    run: Run, source: Path, place: Path, charges: Charges
) -> None:
    result = run("code", "roi.py", "--json")

    (board,) = json_of(result)["storyboards"]
    assert result.exit_code == 0
    assert result.stderr == ""
    assert board["headline"] == UNDERSTANDING["headline"]
    assert board["understanding"]["source"] == "model"
    assert board["warnings"] == []
    assert (board["cost"]["calls"], board["cost"]["unknown_calls"]) == (2, 0)
    assert (place / board["path"]).read_bytes().startswith(PNG)
    assert charges() == {"text": 1, "picture": 1}


def test_what_was_paid_for_is_used_again_unless_it_is_wished_fresh(
    run: Run, source: Path, charges: Charges
) -> None:
    first, again = run("code", "roi.py", "--json"), run("code", "roi.py", "--json")
    after_two = charges()
    fresh = run("code", "roi.py", "--json", "--fresh")

    boards = [json_of(one)["storyboards"][0] for one in (first, again, fresh)]
    assert [board["status"] for board in boards] == ["completed"] * 3
    assert [board["cost"]["calls"] for board in boards] == [2, 0, 2]
    assert after_two == {"text": 1, "picture": 1}
    assert charges() == {"text": 2, "picture": 2}


def test_a_roadmap_is_understood_too(
    run: Run, place: Path, providers: Providers, *, key: str, charges: Charges
) -> None:
    providers.always(key, ROADMAP, kind="text")
    (place / "plan.png").write_bytes(png())

    result = run("roadmap", "plan.png", "--no-sanitize", "--json")

    (board,) = json_of(result)["storyboards"]
    assert board["understanding"]["source"] == "model"
    assert board["cost"]["calls"] == 2
    assert charges() == {"text": 1, "picture": 1}


@pytest.mark.parametrize(("render", "pictures"), [("vector", 0), ("composed", 1), ("painted", 1)])
def test_the_render_is_heard(
    run: Run, source: Path, charges: Charges, *, render: str, pictures: int
) -> None:
    result = run("code", "roi.py", "--render", render, "--json")

    (board,) = json_of(result)["storyboards"]
    assert board["status"] == "completed"
    assert (PAINTED_WARNING in board["warnings"]) is (render == "painted")
    assert charges() == {"text": 1, "picture": pictures}


def test_a_named_model_is_asked_in_place_of_the_usual_one(
    run: Run, source: Path, providers: Providers, *, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_ALLOWED_MODELS", "ollama:*")
    monkeypatch.setenv("LLM_API_KEY", key)

    result = run("code", "roi.py", "--model", "ollama:llama4", "--render", "vector", "--json")

    assert json_of(result)["storyboards"][0]["understanding"]["source"] == "model"
    (asked,) = providers.seen(key)
    assert asked.path.endswith("/chat/completions")
    assert asked.body["model"] == "llama4"


def test_a_named_model_needs_no_other(
    run: Run, source: Path, providers: Providers, *, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_API_KEY")
    monkeypatch.setenv("STORYLOOM_ALLOWED_MODELS", "ollama:*")
    monkeypatch.setenv("LLM_API_KEY", key)

    result = run("code", "roi.py", "--model", "ollama:llama4", "--json")

    (board,) = json_of(result)["storyboards"]
    assert board["understanding"]["source"] == "model"
    assert [asked.kind for asked in providers.seen(key)] == ["text"]


def test_a_model_that_is_not_allowed_is_refused_before_anything_is_asked(
    run: Run, source: Path, providers: Providers, key: str
) -> None:
    result = run("code", "roi.py", "--model", "openai:gpt-6-luna")

    assert result.exit_code == 2
    assert "--model: " in result.stderr
    assert "does not allow the model openai:gpt-6-luna" in result.stderr
    assert providers.seen(key) == []


def test_a_wrong_name_in_the_settings_is_told(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_LANGUAGE_MODEL", "gogle:gemini")

    result = run("code", "roi.py")

    assert result.exit_code == 8
    assert "STORYLOOM_LANGUAGE_MODEL" in result.stderr


def test_a_fault_of_the_provider_is_told(
    run: Run, source: Path, providers: Providers, key: str
) -> None:
    providers.always(key, "401")

    result = run("code", "roi.py", "--json")

    (board,) = json_of(result)["storyboards"]
    assert result.exit_code == 7
    assert board["error"] == {"code": "auth", "message": "Gemini does not accept our API key"}


@pytest.mark.parametrize("limit", ["JOB", "ORG_DAY"])
def test_a_budget_stops_before_the_call(
    run: Run,
    source: Path,
    providers: Providers,
    key: str,
    *,
    limit: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(f"STORYLOOM_BUDGET_PER_{limit}_USD", "0.0001")

    result = run("code", "roi.py", "--json")

    assert json_of(result)["storyboards"][0]["error"]["code"] == "budget"
    assert providers.seen(key) == []


def test_the_budget_of_a_day_is_one_for_all_commands(
    run: Run, source: Path, charges: Charges, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second could pay for itself, and not for what the first has spent."""
    spent = json_of(run("code", "roi.py", "--json"))["storyboards"][0]["cost"]["usd"]
    monkeypatch.setenv("STORYLOOM_BUDGET_PER_ORG_DAY_USD", spent)

    result = run("code", "roi.py", "--fresh", "--json")

    assert json_of(result)["storyboards"][0]["error"]["code"] == "budget"
    assert charges() == {"text": 1, "picture": 1}


def test_where_nothing_can_be_kept_it_is_told_and_drawn(
    run: Run, source: Path, charges: Charges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_DATA_DIR", str(source / "below"))

    result = run("code", "roi.py", "--json")

    assert json_of(result)["storyboards"][0]["cost"]["calls"] == 2
    assert result.stderr.startswith("warning: Nothing can be kept in ")
    assert charges() == {"text": 1, "picture": 1}


def test_a_file_that_is_no_database_is_told_too(
    run: Run, source: Path, tmp_path: Path, key: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "storyloom.sqlite").write_text("no database, however long" * 50)

    result = run("code", "roi.py", "--json")

    assert result.exit_code == 0
    assert "not a database" in result.stderr


def test_a_budget_of_the_day_that_cannot_be_held_is_refused(
    run: Run, source: Path, providers: Providers, *, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYLOOM_DATA_DIR", str(source / "below"))
    monkeypatch.setenv("STORYLOOM_BUDGET_PER_ORG_DAY_USD", "5")

    result = run("code", "roi.py")

    assert result.exit_code == 8
    assert "the day's budget cannot be held" in result.stderr
    assert providers.seen(key) == []


def test_a_shared_database_keeps_the_calls(
    run: Run, source: Path, charges: Charges, monkeypatch: pytest.MonkeyPatch, *, postgres_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)

    boards = [json_of(run("code", "roi.py", "--json"))["storyboards"][0] for _ in range(2)]

    assert [board["cost"]["calls"] for board in boards] == [2, 0]
    assert charges() == {"text": 1, "picture": 1}
