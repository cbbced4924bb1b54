"""`gpu` and `swarmui`, here and of a server."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, json_of
from tests.nvidia.program import FakeNvidiaSmi
from tests.servers import running
from tests.swarmui.install import FakeInstall

UUID = "GPU-00000000-1111-2222-3333-444444444444"


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeNvidiaSmi:
    smi = FakeNvidiaSmi(tmp_path / "bin")
    monkeypatch.setenv("STORYLOOM_NVIDIA_SMI", str(smi.path))
    return smi


def test_the_gpus_of_this_machine(run: Run, smi: FakeNvidiaSmi) -> None:
    smi.says(f"0, {UUID}, NVIDIA [bold]4090, 45, 8192, 24564, 65, 1\n")

    shown = run("gpu")
    told = run("gpu", "--json")

    assert (shown.exit_code, told.exit_code) == (0, 0)
    wanted = ("NVIDIA [bold]4090", "45 %", "8192 of 24564 MiB", "65 °C")
    assert [word for word in wanted if word not in shown.stdout] == []
    assert json_of(told)["memoryTotal"] == 24564


def test_what_a_gpu_does_not_tell_is_left_open(run: Run, smi: FakeNvidiaSmi) -> None:
    smi.says("45, [N/A], [N/A], 65, 1\n")

    assert "- of -" in run("gpu").stdout


def test_without_a_usable_gpu_the_exit_status_says_so(run: Run, smi: FakeNvidiaSmi) -> None:
    smi.says("No devices were found\n", 6)
    none = run("gpu")
    smi.says("[GPU is lost], 1, 2, 3, 1\n")
    lost = run("gpu")

    assert (none.exit_code, lost.exit_code) == (1, 1)
    assert none.stderr == "No GPU can be used: No devices were found\n"
    assert "GPU is lost" in lost.stdout


def test_where_nvidia_smi_fails_its_words_are_shown(run: Run, smi: FakeNvidiaSmi) -> None:
    smi.says("Failed to initialize NVML: Unknown Error\n", 255)

    failed = run("gpu")

    assert failed.exit_code == 6
    assert "Failed to initialize NVML" in failed.stderr


@pytest.mark.parametrize(("program", "status"), [("/nowhere/nvidia-smi", 6), ("none", 1)])
def test_without_nvidia_smi_the_exit_status_is_as_the_help_says(
    run: Run, monkeypatch: pytest.MonkeyPatch, program: str, status: int
) -> None:
    monkeypatch.setenv("STORYLOOM_NVIDIA_SMI", program)

    assert run("gpu").exit_code == status
    assert f" {status} when " in " ".join(run("gpu", "--help").stdout.split())


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> FakeInstall:
    return FakeInstall(tmp_path_factory.mktemp("swarmui") / "SwarmUI")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, install: FakeInstall) -> Generator[str]:
    with running(
        tmp_path_factory.mktemp("server") / "data",
        PATH=os.defpath,
        STORYLOOM_SWARMUI_DIR=str(install.folder),
        STORYLOOM_SWARMUI_URL=install.url,
        STORYLOOM_NVIDIA_SMI="/nowhere/nvidia-smi",
    ) as server:
        yield server.url


def test_the_gpu_of_a_server(run: Run, url: str) -> None:
    failed = run("gpu", "--server", url)

    assert failed.exit_code == 6
    assert failed.stderr == "storyloom: nvidia-smi not found or GPU not available\n"


def test_a_swarmui_from_its_start_to_its_end(run: Run, url: str, install: FakeInstall) -> None:
    where = ["--server", url]
    before = run("swarmui", "status", *where)
    started = run("swarmui", "start", *where)
    again = json_of(run("swarmui", "start", "--json", *where))
    install.behaves(live=1)
    status = run("swarmui", "status", *where)
    told = json_of(run("swarmui", "status", "--json", *where))
    printed = run("swarmui", "log", *where)
    last = json_of(run("swarmui", "log", "--lines", "1", "--json", *where))
    refused = run("swarmui", "stop", *where)
    stopped = run("swarmui", "stop", "--force", *where)
    too_soon = run("swarmui", "start", *where)

    assert "stopped" in before.stdout
    assert started.stdout == f"SwarmUI started successfully: {install.url}\n"
    assert again["message"] == "SwarmUI is already running"
    wanted = ("ready", install.url, "0.9.8.2", "the server", "Starting webserver on")
    assert [word for word in wanted if word not in status.stdout] == []
    assert told["generations"] == 1
    assert "Starting webserver on" in printed.stdout
    assert last["lines"] == printed.stdout.splitlines()[-1:]
    assert refused.exit_code == 5
    assert "is generating" in refused.stderr
    assert stopped.stdout == "SwarmUI was stopped.\n"
    assert too_soon.exit_code == 6
    assert "less than a minute ago" in too_soon.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_where_no_server_runs_it_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("STORYLOOM_HOST", host.strip("[]"))
    monkeypatch.setenv("STORYLOOM_PORT", "1")

    failed = run("swarmui", "start")

    assert failed.exit_code == 6
    assert f"There is no server at http://{host}:1" in failed.stderr


def test_without_a_word_the_help_is_shown(run: Run) -> None:
    assert "Examples:" in run("swarmui").stdout
