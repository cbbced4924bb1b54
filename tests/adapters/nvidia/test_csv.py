"""What nvidia-smi prints, read as figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyloom.adapters.nvidia._csv import gpus_of, programs_of
from storyloom.gpu.schemas import Gpu

UUID = "GPU-00000000-1111-2222-3333-444444444444"


def figures(gpu: Gpu) -> tuple[int | None, ...]:
    return (gpu.utilization, gpu.memory_used, gpu.memory_total, gpu.temperature)


@pytest.mark.parametrize(
    ("row", "told", "error"),
    [
        ("45, 8192, 24564, 65, 1", (45, 8192, 24564, 65), None),
        ("45 %, 8192 MiB, 24564 MiB, 65, 1", (45, 8192, 24564, 65), None),
        ("0,0,24564,30,1", (0, 0, 24564, 30), None),
        ("45, 8192.00, 24564.00, 65, 1", (45, 8192, 24564, 65), None),
        ("45, [N/A], [N/A], 65, 1", (45, None, None, 65), None),
        ("[N/A], 8192, 24564, 65, 1", (None, 8192, 24564, 65), None),
        ("45, 8192, 24564, [N/A], 1", (45, 8192, 24564, None), None),
        ("[Not Supported], 8192, 24564, N/A, 1", (None, 8192, 24564, None), None),
        ("[Unknown Error], 8192, 24564, 65, 1", (None, 8192, 24564, 65), None),
        ("[Insufficient Permissions], 8192, 24564, 65, 1", (None, 8192, 24564, 65), None),
        ("[GPU is lost], 8192, 24564, 65, 1", (None, 8192, 24564, 65), "GPU is lost"),
        ("[GPU requires reset], 8, 9, 65, 1", (None, 8, 9, 65), "GPU requires reset"),
        ("[N/A], [N/A], [N/A], [N/A], 1", (None, None, None, None), None),
        ("[N/A], [Unknown Error], [N/A], [N/A], 1", (None,) * 4, "Unknown Error"),
    ],
)
def test_a_row_is_a_gpu(row: str, told: tuple[int | None, ...], error: str | None) -> None:
    [gpu] = gpus_of(f"{row}\n")

    assert figures(gpu) == told
    assert gpu.error == error


def test_there_is_a_gpu_for_each_row_and_a_lost_one_hides_no_other() -> None:
    first, second = gpus_of(
        "45, 1, 2, 65, 2\n[GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], 2\n"
    )

    assert (first.error, second.error) == (None, "GPU is lost")


def test_index_uuid_and_name_are_read_where_they_are_told() -> None:
    [gpu] = gpus_of(f"1, {UUID}, NVIDIA GeForce RTX 4090, 46, 8192, 24564, 66, 2\n")

    assert (gpu.index, gpu.uuid, gpu.name) == (1, UUID, "NVIDIA GeForce RTX 4090")
    assert figures(gpu) == (46, 8192, 24564, 66)


def test_a_name_may_hold_commas() -> None:
    [gpu] = gpus_of(f"0, {UUID}, Tesla, the big one, 46, 8192, 24564, 66, 1\n")

    assert gpu.name == "Tesla, the big one"
    assert gpu.utilization == 46


@pytest.mark.parametrize(
    "line",
    [
        "",
        "No devices were found",
        "utilization.gpu [%], memory.used [MiB], memory.total [MiB], temperature.gpu, count",
        "WARNING: infoROM is corrupted, at gpu 0, 0, maybe, more",
        "45, 8192, 24564, 65",
        "-1, 8192, 24564, 65, 1",
        "9" * 400 + ", 8192, 24564, 65, 1",
        "٤٥, 8192, 24564, 65, one",
    ],
)
def test_what_is_no_row_is_no_gpu(line: str) -> None:
    assert gpus_of(f"{line}\n") == ()


def test_a_process_on_two_gpus_is_under_both() -> None:
    other = UUID.replace("0000", "1111", 1)
    printed = (
        f"{UUID}, 4242, /usr/bin/python3, 1000\n{UUID}, 4243, a, b, [N/A]\n{other}, 4242, 1000\n"
    )

    assert programs_of(printed) == {UUID: {4242, 4243}, other: {4242}}


@pytest.mark.parametrize("line", ["", UUID, "45, 8192, 24564, 65, 1", f"{UUID}, [N/A], 1000"])
def test_what_is_no_program_is_not_counted(line: str) -> None:
    assert programs_of(line) == {}


@given(some.text(max_size=300))
def test_no_text_is_too_strange(printed: str) -> None:
    gpus_of(printed)
    programs_of(printed)
