"""A fake nvidia-smi, run as the real one is."""

import os
from pathlib import Path
from signal import SIGKILL
from threading import enumerate as threads

import pytest

from storyloom.adapters.nvidia import _running
from storyloom.adapters.nvidia._running import LIMIT_BYTES, run
from storyloom.adapters.nvidia.gpu_probe import NAME, NOT_FOUND, NvidiaGpuProbe
from storyloom.errors import TimedOut, Unavailable
from tests.nvidia.program import FakeNvidiaSmi
from tests.processes import group_of, open_files, wait_until

UUID = "GPU-00000000-1111-2222-3333-444444444444"
OTHER = "GPU-00000001-1111-2222-3333-444444444444"
TWO = f"0, {UUID}, RTX, 45, 8192, 24564, 65, 2\n1, {OTHER}, RTX, 46, 8192, 24564, 66, 2\n"
PROGRAMS = f"{UUID}, 4242, 1000\n{UUID}, 4243, 1000\n{OTHER}, 4242, 1000\n"


@pytest.fixture
def smi(tmp_path: Path) -> FakeNvidiaSmi:
    return FakeNvidiaSmi(tmp_path / "bin")


def probe_of(smi: FakeNvidiaSmi, timeout_s: float = 30.0) -> NvidiaGpuProbe:
    return NvidiaGpuProbe({"PATH": f"{smi.folder}:/usr/bin:/bin"}, timeout_s=timeout_s)


async def test_it_is_found_on_the_path_and_asked_in_english(smi: FakeNvidiaSmi) -> None:
    reading = await probe_of(smi).look()

    assert reading.gpus[0].utilization == 45
    asked = smi.asked[0]
    assert asked.locale == "C"
    assert asked.arguments == [
        "--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,count",
        "--format=csv,noheader,nounits",
    ]


async def test_a_chosen_program_is_asked(smi: FakeNvidiaSmi) -> None:
    reading = await NvidiaGpuProbe({"PATH": "/nowhere"}, str(smi.path)).look()

    assert len(reading.gpus) == 1


async def test_programs_are_counted_once_though_they_use_two_gpus(smi: FakeNvidiaSmi) -> None:
    smi.says(TWO)
    smi.says_of_programs(PROGRAMS)

    reading = await probe_of(smi).look()

    assert reading.processes == 2
    assert [gpu.process_count for gpu in reading.gpus] == [2, 1]


async def test_without_programs_there_are_none(smi: FakeNvidiaSmi) -> None:
    smi.says(TWO)

    reading = await probe_of(smi).look()

    assert reading.processes == 0
    assert [gpu.process_count for gpu in reading.gpus] == [0, 0]


@pytest.mark.parametrize(("code", "does"), [(1, ""), (0, "hang"), (0, "flood")])
async def test_the_gpus_are_told_though_the_programs_are_not(
    smi: FakeNvidiaSmi, code: int, does: str
) -> None:
    smi.says(TWO)
    smi.says_of_programs(PROGRAMS, code, does=does)

    reading = await probe_of(smi).look()

    assert reading.processes == 0
    assert [gpu.process_count for gpu in reading.gpus] == [None, None]


async def test_an_old_driver_is_asked_what_the_document_asks(smi: FakeNvidiaSmi) -> None:
    smi.is_old()

    reading = await probe_of(smi).look()

    assert reading.gpus[0].memory_total == 24564
    assert reading.gpus[0].name is None
    assert (
        smi.queries[1]
        == "--query-gpu=utilization.gpu,memory.used,memory.total,temperature.gpu,count"
    )


async def test_no_gpu_is_no_fault(smi: FakeNvidiaSmi) -> None:
    smi.says("No devices were found\n", 6)

    reading = await probe_of(smi).look()

    assert (reading.gpus, reading.says) == ((), "No devices were found")
    assert len(smi.asked) == 1


@pytest.mark.parametrize(
    ("code", "stdout", "sentence"),
    [
        (2, 'Field "bogus" is not a valid field to query.\n\n', 'Field "bogus" is not a valid'),
        (4, "Failed to initialize NVML: Insufficient Permissions\n", "Insufficient Permissions"),
        (9, "NVIDIA-SMI has failed because it couldn't communicate\n\n", "NVIDIA-SMI has failed"),
        (12, "couldn't find libnvidia-ml.so library.\nPlease also try\n", "library. Please also"),
        (15, "handle for GPU1: GPU is lost.  Reboot the system\n\n\n", "GPU is lost. Reboot"),
        (18, "Failed to initialize NVML: Driver/library version mismatch\n", "version mismatch"),
        (255, "Failed to initialize NVML: Unknown Error\n", "Unknown Error"),
        (3, "", "failed with the exit code 3"),
        (1, "\x1b[31mred\x00\n", "31mred"),
    ],
)
async def test_its_own_words_say_what_is_wrong(
    smi: FakeNvidiaSmi, code: int, stdout: str, sentence: str
) -> None:
    smi.says(stdout, code)

    with pytest.raises(Unavailable) as fault:
        await probe_of(smi).look()

    assert sentence in fault.value.message
    assert fault.value.message.isprintable()


