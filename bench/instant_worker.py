"""A worker whose studio does nothing; a child process of the benchmark."""

from io import BytesIO

from PIL import Image

from storyloom.boards.schemas import Board, Drawing, FileFormat
from storyloom.cli.working import work
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture
from storyloom.settings import Settings
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.schemas import Understanding
from storyloom.storyboard.studio import Studio


class Instant:
    """Reads, paints and draws at once."""

    name = "instant"
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
        data = BytesIO()
        Image.new("RGB", (8, 8), "teal").save(data, "PNG")
        self._data = data.getvalue()

    async def generate(self, request: ImageRequest) -> Picture:
        del request
        return Picture(self._data, MediaType.PNG, 8, 8, "instant", "instant")

    async def draw(
        self, board: Board, file_format: FileFormat, *, art: bytes | None = None, scale: float = 1.0
    ) -> Drawing:
        del board, file_format, art, scale
        return Drawing(data=self._data, width=8, height=8)

    async def ping(self) -> None:
        """It always can."""


class Reading:
    async def understand(self, *_: object, **__: object) -> Understanding:
        return Understanding(
            headline="Instant",
            what_it_does="Nothing.",
            business_value="None.",
            who_benefits="Nobody.",
            differentiator="None.",
            pain_point_addressed="None.",
            suggested_icon="calculator",
        )


def main() -> None:
    instant, reading = Instant(), Reading()
    work(Settings.load(), Studio(Catalogue.load(), reading, reading, instant, instant))


if __name__ == "__main__":
    main()
