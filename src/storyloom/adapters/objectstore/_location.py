"""From the address in the settings to an open store."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from storyloom.errors import Misconfigured

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

SETTING = "STORYLOOM_IMAGES_URL"
# A whole answer within half a minute, and no more than about as long for trying again: a step of a
# job has 90 seconds. Whoever writes http:// into AWS_ENDPOINT_URL means it: most often MinIO
# nearby.
CLIENT: "ClientConfig" = {
    "allow_http": True,
    "connect_timeout": timedelta(seconds=3),
    "timeout": timedelta(seconds=30),
}
RETRY: "RetryConfig" = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=25),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=2),
        "base": 2,
    },
}


def open_location(url: str) -> ObjectStore:
    """Open `s3://bucket/folder` or `file:///folder`; raises `Misconfigured`.

    A bucket is not asked yet. Its keys, region and endpoint come from the usual AWS_ variables,
    which obstore itself reads.
    """
    place = _parsed(url)
    try:
        if place.scheme == "file":
            return LocalStore(unquote(place.path), mkdir=True)
        return S3Store(
            place.netloc,
            prefix=unquote(place.path).strip("/") or None,
            client_options=CLIENT,
            retry_config=RETRY,
        )
    except (BaseError, OSError, ValueError) as fault:
        reason = str(fault).partition("\n")[0]
        raise Misconfigured(
            f"The image store of {SETTING} cannot be opened: {reason}.", setting=SETTING
        ) from fault


def _parsed(url: str) -> SplitResult:
    place = urlsplit(url)
    if place.scheme not in {"s3", "file"}:
        raise _wrong("it begins with s3:// or file://")
    if (place.scheme == "s3") != bool(place.netloc):
        raise _wrong("write s3://bucket/folder or file:///folder")
    if "@" in place.netloc:
        raise _wrong("keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    if place.query or place.fragment or ":" in place.netloc:
        raise _wrong("region and endpoint belong into AWS_REGION and AWS_ENDPOINT_URL")
    return place


def _wrong(hint: str) -> Misconfigured:
    return Misconfigured(f"The setting {SETTING} is wrong: {hint}.", setting=SETTING)
