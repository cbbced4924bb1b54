"""Pictures of exactly a film's size."""

from io import BytesIO

from storyloom.boards.colours import legible
from storyloom.boards.export.schemas import Reel, ReelItem
from storyloom.errors import InvalidInput
from storyloom.imaging.fitting import fitted
from storyloom.imaging.uploads import decode_image

_QUALITY = 92


def film_size(reel: Reel, shorter_side: int) -> tuple[int, int]:
    """Width and height in pixels, both even, as every codec wants them."""
    wide, high = reel.shape.ratio
    scale = shorter_side / min(wide, high)
    return round(wide * scale / 2) * 2, round(high * scale / 2) * 2


def still_of(reel: Reel, item: ReelItem, picture: bytes | None, size: tuple[int, int]) -> bytes:
    """The item's picture as a JPEG of the size; the brand's ground where there is none to be seen.

    A picture of another shape than the film is shown whole. Callers run it in a thread.
    """
    if picture is not None:
        try:
            if item.shape is reel.shape:
                return fitted(picture, *size)[0]
            return _whole(picture, size)
        except InvalidInput:
            pass
    from PIL import Image  # noqa: PLC0415 - Pillow loads on first use

    out = BytesIO()
    Image.new("RGB", size, legible(reel.palette).primary).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _whole(picture: bytes, size: tuple[int, int]) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415

    out = BytesIO()
    shown = decode_image(picture).convert("RGB")
    padded = ImageOps.pad(shown, size, Image.Resampling.BICUBIC, color="black")
    padded.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
