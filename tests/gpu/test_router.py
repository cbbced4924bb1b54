"""GPU status over HTTP, from a fake nvidia-smi on the PATH of a real server."""

import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.measuring import measured
from tests.nvidia.program import FakeNvidiaSmi
from tests.servers import running

ROUTE = "/api/v1/gpu/status"
QUERY = "--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,count"
QUERY_OF_PROGRAMS = "--query-compute-apps=gpu_uuid,pid,used_memory"
NAMES = {
    "available",
    "gpuCount",
    "utilization",
    "memoryUsed",
    "memoryTotal",
    "temperature",
    "processCount",
    "error",
    "gpus",
}


@pytest.fixture
def smi(tmp_path: Path) -> FakeNvidiaSmi:
    return FakeNvidiaSmi(tmp_path / "bin")


@pytest.fixture
def url(tmp_path: Path, smi: FakeNvidiaSmi) -> Generator[str]:
    path = f"{smi.folder}{os.pathsep}{os.defpath}"
    with running(tmp_path / "data", PATH=path, **measured()) as server:
        yield server.url + ROUTE


def test_two_hundred_callers_share_one_look(url: str, smi: FakeNvidiaSmi) -> None:
    smi.says("45, 8192, 24576, 65, 1\n", takes_s=0.5)

    with ThreadPoolExecutor(40) as pool, httpx2.Client(timeout=30) as client:
        answers = list(pool.map(client.get, [url] * 200))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    # Should these have taken longer than five seconds, there were more looks than one.
    spent = sum(answer.elapsed.total_seconds() for answer in answers) / 40
    looks = sum(query.startswith("--query-gpu") for query in smi.queries)
    assert looks <= 1 + spent // 5
    body: dict[str, Any] = answers[0].json()
    assert set(body) == NAMES
    assert body["available"] is True
    assert (body["gpuCount"], body["utilization"], body["temperature"]) == (1, 45, 65)
    assert (body["memoryUsed"], body["memoryTotal"]) == (8192, 24576)
    assert (body["processCount"], body["error"]) == (0, None)


def test_no_request_changes_what_is_run(url: str, smi: FakeNvidiaSmi) -> None:
    httpx2.get(url, params={"program": "/bin/sh", "args": "; touch owned"})
    httpx2.get(url, headers={"X-Org-ID": "$(reboot)", "LC_ALL": "de_DE", "PATH": "/nowhere"})
    httpx2.request("GET", url, content=b'{"program": "/bin/sh"}')

    assert [one.locale for one in smi.asked] == ["C"] * len(smi.asked)
    assert all("touch" not in " ".join(one.arguments) for one in smi.asked)
    assert set(smi.queries) <= {QUERY, QUERY_OF_PROGRAMS}


def test_without_nvidia_smi_the_answer_is_the_documented_failure(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYLOOM_NVIDIA_SMI=str(tmp_path / "none")) as server:
        answer = httpx2.get(server.url + ROUTE)

    assert answer.status_code == 500
    assert answer.json() == {
        "available": False,
        "gpuCount": 0,
        "utilization": 0,
        "memoryUsed": 0,
        "memoryTotal": 0,
        "temperature": 0,
        "processCount": 0,
        "error": "nvidia-smi not found or GPU not available",
        "gpus": [],
    }


def test_where_none_is_looked_for_there_is_none(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYLOOM_NVIDIA_SMI="none") as server:
        answer = httpx2.get(server.url + ROUTE)

    assert answer.status_code == 200
    assert answer.json()["available"] is False
