"""What the tests of exports share: small pictures, references to them, and a hostile text."""

from io import BytesIO

from PIL import Image

from storyloom.imaging.schemas import ImageRef, MediaType

HOSTILE = '../../etc/passwd "><script>alert(1)</script> \u202e\x00 #panic() %s'


def picture(colour: str, size: tuple[int, int] = (192, 108), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def ref(key: str, media_type: MediaType = MediaType.PNG) -> ImageRef:
    return ImageRef(key=key, media_type=media_type, size_bytes=1, width=192, height=108)
