"""Pictures that cost nothing, where only the way to them is of interest."""

from io import BytesIO

from PIL import Image

from storyloom.boards.schemas import Board, Drawing, FileFormat
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture


def _png() -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(data, "PNG")
    return data.getvalue()


class Free:
    """Paints and draws the same small picture each time."""

    name = "free"
    capabilities = Capabilities(
        media_types=frozenset({MediaType.PNG}),
        max_width=4096,
        max_height=4096,
        supports_seed=False,
        supports_negative_prompt=False,
        is_local=True,
        is_free=True,
    )

    def __init__(self) -> None:
        self._data = _png()

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        return Picture(self._data, MediaType.PNG, 8, 8, "free", "free")

    async def draw(
        self,
        board: Board,
        file_format: FileFormat,
        *,
        art: bytes | None = None,
        logo: bytes | None = None,
        scale: float = 1.0,
    ) -> Drawing:
        return Drawing(data=self._data, width=8, height=8)

    async def ping(self) -> None:
        """It always can."""

    async def free(self) -> None:
        """It holds nothing."""
