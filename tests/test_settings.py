"""Every knob, read once, and documented."""

import re
from pathlib import Path

import pytest

from storyloom.errors import Misconfigured
from storyloom.settings import Settings

DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def test_the_defaults_run_a_laptop() -> None:
    settings = Settings.load()

    assert settings.host == "127.0.0.1"
    assert settings.port == 8000
    assert settings.data_dir.name == "storyloom"


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PORT", "9000")

    assert Settings.load().port == 9000


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PORT", "9000")

    assert Settings.load(port=9001).port == 9001


def test_an_argument_that_is_not_given_chooses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PORT", "9000")

    assert Settings.load(port=None).port == 9000


def test_a_wrong_value_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PORT", "eight thousand")

    with pytest.raises(Misconfigured, match="STORYLOOM_PORT is wrong") as fault:
        Settings.load()

    assert fault.value.setting == "STORYLOOM_PORT"


def test_a_typo_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_DATADIR", "/data")

    with pytest.raises(Misconfigured, match="Did you mean STORYLOOM_DATA_DIR"):
        Settings.load()


def test_an_unknown_setting_without_a_likeness_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_QQQQQQ", "1")

    with pytest.raises(Misconfigured, match=r"There is no setting STORYLOOM_QQQQQQ\.$"):
        Settings.load()


def test_the_documented_names_of_outside_systems_have_no_prefix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@db/storyloom")

    settings = Settings.load()

    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://cache:6379"
    assert "hunter2" not in str(settings)


def test_an_empty_variable_chooses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")

    assert Settings.load().redis_url is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DATABASE_URL", "mysql://u:hunter2@db/x"), ("REDIS_URL", "http://:hunter2@cache")],
)
def test_a_wrong_address_names_its_setting_and_not_its_password(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(Misconfigured, match=f"{variable} is wrong: it has to begin with") as fault:
        Settings.load()

    assert "hunter2" not in fault.value.message


def test_every_setting_is_documented_with_its_meaning() -> None:
    lines = DOCS.read_text("utf-8").splitlines()

    def row_of(name: str) -> str:
        start = f"| `{Settings.variable(name)}`"
        return next((line for line in lines if line.startswith(start)), "")

    fields = Settings.model_fields.items()
    assert [name for name, field in fields if str(field.description) not in row_of(name)] == []


def test_no_setting_is_documented_that_does_not_exist() -> None:
    rows = re.findall(r"^\| `([A-Z][A-Z_]+)`", DOCS.read_text("utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(map(Settings.variable, Settings.model_fields))


@pytest.mark.parametrize("key", ["k" * 31, "k" * 513, "with a blank" + "k" * 32, "\u00fc" * 40])
def test_an_admin_key_is_hard_to_guess(key: str) -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_ADMIN_KEY is wrong: it needs 32") as fault:
        Settings.load(admin_key=key)

    assert key not in fault.value.message


def test_keys_are_not_shown() -> None:
    assert "kkk" not in str(Settings.load(admin_key="k" * 32, key="kkk"))


@pytest.mark.parametrize("rate", ["600", "fast", "0/minute"])
def test_a_rate_limit_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_RATE_LIMIT is wrong: write a number"):
        Settings.load(rate_limit=rate)
