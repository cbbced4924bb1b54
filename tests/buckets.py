"""A real S3 server for tests, on this machine."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
import httpx2
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

_names = count()
_ACCOUNT = "123456789012"


class BucketServer:
    """Buckets behind the S3 protocol, which can be told to check keys."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def environment(self) -> Mapping[str, str]:
        """What an operator sets."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret-of-the-bucket",
            "AWS_REGION": "us-east-1",
        }

    def new_bucket(self) -> str:
        """The name of an empty bucket."""
        name = f"pictures-{next(_names)}"
        self._client("s3").create_bucket(Bucket=name)
        return name

    def keys(self, bucket: str) -> set[str]:
        """What is really there."""
        return set(s3_backends[_ACCOUNT]["aws"].buckets[bucket].keys)

    def fill(self, bucket: str, keys: Iterable[str]) -> None:
        """Put small objects there, quickly."""
        for key in keys:
            s3_backends[_ACCOUNT]["aws"].put_object(bucket, key, b"1")

    def age(self, bucket: str, key: str, written_at: datetime) -> None:
        """Let an object be older than it is."""
        s3_backends[_ACCOUNT]["aws"].buckets[bucket].keys[key].last_modified = written_at

    def new_key_without_rights(self) -> Mapping[str, str]:
        """The environment of somebody who is known and may do nothing."""
        iam = self._client("iam")
        name = f"nobody-{next(_names)}"
        iam.create_user(UserName=name)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            **self.environment,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }

    @contextmanager
    def checking_keys(self) -> Generator[None]:
        """Refuse whoever has no right, as real stores do."""
        httpx2.post(f"{self.url}/moto-api/reset-auth", content=b"0").raise_for_status()
        yield
        httpx2.post(f"{self.url}/moto-api/reset-auth", content=b"inf").raise_for_status()

    def _client(self, service: str) -> Any:
        given = {name.lower(): value for name, value in self.environment.items()}
        connect = cast("Callable[..., Any]", getattr(boto3, "client"))  # noqa: B009 - it is untyped
        return connect(
            service,
            endpoint_url=self.url,
            aws_access_key_id=given["aws_access_key_id"],
            aws_secret_access_key=given["aws_secret_access_key"],
            region_name=given["aws_region"],
        )


@contextmanager
def buckets_running() -> Generator[BucketServer]:
    """A server of one's own; the buckets of one process are shared by all of them."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield BucketServer(f"http://{host}:{port}")
    finally:
        server.stop()
