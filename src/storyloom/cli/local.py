"""Storyboards made in this process, without a server."""

from functools import partial

from anyio import to_thread
from pydantic import JsonValue

from storyloom.cli.makers import Made, Order, Tell, sentences
from storyloom.cli.sources import as_text
from storyloom.imaging.uploads import check_image
from storyloom.kit.ids import new_job_id
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import Account
from storyloom.storyboard.intake import check_source
from storyloom.storyboard.pipeline import ROADMAP_ORIGIN, source_name
from storyloom.storyboard.schemas import MAX_IMAGE_BYTES, Render, Understanding
from storyloom.storyboard.studio import PAINTED_WARNING, Studio, warnings_of


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
        with charged_to(Account(fresh=order.wishes.fresh)):
            understanding = await self._studio.code.understand(name, text, brief)
            return await self._draw(understanding, order, source_name(name), tell)

    async def roadmap(self, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a screenshot."""
        tell("reading")
        image = await to_thread.run_sync(partial(check_image, raw, max_bytes=MAX_IMAGE_BYTES))
        brief = self._studio.catalogue.brief(order.wishes)
        with charged_to(Account(fresh=order.wishes.fresh)):
            understanding = await self._studio.roadmap.understand(
                image.data, brief, sanitize_ip=order.sanitize_ip
            )
            return await self._draw(understanding, order, ROADMAP_ORIGIN, tell)

    async def _draw(
        self, understanding: Understanding, order: Order, origin: str, tell: Tell
    ) -> Made:
        studio, wishes = self._studio, order.wishes
        brief = studio.catalogue.brief(wishes)
        board = await studio.board(understanding, brief, wishes.format, art=None, origin=origin)
        variation = new_job_id() if wishes.fresh else ""
        if wishes.render is Render.PAINTED:
            tell("painting")
            page = await studio.paint(understanding, brief, wishes.format, variation=variation)
            data = await studio.convert(page.data, board, order.file_format)
            warnings: tuple[str, ...] = (PAINTED_WARNING,)
        else:
            tell("illustrating")
            art = await studio.illustrate(
                understanding, brief, wishes.format, render=wishes.render, variation=variation
            )
            tell("drawing")
            drawing = await studio.draw(board, art.data, order.file_format)
            data, warnings = drawing.data, warnings_of(drawing)
        fields = _fields(understanding)
        return Made(data, understanding.headline, fields, sentences(fields, warnings))


def _fields(understanding: Understanding) -> dict[str, JsonValue]:
    return understanding.model_dump(mode="json")
