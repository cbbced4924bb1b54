"""`docker compose up`: what it starts, in which order, and what it lets in."""

import re
from typing import Any

import pytest

from storyloom.settings import Settings
from tests.deploy.files import DRAIN_S, ROOT, documents, unknown_options, unknown_variables

COMPOSE = documents(ROOT / "compose.yaml")[0]
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ["migrate", "first-key", "api", "worker"]


def _environment(name: str) -> dict[str, str]:
    return SERVICES[name].get("environment", {})


@pytest.mark.parametrize("name", OURS)
def test_its_command_exists(name: str) -> None:
    assert unknown_options(SERVICES[name]["command"]) == []


@pytest.mark.parametrize("name", OURS)
def test_its_variables_make_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in _environment(name).items():
        monkeypatch.setenv(variable, value.replace("${POSTGRES_PASSWORD:-storyloom}", "word"))

    settings = Settings.load()

    assert unknown_variables(_environment(name)) == []
    assert settings.database_url is not None
    assert settings.redis_url is not None


def test_the_example_of_variables_names_settings() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    names = re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)

    assert "POSTGRES_PASSWORD" in names
    assert unknown_variables(iter(names)) == []


def test_the_api_takes_no_jobs_and_workers_tell_their_health() -> None:
    assert "--no-worker" in SERVICES["api"]["command"]
    port = _environment("worker")["STORYLOOM_METRICS_PORT"]
    assert port in " ".join(SERVICES["worker"]["healthcheck"]["test"])


def test_there_is_a_key_before_the_api_starts() -> None:
    assert "--if-none" in SERVICES["first-key"]["command"]
    assert SERVICES["api"]["depends_on"]["first-key"] == {
        "condition": "service_completed_successfully"
    }
    assert _environment("api")["APP_ENV"] == "production"


def test_it_waits_for_what_it_needs() -> None:
    for name in OURS:
        for other, how in SERVICES[name]["depends_on"].items():
            healthy = how["condition"] == "service_healthy"
            assert ("test" in SERVICES[other].get("healthcheck", {})) == healthy, (name, other)


def test_redis_alone_needs_nothing_else() -> None:
    redis = SERVICES["redis"]

    assert "depends_on" not in redis
    assert redis["ports"] == ["127.0.0.1:6379:6379"]
    assert " ".join(redis["command"][1:5]) == "--appendonly yes --appendfsync everysec"


def test_nothing_is_open_to_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    assert {port.split(":")[1] for port in ports} == {"6379", "8000"}


def test_running_jobs_come_to_their_end() -> None:
    for name in OURS:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > DRAIN_S


def test_the_api_and_the_workers_share_their_pictures() -> None:
    shared = [SERVICES[name]["volumes"] for name in ("api", "worker")]

    assert shared[0] == shared[1]
    named = [v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", [])]
    assert set(named) == set(COMPOSE["volumes"])


def test_it_holds_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")

    assert re.findall(r"PASSWORD:(?! \$\{)(?!-)", text) == []
    assert re.findall(r"://\w+:(?!\$\{)\w+@", text) == []
