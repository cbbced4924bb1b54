"""Where hot state and pictures are kept."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from storyloom.adapters.objectstore._diagnosis import look_at_bucket
from storyloom.adapters.redis._diagnosis import look_at_redis
from storyloom.bootstrap.diagnosis.asking import Check, at_once
from storyloom.bootstrap.diagnosis.machine import look_at_folder
from storyloom.kit.findings import Finding, well
from storyloom.settings import Settings

HOT, IMAGES = "hot", "images"


def hot_check(settings: Settings) -> Check:
    """Redis, or the memory of the server, which always works."""
    if settings.redis_url is None:
        return Check(HOT, _in_memory, "")
    look = partial(look_at_redis, settings.redis_url.get_secret_value())
    return Check(HOT, look, "Look whether Redis hangs, and whether a firewall is in between.")


def images_check(settings: Settings) -> Check:
    """A bucket, or a folder."""
    url = None if settings.images_url is None else settings.images_url.get_secret_value()
    setting = "STORYLOOM_IMAGES_URL"
    if url is None:
        folder = settings.data_dir / "images"
    elif url.startswith("file:///"):
        folder = Path(unquote(urlsplit(url).path))
    else:
        return Check(
            IMAGES,
            partial(look_at_bucket, url),
            "Look whether AWS_ENDPOINT_URL is right, and at the network between.",
        )
    return Check(IMAGES, at_once(partial(look_at_folder, IMAGES, folder, setting)), "")


async def _in_memory() -> Sequence[Finding]:
    return [well(HOT, "It is kept in the memory of the server.")]
