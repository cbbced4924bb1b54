"""A backend that paints with a double, which never closes a socket by itself in time."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2

from storyloom.adapters.swarmui._http import SwarmHttp
from storyloom.adapters.swarmui.image_backend import Patience, SwarmImageBackend
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRequest, Progress
from tests.swarmui.double import Behaviour, SwarmDouble, swarm_double

PATIENCE = Patience(answer_s=5, silence_s=5, poll_s=0.005)


def asked(prompt: str = "a cat", **more: Any) -> ImageRequest:
    return ImageRequest.model_validate({"prompt": prompt, "width": 96, "height": 64, **more})


@asynccontextmanager
async def http() -> AsyncGenerator[SwarmHttp]:
    # Certificates take long to read, and nothing here has one.
    async with httpx2.AsyncClient(verify=False, trust_env=False, timeout=None) as client:
        yield SwarmHttp(client)


@asynccontextmanager
async def backend_at(
    double: SwarmDouble,
    *,
    model: str | None = None,
    notes: ImageStore | None = None,
    patience: Patience = PATIENCE,
) -> AsyncGenerator[SwarmImageBackend]:
    """One of several backends over the same double: another process."""

    async def where() -> str:
        return double.url

    async with http() as client:
        yield SwarmImageBackend(client, where, model=model, notes=notes, patience=patience)


@asynccontextmanager
async def painting(
    *,
    model: str | None = None,
    notes: ImageStore | None = None,
    patience: Patience = PATIENCE,
    folder: Path | None = None,
    **how: Any,
) -> AsyncGenerator[tuple[SwarmImageBackend, SwarmDouble]]:
    settings: dict[str, Any] = {"lingers_s": 30, **how}
    behaviour = Behaviour(**settings)
    async with (
        swarm_double(behaviour, folder=folder) as double,
        backend_at(double, model=model, notes=notes, patience=patience) as backend,
    ):
        yield backend, double


async def generating(double: SwarmDouble, pictures: int = 1) -> None:
    """Return as soon as so many pictures have been begun."""
    with anyio.fail_after(60):
        while sum(one["what"] == "begun" for one in double.studio.made) < pictures:  # noqa: ASYNC110
            await anyio.sleep(0.002)


def begun(double: SwarmDouble) -> int:
    return sum(one["what"] == "begun" for one in double.studio.made)


class Watched:
    """What was told of progress."""

    def __init__(self) -> None:
        self.all: list[Progress] = []

    def __call__(self, progress: Progress) -> None:
        self.all.append(progress)

    @property
    def says(self) -> list[str]:
        return [one.says for one in self.all if one.says]

    @property
    def fractions(self) -> list[float]:
        return [one.fraction for one in self.all]
