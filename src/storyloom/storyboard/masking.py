"""Screenshots without what is confidential: every line of text that could be is painted over.

A line stays only if each of its words is ordinary and nothing about it is a name, a date, a figure, an
address or a secret; it leans to hide too much. Then the picture is read again, until nothing more is
found. No finer detail leaves than the reader could see. What is no text (a logo, a face) stays.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, cast

from anyio import to_thread

from storyloom.errors import Unsupported
from storyloom.imaging.schemas import MediaType
from storyloom.imaging.uploads import decode_image
from storyloom.llm.redaction import redacted
from storyloom.storyboard.ordinary import is_ordinary
from storyloom.storyboard.ports import TextBox, TextReader
from storyloom.storyboard.roadmap.sanitize import words_in
from storyloom.storyboard.roadmap.words import Kind, cleaned, kind_of

if TYPE_CHECKING:
    from PIL.Image import Image

READ_SIDE = 1600  #: pixels; a longer side loses the details that the reader may have missed
_READINGS = 5
_JPEG_START = b"\xff\xd8\xff"
_DARK = 128
_KEPT = frozenset({Kind.TEXT, Kind.STATUS, Kind.FURNITURE})
_NAMED = frozenset({Kind.PERSON, Kind.CODE_NAME})
_BEFORE_NAMES = frozenset({"project", "code", "name", "codename", "operation", "initiative", "by"})
_PLAIN = re.compile(r"[^\W\d_]+(?:[ '\u2019,.:;!?()/&+\"·-]+[^\W\d_]+)*[ '\u2019,.:;!?()\"-]*")
_WORDS = re.compile(r"[^\W\d_]+")
_SHORT = 3  # letters; `Add to PDF` is no name, and `v4` says little
_LEAST_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Masked:
    """A picture that may be seen, as large as it came, written anew without metadata."""

    data: bytes
    media_type: MediaType
    hidden: frozenset[str]  #: telling words that were painted over, in lower case
    masked_boxes: int


class Masker:
    """Paints over what is confidential in a screenshot."""

    def __init__(self, reader: TextReader) -> None:
        """Take what finds the lines of text."""
        self._reader = reader

    async def mask(self, image: bytes) -> Masked:
        """Mask a picture (PNG, JPEG, WebP or GIF, already checked).

        Raises `Unsupported` when no reader is installed, or when words stay however often they are
        painted over; `Rejected` when the words cannot be read.
        """
        file = await to_thread.run_sync(_opened, image)
        hidden: frozenset[str] = frozenset()
        masked = 0
        for reading in range(_READINGS):
            boxes = await self._reader.read(file.data)
            found = await to_thread.run_sync(confidential, boxes)
            hidden |= await to_thread.run_sync(telling_words, found)
            masked += len(found)
            if found:
                file = await to_thread.run_sync(_painted, file, found)
            # Crumbs of a mask, such as the rest of a ring, are not worth another reading.
            if not found or (reading and all(len(box.text) < _SHORT for box in found)):
                return Masked(file.data, file.media_type, hidden, masked)
        raise Unsupported("Some words of the picture could not be painted over.", system="masking")


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    media_type: MediaType


def confidential(boxes: Sequence[TextBox]) -> tuple[TextBox, ...]:
    """Find the lines that must not be seen."""
    together = "\n".join(" ".join(box.text.split()) for box in boxes)
    secret = {finding.line for finding in redacted(together).findings}
    return tuple(box for line, box in enumerate(boxes, 1) if line in secret or not _may_stay(box))


def _may_stay(box: TextBox) -> bool:
    text = cleaned(box.text)
    return (
        box.score >= _LEAST_SURE
        and _PLAIN.fullmatch(text) is not None
        and kind_of(text) in _KEPT
        and all(is_ordinary(word) for word in _WORDS.findall(text) if len(word) > 1)
        and not _names(text)
    )


def _names(text: str) -> list[str]:
    """Find capitals within a sentence: `Pilot with Summit Mechanical`. A title has them everywhere."""
    long = [word for word in _WORDS.findall(text)[1:] if len(word) > _SHORT]
    capital = [word for word in long if word[0].isupper() and not word.isupper()]
    return capital if len(capital) < len(long) else []


def telling_words(boxes: Sequence[TextBox]) -> frozenset[str]:
    """Give the words of hidden lines that must not come back, in lower case; ordinary ones may."""
    words = {word for box in boxes for word in _telling(cleaned(box.text))}
    return frozenset(word for word in words if len(word) >= _SHORT)


def _telling(text: str) -> frozenset[str]:
    names = {name.casefold() for name in _names(text)}
    if kind_of(text) in _NAMED:
        names |= words_in(text) - _BEFORE_NAMES
    return frozenset(names) | {word for word in words_in(text) if not is_ordinary(word)}


def _opened(image: bytes) -> _File:
    media_type = MediaType.JPEG if image.startswith(_JPEG_START) else MediaType.PNG
    picture = _opaque(decode_image(image))
    size = picture.size
    if max(size) > READ_SIDE:
        picture.thumbnail((READ_SIDE, READ_SIDE))
        picture = picture.resize(size)
    return _File(_encoded(picture, media_type), media_type)


def _opaque(picture: "Image") -> "Image":
    """Lay a picture on a ground that shows it: what is behind transparency would leave unseen."""
    from PIL import Image, ImageStat  # noqa: PLC0415 - Pillow loads on first use

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    alpha = picture.getchannel("A")
    visible = ImageStat.Stat(picture.convert("L"), alpha.point(lambda value: value and 255))
    is_dark = not visible.count[0] or visible.mean[0] < _DARK
    ground = Image.new("RGB", picture.size, "white" if is_dark else "black")
    ground.paste(picture, mask=alpha)
    return ground


def _painted(file: _File, boxes: Sequence[TextBox]) -> _File:
    from PIL import ImageDraw  # noqa: PLC0415

    picture = decode_image(file.data).convert("RGB")
    draw = ImageDraw.Draw(picture)
    # All grounds are looked at before anything is painted.
    areas = [(area := _area(box, picture.size), _ground(picture, area)) for box in boxes]
    for area, colour in areas:
        draw.rectangle(area, fill=colour)
    return _File(_encoded(picture, file.media_type), file.media_type)


def _area(box: TextBox, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Widen a box a little: readers cut close, and tails of letters hang out."""
    edge = max(2, (box.bottom - box.top) // 5)
    right, bottom = min(size[0] - 1, box.right + edge), min(size[1] - 1, box.bottom + edge)
    return min(right, max(0, box.left - edge)), min(bottom, max(0, box.top - edge)), right, bottom


def _ground(picture: "Image", area: tuple[int, int, int, int]) -> tuple[int, ...]:
    """Give the colour that is most common along the area's edges."""
    left, top, right, bottom = area
    edges = ((left, top, right + 1, top + 1), (left, bottom, right + 1, bottom + 1),
             (left, top, left + 1, bottom + 1), (right, top, right + 1, bottom + 1))  # fmt: skip
    counts: dict[tuple[int, ...], int] = {}
    for edge in edges:
        strip = picture.crop(edge)
        found = strip.getcolors(strip.width * strip.height)
        for count, colour in cast("list[tuple[int, tuple[int, ...]]]", found):
            counts[colour] = counts.get(colour, 0) + count
    return max(counts, key=lambda colour: counts[colour])


def _encoded(picture: "Image", media_type: MediaType) -> bytes:
    out = BytesIO()
    if media_type is MediaType.JPEG:
        picture.save(out, "JPEG", quality=88, subsampling=0)
    else:
        picture.save(out, "PNG", compress_level=3)
    return out.getvalue()
