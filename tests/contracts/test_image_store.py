"""What every image store promises."""

import asyncio
from pathlib import Path

import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ImageStore:
    if request.param == "folder":
        return ObstoreImageStore.in_folder(tmp_path / "not" / "there" / "yet")
    return ObstoreImageStore.in_memory()


async def test_bytes_come_back_as_they_were_kept(store: ImageStore) -> None:
    data = bytes(range(256)) * 4096

    await store.put("pictures/a.png", data)

    assert await store.get("pictures/a.png") == data


async def test_an_unknown_key_is_not_found(store: ImageStore) -> None:
    with pytest.raises(NotFound):
        await store.get("pictures/none.png")


async def test_a_key_can_be_written_again(store: ImageStore) -> None:
    await store.put("a", b"1")

    await store.put("a", b"22")

    assert await store.get("a") == b"22"


async def test_a_deleted_key_is_gone(store: ImageStore) -> None:
    await store.put("a", b"1")

    await store.delete("a")
    await store.delete("a")

    with pytest.raises(NotFound):
        await store.get("a")


async def test_readers_never_see_half_a_file(store: ImageStore) -> None:
    old, new = b"a" * 2_000_000, b"b" * 2_000_000
    await store.put("k", old)

    async with asyncio.TaskGroup() as tasks:
        writing = [tasks.create_task(store.put("k", d)) for d in (new, old, new)]
        reading = [tasks.create_task(store.get("k")) for _ in range(8)]

    assert len(writing) == 3
    assert all(read.result() in (old, new) for read in reading)


async def test_it_answers_a_ping(store: ImageStore) -> None:
    await store.ping()


async def test_a_ping_leaves_nothing_behind(store: ImageStore) -> None:
    await store.ping()

    with pytest.raises(NotFound):
        await store.get("health/ping")
