"""What the doctor says of the GPU and of SwarmUI: it looks, and starts nothing."""

from pathlib import Path
from typing import Any

import pytest

from storyloom.bootstrap.diagnosis.automation import _absent, look_at_gpu, look_at_swarmui
from storyloom.kit.findings import Finding, Verdict
from storyloom.settings import Settings
from tests.databases import free_port
from tests.nvidia.program import FakeNvidiaSmi
from tests.swarmui.double import VERSION, Behaviour, swarm_double
from tests.swarmui.install import FakeInstall

UUID = "GPU-00000000-1111-2222-3333-444444444444"
OK, WARNING, ERROR = Verdict.OK, Verdict.WARNING, Verdict.ERROR


@pytest.fixture
def smi(tmp_path: Path) -> FakeNvidiaSmi:
    return FakeNvidiaSmi(tmp_path / "bin")


async def gpu(**chosen: object) -> Finding:
    (found,) = await look_at_gpu(Settings.load(**chosen))
    assert found.check == "gpu"
    assert bool(found.mend) is (found.status is not OK)
    return found


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        (
            f"0, {UUID}, RTX 4090, 45, 8192, 24564, 65, 1\n",
            "Can be used: RTX 4090, 45 % busy, 8192 of 24564 MiB in use, 65 °C.",
        ),
        ("[N/A], [N/A], [N/A], 65, 1\n", "Can be used: a GPU, 65 °C."),
    ],
)
async def test_a_gpu_that_can_be_used(smi: FakeNvidiaSmi, printed: str, says: str) -> None:
    smi.says(printed)

    found = await gpu(nvidia_smi=str(smi.path))

    assert (found.status, found.says) == (OK, says)


async def test_of_two_gpus_one_is_lost(smi: FakeNvidiaSmi) -> None:
    smi.says(f"0, {UUID}, A, 1, 2, 3, 4, 2\n1, {UUID}, B, [GPU is lost], 1, 2, 3, 2\n")

    lost, well = await look_at_gpu(Settings.load(nvidia_smi=str(smi.path)))

    assert (lost.status, lost.says) == (WARNING, "GPU 1 cannot be used: GPU is lost.")
    assert well.says.startswith("Can be used: A, ")


@pytest.mark.parametrize(
    ("code", "printed", "says"),
    [
        (6, "No devices were found\n", "nvidia-smi runs, and finds none: No devices were found."),
        (9, "NVIDIA-SMI has failed.\n", "nvidia-smi fails: NVIDIA-SMI has failed."),
    ],
)
async def test_a_gpu_that_is_counted_on_and_not_there(
    smi: FakeNvidiaSmi, code: int, printed: str, says: str
) -> None:
    smi.says(printed, code)

    found = await gpu(nvidia_smi=str(smi.path))

    assert (found.status, found.says) == (WARNING, says)


async def test_a_lost_gpu_alone(smi: FakeNvidiaSmi) -> None:
    smi.says("[GPU is lost], 1, 2, 3, 1\n")

    assert (await gpu(nvidia_smi=str(smi.path))).says == "GPU 0 cannot be used: GPU is lost."


async def test_without_nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (await gpu()).status is OK
    counted_on = await gpu(swarmui_dir=tmp_path)
    assert counted_on.status is WARNING
    assert "STORYLOOM_NVIDIA_SMI" in counted_on.mend
    assert "None is looked for" in (await gpu(nvidia_smi="none")).says


async def test_a_machine_without_a_gpu_is_well(smi: FakeNvidiaSmi, monkeypatch: Any) -> None:
    smi.says("No devices were found\n", 6)
    monkeypatch.setenv("PATH", f"{smi.folder}:/usr/bin:/bin")

    assert (await gpu()).status is OK


async def swarmui(**chosen: object) -> Finding:
    (found,) = await look_at_swarmui(Settings.load(**chosen))
    assert found.check == "swarmui"
    assert bool(found.mend) is (found.status is not OK)
    return found


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ({}, OK, "its backends: running."),
        ({"is_plain": True}, OK, "its backends: not told."),
        ({"statuses": ["loading"]}, WARNING, "its backends are still loading."),
        ({"statuses": ["empty"]}, WARNING, "and cannot generate; its backends: empty. No backends"),
        ({"is_stranger": True}, WARNING, "the port is taken by another program: "),
        ({"wants_account": True}, WARNING, "refuses us: "),
    ],
)
async def test_what_answers_at_its_address(how: dict[str, Any], status: Verdict, says: str) -> None:
    async with swarm_double(Behaviour(**how)) as double:
        found = await swarmui(swarmui_url=double.url)

    assert found.status is status
    assert double.url in found.says
    assert says in found.says
    assert (VERSION in found.says) is ("answers at" in found.says and "refuses" not in found.says)


async def test_an_install_that_could_be_launched_is_not(tmp_path: Path) -> None:
    install = FakeInstall(tmp_path / "SwarmUI")
    chosen = {"swarmui_dir": install.folder, "swarmui_url": install.url}

    well = await swarmui(**chosen)
    install.script.chmod(0o644)
    broken = await swarmui(**chosen)
    async with swarm_double(Behaviour(), install.port):
        answers, folder = await look_at_swarmui(Settings.load(**chosen))
    async with swarm_double(Behaviour(is_stranger=True), install.port):
        taken = await swarmui(**chosen)

    assert well.says == f"None runs; one can be launched from {install.folder}."
    assert (broken.status, taken.status) == (ERROR, ERROR)
    assert "may not be executed" in broken.says
    assert "STORYLOOM_SWARMUI_DIR" in broken.mend
    assert (answers.status, folder.status) == (OK, WARNING)
    assert install.launches == []


async def test_where_there_is_none() -> None:
    named = Settings.load(swarmui_url=f"http://127.0.0.1:{free_port()}")
    elsewhere = Settings.load(swarmui_url="http://192.0.2.1:7801", swarmui_dir=".")
    usual = named.model_copy()
    usual.model_fields_set.discard("swarmui_url")

    (none,) = await look_at_swarmui(usual)
    (away,) = await look_at_swarmui(named)
    found = _absent(elsewhere, is_local=False)

    assert (none.status, away.status, found.status) == (OK, WARNING, WARNING)
    assert "none is set up" in none.says
    for one in (away, found):
        assert "where STORYLOOM_SWARMUI_URL leads" in one.says
