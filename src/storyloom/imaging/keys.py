"""The names of files in the image store."""

from hashlib import sha256

from storyloom.imaging.schemas import MediaType

_SUFFIX = {
    MediaType.PNG: "png",
    MediaType.SVG: "svg",
    MediaType.JPEG: "jpg",
    MediaType.WEBP: "webp",
    MediaType.GIF: "gif",
    MediaType.PDF: "pdf",
}


def key_of(folder: str, data: bytes, media_type: MediaType) -> str:
    """The key of a file, which is the name of its content: equal files are kept once."""
    return f"{folder}/{sha256(data).hexdigest()}.{_SUFFIX[media_type]}"
