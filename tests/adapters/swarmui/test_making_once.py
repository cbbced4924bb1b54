"""Nothing is made twice: what was ordered of the same work is taken, or waited for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.swarmui.image_backend import SwarmImageBackend
from storyloom.errors import NotFound, OutOfMemory, Unavailable, Unreachable
from storyloom.imaging.ports import ImageStore
from tests.adapters.swarmui.painting import (
    Watched,
    asked,
    backend_at,
    begun,
    generating,
    painting,
)
from tests.swarmui.double import Behaviour, SwarmDouble, swarm_double

NOTE = "work/swarmui-w.json"


@pytest.fixture
def notes() -> ImageStore:
    return ObstoreImageStore.in_memory()


@asynccontextmanager
async def cut_off(
    notes: ImageStore | None, image_s: float = 0.2
) -> AsyncGenerator[tuple[SwarmImageBackend, SwarmDouble]]:
    """A backend whose connection was cut while its picture was made, which goes on."""
    how: dict[str, Any] = {"image_s": image_s, "steps": max(4, int(image_s * 40))}
    async with painting(notes=notes, faults={"1": "cut"}, **how) as (backend, double):
        with pytest.raises(Unreachable):
            await backend.generate(asked(work="w"))
        yield backend, double


async def test_the_same_work_gives_the_same_picture_which_is_made_once() -> None:
    async with painting() as (backend, double), backend_at(double) as other:
        first = await backend.generate(asked(work="w"))
        second = await other.generate(asked(work="w"))

    assert first == second
    assert begun(double) == 1


async def test_another_process_waits_for_what_is_still_made(notes: ImageStore) -> None:
    watch = Watched()
    async with cut_off(notes) as (_, double), backend_at(double, notes=notes) as other:
        picture = await other.generate(asked(work="w"), watch)

    assert begun(double) == 1
    assert picture.parameters["seed"] == picture.seed
    assert watch.says[0] == "SwarmUI has been asked for it before, and is making it"


async def test_the_same_process_waits_without_a_store_for_notes() -> None:
    async with cut_off(None) as (backend, double):
        await backend.generate(asked(work="w"))

    assert begun(double) == 1


async def test_the_session_of_what_is_still_made_is_used_for_nothing_else() -> None:
    async with cut_off(None, image_s=0.4) as (backend, double):
        task = asyncio.create_task(backend.generate(asked(work="other")))  # noqa: TID251
        await asyncio.sleep(0.05)
        task.cancel()  # which interrupts its own session only
        await backend.generate(asked(work="w"))

    assert begun(double) == 1


async def test_who_leaves_while_he_waits_stops_what_is_made(notes: ImageStore) -> None:
    async with cut_off(notes, image_s=30) as (_, double), backend_at(double, notes=notes) as other:
        with anyio.CancelScope() as scope:
            await other.generate(asked(work="w"), lambda _: scope.cancel())

        stopped, cut = double.calls[-1], double.calls[2]
        assert stopped == ("InterruptAll", {"session_id": cut[1]["session_id"]})


@pytest.mark.parametrize("half", [b"", b"\x89PNG\r\n\x1a\n half of it"])
async def test_half_a_file_is_made_anew(notes: ImageStore, half: bytes) -> None:
    async with painting(notes=notes) as (backend, double):
        double.studio.gallery.keep("storyloom/w", half)
        await backend.generate(asked(work="w"))

    assert double.studio.gallery.names == ["storyloom/w.png", "storyloom/w-1.png"]


async def test_what_died_with_swarmui_is_made_anew_and_what_was_kept_is_taken(
    notes: ImageStore, tmp_path: Path
) -> None:
    async with painting(notes=notes, folder=tmp_path, faults={"2": "dies"}) as (backend, _):
        first = await backend.generate(asked(work="v"))
        with pytest.raises(Unreachable):
            await backend.generate(asked(work="w"))

    async with painting(notes=notes, folder=tmp_path) as (backend, double):
        again = await backend.generate(asked(work="v"))
        await backend.generate(asked(work="w"))

    assert again == first
    assert [entry["path"] for entry in double.studio.made] == ["storyloom/w"] * 2


async def test_a_session_that_swarmui_has_forgotten_makes_nothing(notes: ImageStore) -> None:
    async with cut_off(notes, image_s=30) as (_, double), backend_at(double, notes=notes) as other:
        double.studio.interrupt(double.calls[2][1]["session_id"])
        double.sessions.clear()
        double.behaviour().image_s = 0
        await other.generate(asked(work="w"))

    assert begun(double) == 2


async def test_what_tells_nobody_what_it_does_is_not_waited_for(notes: ImageStore) -> None:
    await notes.put(NOTE, b'{"session_id": "s"}')
    async with painting(notes=notes, hides_current=True) as (backend, double):
        double.sessions.add("s")
        await backend.generate(asked(work="w"))

    assert begun(double) == 1


async def test_the_session_is_noted_before_the_order_and_until_its_end(notes: ImageStore) -> None:
    kept: list[bytes] = []
    async with painting(notes=notes, image_s=0.1) as (backend, double):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(backend.generate, asked(work="w"))
            await generating(double)
            kept.append(await notes.get(NOTE))
        with pytest.raises(NotFound):
            await notes.get(NOTE)

    order = next(body for route, body in double.calls if "Text2Image" in route)
    assert order["session_id"].encode() in kept[0]


async def test_what_has_failed_is_not_noted_any_more(notes: ImageStore) -> None:
    async with painting(notes=notes, faults={"1": "oom"}) as (backend, double):
        with pytest.raises(OutOfMemory):
            await backend.generate(asked(work="w"))
        with pytest.raises(NotFound):
            await notes.get(NOTE)
        await backend.generate(asked(work="w"))

    assert begun(double) == 2


async def test_a_note_that_cannot_be_read_is_none(notes: ImageStore) -> None:
    await notes.put(NOTE, b"{")
    async with painting(notes=notes) as (backend, _):
        assert await backend.generate(asked(work="w"))


class LosingStore(ObstoreImageStore):
    """Keeps, and cannot be asked to forget."""

    async def delete(self, key: str) -> None:
        raise Unavailable(key)


async def test_a_note_that_is_left_does_no_harm() -> None:
    notes = LosingStore.in_memory()
    async with painting(notes=notes) as (backend, double), backend_at(double, notes=notes) as other:
        await backend.generate(asked(work="w"))
        await other.generate(asked(work="w"))

    assert begun(double) == 1


async def test_a_picture_that_was_told_of_before_the_connection_was_cut_is_taken() -> None:
    async with painting(faults={"1": "cut after"}) as (backend, double):
        await backend.generate(asked(work="w"))

    assert begun(double) == 1


async def test_what_swarmui_does_not_keep_is_made_all_the_same() -> None:
    behaviour = Behaviour(saves_files=False)
    async with swarm_double(behaviour) as double, backend_at(double) as backend:
        picture = await backend.generate(asked(work="w"))

    assert picture.width == 96
    assert double.studio.gallery.names == []