async def test_what_it_says_on_stderr_is_told_too(smi: FakeNvidiaSmi) -> None:
    smi.says("", 127, stderr="error while loading shared libraries: libc.so.6\n")

    with pytest.raises(Unavailable, match="shared libraries"):
        await probe_of(smi).look()


async def test_a_warning_on_stderr_does_not_matter(smi: FakeNvidiaSmi) -> None:
    smi.says(TWO, stderr="WARNING: infoROM is corrupted at gpu 0000:01:00.0\n")

    assert len((await probe_of(smi).look()).gpus) == 2


async def test_where_there_is_none_the_words_are_the_documents(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=NOT_FOUND):
        await NvidiaGpuProbe({"PATH": str(tmp_path)}).look()


async def test_what_cannot_be_run_is_named(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("not a program", "utf-8")

    with pytest.raises(Unavailable, match="cannot be run"):
        await NvidiaGpuProbe({}, str(program)).look()


@pytest.mark.parametrize("does", ["hang", "close"])
async def test_one_that_hangs_is_killed_with_all_that_it_started(
    smi: FakeNvidiaSmi, does: str
) -> None:
    smi.says("45, 8192, 24564, 65, 1\n", does=does)

    with pytest.raises(TimedOut, match=r"did not answer within 2 seconds"):
        await probe_of(smi, timeout_s=2).look()

    group = smi.asked[0].pid
    wait_until(lambda: not group_of(group))


async def test_a_child_that_holds_its_output_is_waited_for_no_longer(smi: FakeNvidiaSmi) -> None:
    smi.says("45, 8192, 24564, 65, 1\n", does="leave")

    with pytest.raises(TimedOut):
        await probe_of(smi, timeout_s=2).look()

    group = smi.asked[0].pid
    wait_until(lambda: not group_of(group))


async def test_one_that_has_left_its_group_is_not_waited_for(smi: FakeNvidiaSmi) -> None:
    smi.says("45, 8192, 24564, 65, 1\n", does="escape")

    with pytest.raises(TimedOut):
        await probe_of(smi, timeout_s=2).look()

    os.kill(smi.escaped, SIGKILL)  # it has not ended meanwhile
    wait_until(lambda: not [one for one in threads() if one.name == NAME])


async def test_one_that_not_even_a_kill_ends_is_left_alone(
    smi: FakeNvidiaSmi, monkeypatch: pytest.MonkeyPatch
) -> None:
    smi.says("45, 8192, 24564, 65, 1\n", does="hang")
    probe = probe_of(smi, timeout_s=1)

    def in_vain(_: object) -> None:
        """As where it hangs within a driver."""

    with monkeypatch.context() as patched:
        patched.setattr(_running, "kill", in_vain)
        patched.setattr(_running, "DYING_S", 0.1)
        with pytest.raises(TimedOut, match="did not answer"):
            await probe.look()
        with pytest.raises(TimedOut, match="driver of the GPU hangs"):
            await probe.look()
    assert len(smi.asked) == 1

    os.killpg(smi.asked[0].pid, SIGKILL)
    smi.says("45, 8192, 24564, 65, 1\n")
    wait_until(lambda: not group_of(smi.asked[0].pid))

    assert len((await probe.look()).gpus) == 1


async def test_a_flood_is_cut(smi: FakeNvidiaSmi) -> None:
    smi.says("", does="flood")

    with pytest.raises(Unavailable, match="without end"):
        await probe_of(smi).look()

    wait_until(lambda: not group_of(smi.asked[0].pid))


def test_no_more_of_a_flood_is_kept_than_the_limit() -> None:
    printed = run(["yes"], {"PATH": os.defpath}, 20)

    assert printed.cut
    assert len(printed.text) == LIMIT_BYTES


async def test_nothing_is_left_open(smi: FakeNvidiaSmi) -> None:
    probe = probe_of(smi)
    await probe.look()
    before = open_files()

    for _ in range(5):
        await probe.look()

    assert open_files() == before
