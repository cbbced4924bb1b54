"""Storyboards made in this process, without a server."""

from functools import partial

from anyio import to_thread
from pydantic import JsonValue

from storyloom.cli.makers import Made, Order, Tell, sentences
from storyloom.cli.sources import as_text
from storyloom.imaging.uploads import check_image
from storyloom.storyboard.intake import check_source
from storyloom.storyboard.pipeline import ROADMAP_ORIGIN, source_name
from storyloom.storyboard.schemas import MAX_IMAGE_BYTES, Understanding
from storyloom.storyboard.studio import Studio, warnings_of


class StudioMaker:
    """Runs the parts of a studio in a row, after the checks that the API makes."""

    def __init__(self, studio: Studio) -> None:
        """Take an open studio."""
        self._studio = studio

    async def code(self, name: str, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a code file."""
        text = as_text(raw)
        check_source(text)
        tell("reading")
        brief = self._studio.catalogue.brief(order.wishes)
        understanding = await self._studio.code.understand(name, text, brief)
        return await self._draw(understanding, order, source_name(name), tell)

    async def roadmap(self, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a screenshot."""
        tell("reading")
        image = await to_thread.run_sync(partial(check_image, raw, max_bytes=MAX_IMAGE_BYTES))
        brief = self._studio.catalogue.brief(order.wishes)
        understanding = await self._studio.roadmap.understand(
            image.data, brief, sanitize_ip=order.sanitize_ip
        )
        return await self._draw(understanding, order, ROADMAP_ORIGIN, tell)

    async def _draw(
        self, understanding: Understanding, order: Order, origin: str, tell: Tell
    ) -> Made:
        studio, page_format = self._studio, order.wishes.format
        brief = studio.catalogue.brief(order.wishes)
        tell("illustrating")
        art = await studio.illustrate(understanding, brief, page_format)
        board = await studio.board(understanding, brief, page_format, art=None, origin=origin)
        tell("drawing")
        drawing = await studio.draw(board, art.data, order.file_format)
        fields = _fields(understanding)
        return Made(
            drawing.data, understanding.headline, fields, sentences(fields, warnings_of(drawing))
        )


def _fields(understanding: Understanding) -> dict[str, JsonValue]:
    return understanding.model_dump(mode="json")
