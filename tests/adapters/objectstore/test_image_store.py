"""Where files are kept, how old they are, and what is said when they cannot be kept."""

import asyncio
import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.exceptions import GenericError
from obstore.store import LocalStore

from storyloom.adapters.objectstore import _location
from storyloom.adapters.objectstore._faults import translated
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Misconfigured, Unavailable
from storyloom.imaging.schemas import Swept
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from tests.buckets import BucketServer, buckets_running

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
YEAR_2010 = datetime(2010, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Generator[BucketServer]:
    with buckets_running() as server:
        yield server


@pytest.fixture
def buckets(server: BucketServer, monkeypatch: pytest.MonkeyPatch) -> BucketServer:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path / "images")
    (tmp_path / "images" / "pictures").write_text("a file where a folder should be")

    with pytest.raises(Unavailable) as fault:
        await store.put("pictures/a.png", b"1")

    assert fault.value.system == "images"
    assert str(tmp_path) not in fault.value.message


async def test_keys_cannot_leave_the_folder(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path / "images")

    with pytest.raises(ValueError, match="illegal"):
        await store.put("../secret", b"1")


async def test_writing_makes_a_file_of_a_folder_young_again(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path)
    await store.put("art/a.svg", b"1")
    await store.put("art/b.svg", b"1")
    for name in ("a", "b"):
        os.utime(tmp_path / "art" / f"{name}.svg", (LONG_AGO.timestamp(), LONG_AGO.timestamp()))

    await store.put("art/a.svg", b"1")

    assert await store.forget("art", older_than=YEAR_2010) == Swept(files=1, size_bytes=1)
    assert await store.get("art/a.svg") == b"1"


async def test_writing_makes_a_file_in_memory_young_again() -> None:
    store = ObstoreImageStore.in_memory()
    await store.put("art/a.svg", b"1")
    between = SystemClock().now()

    await store.put("art/a.svg", b"1")

    assert await store.forget("art", older_than=between) == Swept(files=0, size_bytes=0)


async def test_files_that_somebody_else_removed_do_not_keep_the_others(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path)
    await store.put("art/a.svg", b"1")
    found = await LocalStore(tmp_path).head_async("art/a.svg")

    await store._delete_all([{**found, "path": "art/gone.svg"}, found])

    assert await store.forget("art", older_than=SystemClock().now()) == Swept(files=0, size_bytes=0)


async def test_writing_makes_an_object_young_again(buckets: BucketServer) -> None:
    bucket = buckets.new_bucket()
    store = ObstoreImageStore.at(f"s3://{bucket}/boards/")
    await store.put("art/a.svg", b"1")
    await store.put("art/b.svg", b"1")
    for name in ("a", "b"):
        buckets.age(bucket, f"boards/art/{name}.svg", LONG_AGO)

    await store.put("art/a.svg", b"1")

    assert await store.forget("art", older_than=YEAR_2010) == Swept(files=1, size_bytes=1)
    assert buckets.keys(bucket) == {"boards/art/a.svg"}


async def test_more_objects_than_a_listing_holds_are_forgotten(buckets: BucketServer) -> None:
    bucket = buckets.new_bucket()
    store = ObstoreImageStore.at(f"s3://{bucket}")
    buckets.fill(bucket, [f"art/{number}.svg" for number in range(1003)])

    gone = await store.forget("art", older_than=SystemClock().now() + timedelta(days=1))

    assert gone == Swept(files=1003, size_bytes=1003)
    assert buckets.keys(bucket) == set()


@pytest.mark.parametrize("work", ["put", "get", "delete", "forget", "ping"])
async def test_a_bucket_that_does_not_exist_is_said(buckets: BucketServer, work: str) -> None:
    store = ObstoreImageStore.at("s3://no-such-bucket/boards")
    calls = {
        "put": lambda: store.put("art/a.svg", b"1"),
        "get": lambda: store.get("art/a.svg"),
        "delete": lambda: store.delete("art/a.svg"),
        "forget": lambda: store.forget("art", older_than=YEAR_2010),
        "ping": store.ping,
    }

    with pytest.raises(Unavailable, match="The bucket of STORYLOOM_IMAGES_URL does not exist"):
        await calls[work]()


async def test_keys_that_are_not_known_are_said_and_not_shown(
    buckets: BucketServer, caplog: pytest.LogCaptureFixture
) -> None:
    bucket = buckets.new_bucket()
    store = ObstoreImageStore.at(f"s3://{bucket}")

    with buckets.checking_keys(), pytest.raises(Unavailable, match="AWS_ACCESS_KEY_ID") as fault:
        await store.ping()

    assert bucket not in fault.value.message
    assert "PermissionDeniedError" in caplog.text
    assert not [word for word in ("secret", "Signature", "<Error>") if word in caplog.text]


async def test_keys_without_rights_are_said(
    buckets: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = buckets.new_bucket()
    for name, value in buckets.new_key_without_rights().items():
        monkeypatch.setenv(name, value)
    store = ObstoreImageStore.at(f"s3://{bucket}")

    with buckets.checking_keys(), pytest.raises(Unavailable, match="may not use the bucket"):
        await store.ping()


async def test_a_store_that_does_not_answer_is_unavailable(
    buckets: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setitem(_location.RETRY, "max_retries", 1)
    store = ObstoreImageStore.at("s3://bucket")

    with pytest.raises(Unavailable, match="did not answer"):
        await store.ping()


async def test_a_store_that_stumbles_is_asked_again(
    buckets: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = ["503 Slow Down", "500 Internal Server Error", "200 OK"]
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).split()[0])
        head = f'HTTP/1.1 {statuses.pop(0)}\r\nETag: "1"\r\nContent-Length: 0\r\n'
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as shaky:
        port = shaky.sockets[0].getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        await ObstoreImageStore.at("s3://bucket").put("art/a.svg", b"1")

    assert asked == [b"PUT"] * 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Error performing PUT http://169.254.169.254/latest/api/token", "There are no keys"),
        ("this normally indicates an incorrectly configured region", "set AWS_REGION"),
        ("<Error><Code>RequestTimeTooSkewed</Code></Error>", "The clock of this machine is wrong"),
        ("Unable to copy data to file: No space left on device", "The disk of the image store"),
        ("Unable to open file /x: Permission denied", "cannot be written"),
        ("error sending request", "did not answer"),
    ],
)
def test_faults_that_no_test_server_has_are_said(
    said: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Unavailable, match=sentence), translated("a"):
        raise GenericError(said)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("bucket/folder", "begins with"),
        ("gs://bucket", "begins with"),
        ("memory:///", "begins with"),
        ("s3://", "s3://bucket/folder"),
        ("s3:///folder", "s3://bucket/folder"),
        ("file://shared/folder", "file:///folder"),
        ("s3://key:secret@bucket", "AWS_ACCESS_KEY_ID"),
        ("s3://bucket?region=eu-west-1", "AWS_REGION"),
        ("s3://127.0.0.1:9000/bucket", "AWS_ENDPOINT_URL"),
        ("file:///dev/null/folder", "cannot be opened"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(url: str, hint: str) -> None:
    with pytest.raises(Misconfigured, match=hint) as fault:
        ObstoreImageStore.at(url)

    assert fault.value.setting == "STORYLOOM_IMAGES_URL"
    assert "secret" not in fault.value.message


def test_a_variable_of_the_store_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_CHECKSUM_ALGORITHM", "md5")

    with pytest.raises(Misconfigured, match="md5"):
        ObstoreImageStore.at("s3://bucket")


def test_the_setting_is_named_as_it_is() -> None:
    assert Settings.variable("images_url") == _location.SETTING
