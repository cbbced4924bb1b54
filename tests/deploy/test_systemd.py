"""The units for systemd."""

import re
from collections import defaultdict

import pytest

from tests.deploy.files import DRAIN_S, ROOT, unknown_options, unknown_variables

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = ["storyloom-api", "storyloom-worker@", "storyloom-clean"]
RUNNING = SERVICES[:2]


def _unit(name: str) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_its_command_exists(name: str) -> None:
    words = _unit(f"{name}.service")["ExecStart"][0].split()

    assert words[0] == "/opt/storyloom/bin/storyloom"
    assert unknown_options(words[1:]) == []


@pytest.mark.parametrize("name", SERVICES)
def test_it_may_do_little(name: str) -> None:
    unit = _unit(f"{name}.service")

    assert unit["User"] == ["storyloom"]
    assert unit["NoNewPrivileges"] == ["yes"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["CapabilityBoundingSet"] == [""]


@pytest.mark.parametrize("name", SERVICES)
def test_its_variables_are_settings_and_its_secrets_are_elsewhere(name: str) -> None:
    unit = _unit(f"{name}.service")
    names = re.findall(r"(\w+)=", " ".join(unit["Environment"]))

    assert unknown_variables(iter(names)) == []
    assert "/etc/storyloom/environment" in unit["EnvironmentFile"]


@pytest.mark.parametrize("name", RUNNING)
def test_running_jobs_come_to_their_end(name: str) -> None:
    unit = _unit(f"{name}.service")

    assert int(unit["TimeoutStopSec"][0]) > DRAIN_S
    assert unit["KillSignal"] == ["SIGTERM"]
    assert unit["Restart"] == ["always"]


def test_the_timer_has_its_service() -> None:
    timers = [path.stem for path in FOLDER.glob("*.timer")]

    assert [name for name in timers if name not in SERVICES] == []
