"""Names of files in an archive: safe on every system, in order, the same for the same reel."""

import re
import unicodedata

from storyloom.boards.export.schemas import Reel, ReelItem
from storyloom.imaging.schemas import MediaType

FOLDER = "pictures"
_MAX_WORDS = 40
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_SUFFIX = {
    MediaType.PNG: ".png",
    MediaType.JPEG: ".jpg",
    MediaType.WEBP: ".webp",
    MediaType.GIF: ".gif",
    MediaType.SVG: ".svg",
    MediaType.PDF: ".pdf",
}


def picture_name(item: ReelItem) -> str | None:
    """The path of the item's picture in an archive, or None where it has none.

    The number leads, so that no word of a story can make a path or a reserved name of it.
    """
    if item.picture is None:
        return None
    words = slug(item.scene)
    ending = _SUFFIX[item.picture.media_type]
    return f"{FOLDER}/{item.number:04d}{'-' if words else ''}{words}{ending}"


def file_stem(reel: Reel) -> str:
    """A name for files about the whole reel, such as `the-last-train`."""
    return slug(f"{reel.title} {reel.episode}") or "story"


def slug(text: str) -> str:
    """The words in small ASCII letters and digits, joined by hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", text[: 8 * _MAX_WORDS])
    ascii_only = plain.encode("ascii", "ignore").decode("ascii").lower()
    return _NOT_A_NAME.sub("-", ascii_only)[:_MAX_WORDS].strip("-")
