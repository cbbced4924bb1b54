"""What every probe of GPUs promises."""

from pathlib import Path

import pytest

from storyloom.adapters.memory.gpu_probe import NoGpuProbe
from storyloom.adapters.nvidia.gpu_probe import NvidiaGpuProbe
from storyloom.gpu.ports import GpuProbe
from storyloom.gpu.schemas import GpuReading
from tests.nvidia.program import FakeNvidiaSmi


@pytest.fixture(params=["none", "nvidia", "nvidia without a GPU"])
def probe(request: pytest.FixtureRequest, tmp_path: Path) -> GpuProbe:
    if request.param == "none":
        return NoGpuProbe()
    smi = FakeNvidiaSmi(tmp_path / "bin")
    if request.param == "nvidia without a GPU":
        smi.says("No devices were found\n", 6)
    return NvidiaGpuProbe({}, str(smi.path))


async def test_it_finds_a_gpu_or_says_why_there_is_none(probe: GpuProbe) -> None:
    reading = await probe.look()

    assert bool(reading.gpus) != bool(reading.says)


async def test_it_can_be_asked_again(probe: GpuProbe) -> None:
    first: GpuReading = await probe.look()

    assert await probe.look() == first
