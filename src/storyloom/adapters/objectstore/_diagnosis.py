"""What an operator has to know of a bucket: whether it can be written, read and listed."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Unavailable
from storyloom.kit.findings import Finding, error, well

CHECK = "images"
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
# What our sentences say is wrong, and what to do about it.
_MENDS = {
    "does not exist": "Make the bucket, or name another one in STORYLOOM_IMAGES_URL.",
    "does not accept": "Copy both keys anew from where the bucket is managed.",
    "no keys": "Set both, or run where a role of the machine gives them.",
    "may not use": "Give them s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket.",
    "another region": "Set AWS_REGION to the region of the bucket.",
    "clock": "Let the machine keep time over NTP.",
    "disk": "Make room on it, or forget old pictures: storyloom clean --older-than DAYS",
    "folder": "Give the user who runs Storyloom the right to write there.",
}
_OTHERWISE = "Look at AWS_ENDPOINT_URL and at the network between."


def place_of(url: str) -> str:
    """Where it is. Keys never stand in it."""
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return f"files, {unquote(parts.path)}"
    folder = parts.path.strip("/")
    return f"bucket {parts.hostname}" + (f", folder {unquote(folder)}" if folder else "")


async def look_at_bucket(url: str) -> Sequence[Finding]:
    """Write the one byte that every check writes, and list; raises `Misconfigured`."""
    store = ObstoreImageStore.at(url)
    try:
        await store.ping()
        await store.forget("health", older_than=_EVER, dry_run=True)
    except Unavailable as fault:
        return [error(CHECK, fault.message, _mend(fault.message))]
    return [well(CHECK, f"The {place_of(url)} can be written and listed.")]


def _mend(said: str) -> str:
    return next((mend for sign, mend in _MENDS.items() if re.search(sign, said)), _OTHERWISE)
