"""Every mistake with a bucket, made for real: what is said of it, and how to mend it."""

from collections.abc import Generator

import pytest

from storyloom.adapters.objectstore._diagnosis import look_at_bucket, place_of
from storyloom.errors import Misconfigured
from storyloom.kit.findings import Finding, Verdict
from tests.buckets import BucketServer, buckets_running


@pytest.fixture(scope="module")
def buckets() -> Generator[BucketServer]:
    with buckets_running() as server:
        yield server


@pytest.fixture
def bucket(buckets: BucketServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket whose keys are in the environment."""
    for name, value in buckets.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{buckets.new_bucket()}/folder"


async def only(url: str) -> Finding:
    (finding,) = await look_at_bucket(url)
    assert "secret-of-the-bucket" not in finding.says + finding.mend
    return finding


async def test_one_that_works_keeps_the_mark_of_every_check(
    buckets: BucketServer, bucket: str
) -> None:
    found = await only(bucket)

    assert found.status is Verdict.OK
    assert "can be written and listed" in found.says
    assert buckets.keys(bucket.split("/")[2]) == {"folder/health/ping"}


async def test_one_that_is_missing(bucket: str) -> None:
    found = await only("s3://nothing-of-the-kind")

    assert found.status is Verdict.ERROR
    assert found.says == "The bucket of STORYLOOM_IMAGES_URL does not exist."
    assert found.mend.startswith("Make the bucket")


async def test_keys_that_are_wrong(
    buckets: BucketServer, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    powerless_keys = buckets.new_key_without_rights()
    with buckets.checking_keys():
        unknown = await only(bucket)
        for name, value in powerless_keys.items():
            monkeypatch.setenv(name, value)
        powerless = await only(bucket)

    assert "does not accept the keys" in unknown.says
    assert unknown.mend.startswith("Copy both keys")
    assert "may not use the bucket" in powerless.says
    assert "s3:PutObject" in powerless.mend


async def test_an_address_that_is_wrong() -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_IMAGES_URL"):
        await look_at_bucket("ftp://pictures")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://pictures", "bucket pictures"),
        ("s3://key:secret@pictures/a/b", "bucket pictures, folder a/b"),
        ("file:///mnt/with%20blanks", "files, /mnt/with blanks"),
    ],
)
def test_a_place_is_told_without_keys(url: str, place: str) -> None:
    assert place_of(url) == place
