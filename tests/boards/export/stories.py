"""What the tests of exports share: small pictures, fakes, and a hostile text."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from anyio import to_thread
from PIL import Image

from storyloom.boards.export.ports import Still
from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing
from storyloom.imaging.schemas import ImageRef, MediaType

HOSTILE = '../../etc/passwd "><script>alert(1)</script> \u202e\x00 #panic() %s'


def picture(colour: str, size: tuple[int, int] = (192, 108), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def ref(key: str, media_type: MediaType = MediaType.PNG) -> ImageRef:
    return ImageRef(key=key, media_type=media_type, size_bytes=1, width=192, height=108)


class NotedSheets:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.thumbnails: Mapping[int, bytes] = {}

    async def sheet(
        self, reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes]
    ) -> Drawing:
        self.thumbnails = dict(thumbnails)
        said = f"{reel.title} {layout}".encode()
        return Drawing(data=said, width=1, height=1, truncated=("items.1.caption",))

    async def ping(self) -> None:
        pass


class NotedFilms:
    """Notes what it is given, while the files of the pictures are there."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []
        self.stills: list[Still] = []

    async def film(self, stills: Sequence[Still], frames_per_second: int, out: Path) -> None:
        self.stills = list(stills)
        self.pictures = [await to_thread.run_sync(still.path.read_bytes) for still in stills]
        await to_thread.run_sync(out.write_bytes, b"film")

    async def ping(self) -> None:
        pass
