"""Two hundred clients that ask for the GPUs at the same time, beside a bare route."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.client import Client
from bench.figures import Figure
from bench.load import load
from bench.processes import serving
from tests.nvidia.program import FakeNvidiaSmi
from tests.servers import launched

CLIENTS = 200
SECONDS = 6.0
PATH = "/api/v1/gpu/status"
AT_LEAST = 0.5


def gpu() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        program = FakeNvidiaSmi(folder / "bin")
        settings = {"STORYLOOM_NVIDIA_SMI": str(program.path), "STORYLOOM_RATE_LIMIT": "none"}
        with launched(folder / "data", **settings) as server:
            port = int(server.url.rpartition(":")[2])
            body = folder / "gpu.json"
            body.write_bytes(Client(port).get(PATH))
            json.loads(body.read_text("utf-8"))["gpuCount"]  # it is an answer, and no error
            asked = len(program.asked)
            ours = load(port, PATH, connections=CLIENTS, seconds=SECONDS)
            looks = len(program.asked) - asked
        with serving("bench.bare", str(body)) as (_, told):
            bare = load(int(told), "/bare/gpu", connections=CLIENTS, seconds=SECONDS)
    ratio = ours.per_s / bare.per_s
    yield Figure(
        f"gpu/status, {CLIENTS} clients at once",
        f"{ours.per_s:.0f}/s, {ours.errors} errors, {looks} runs of nvidia-smi in {SECONDS:g} s",
        f"{bare.per_s:.0f}/s: a bare FastAPI route",
        ratio,
        f"ratio >= {AT_LEAST:g}",
        ratio >= AT_LEAST and not ours.errors,
    )
