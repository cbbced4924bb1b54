"""What every image store promises."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import Swept
from storyloom.kit.clock import SystemClock
from tests.buckets import BucketServer, buckets_running

# A test's files are as old as the test: what is older than tomorrow is all of them.
TOMORROW = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def buckets() -> Generator[BucketServer]:
    with buckets_running() as server:
        yield server


@pytest.fixture(params=["folder", "shared folder", "memory", "bucket", "folder of a bucket"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ImageStore:
    folder = tmp_path / "not" / "there yet"
    match request.param:
        case "folder":
            return ObstoreImageStore.in_folder(folder)
        case "shared folder":
            return ObstoreImageStore.at(folder.as_uri())
        case "memory":
            return ObstoreImageStore.in_memory()
        case kind:
            server: BucketServer = request.getfixturevalue("buckets")
            for name, value in server.environment.items():
                monkeypatch.setenv(name, value)
            within = "/story boards/2" if kind == "folder of a bucket" else ""
            return ObstoreImageStore.at(f"s3://{server.new_bucket()}{within}")


async def test_bytes_come_back_as_they_were_kept(store: ImageStore) -> None:
    data = bytes(range(256)) * 4096

    await store.put("pictures/a.png", data)

    assert await store.get("pictures/a.png") == data


async def test_a_file_too_large_for_one_request_comes_back_whole(store: ImageStore) -> None:
    data = bytes(range(251)) * 100_000

    await store.put("pictures/large.png", data)

    assert await store.get("pictures/large.png") == data


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


async def test_it_answers_pings_of_many_at_the_same_time(store: ImageStore) -> None:
    async with asyncio.TaskGroup() as tasks:
        pings = [tasks.create_task(store.ping()) for _ in range(8)]

    assert [ping.result() for ping in pings] == [None] * 8


async def test_old_files_of_a_folder_are_forgotten(store: ImageStore) -> None:
    await store.put("art/a.svg", b"123")
    await store.put("art/b.svg", b"4567")
    await store.put("artless/a.svg", b"1")

    gone = await store.forget("art", older_than=TOMORROW)

    assert gone == Swept(files=2, size_bytes=7)
    assert await store.get("artless/a.svg") == b"1"
    with pytest.raises(NotFound):
        await store.get("art/a.svg")


async def test_young_files_are_kept(store: ImageStore) -> None:
    await store.put("art/a.svg", b"123")

    gone = await store.forget("art", older_than=SystemClock().now() - timedelta(minutes=1))

    assert gone == Swept(files=0, size_bytes=0)
    assert await store.get("art/a.svg") == b"123"


async def test_a_dry_run_removes_nothing(store: ImageStore) -> None:
    await store.put("art/a.svg", b"123")

    would_go = await store.forget("art", older_than=TOMORROW, dry_run=True)

    assert would_go == Swept(files=1, size_bytes=3)
    assert await store.get("art/a.svg") == b"123"


async def test_a_folder_that_is_not_there_holds_nothing_old(store: ImageStore) -> None:
    assert await store.forget("art", older_than=TOMORROW) == Swept(files=0, size_bytes=0)


async def test_many_files_are_forgotten_by_two_at_the_same_time(store: ImageStore) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number in range(60):
            tasks.create_task(store.put(f"art/{number}.svg", b"1"))

    async with asyncio.TaskGroup() as tasks:
        sweeps = [tasks.create_task(store.forget("art", older_than=TOMORROW)) for _ in range(2)]

    assert sum(sweep.result().files for sweep in sweeps) >= 60
    assert await store.forget("art", older_than=TOMORROW) == Swept(files=0, size_bytes=0)
