"""Storyboards made in this process, by rules or with models."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from anyio import to_thread
from pydantic import JsonValue

from storyloom.access.schemas import Scope
from storyloom.boards.export.board_slides import board_slides
from storyloom.boards.schemas import FileFormat
from storyloom.cli.makers import Made, Order, Tell, sentences
from storyloom.cli.output import warn
from storyloom.cli.sources import as_text
from storyloom.errors import StoryloomError
from storyloom.imaging.uploads import check_image
from storyloom.kit.ids import JobId, new_job_id
from storyloom.outbound.account import charged_to
from storyloom.outbound.costs import cost_of
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import Account
from storyloom.settings import Settings
from storyloom.storyboard.intake import check_source
from storyloom.storyboard.pipeline import ROADMAP_ORIGIN, source_name
from storyloom.storyboard.schemas import MAX_IMAGE_BYTES, BoardFile, Render, Understanding
from storyloom.storyboard.studio import PAINTED_WARNING, Studio, degraded_by, warnings_of


class StudioMaker:
    """Runs the parts of a studio in a row, after the checks that the API makes."""

    def __init__(self, studio: Studio, ledger: Ledger | None = None) -> None:
        """Take an open studio, and the ledger of its calls to models, where it makes any."""
        self._studio = studio
        self._ledger = ledger

    async def code(self, name: str, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a code file."""
        text = as_text(raw)
        check_source(text)
        tell("reading")
        brief = self._studio.catalogue.brief(order.wishes)
        job_id = new_job_id()
        with charged_to(Account(job_id=job_id, scope=Scope.STORYBOARDS, fresh=order.wishes.fresh)):
            understanding = await self._studio.code.understand(name, text, brief)
            made = await self._draw(understanding, order, source_name(name), tell)
        return await self._with_cost(made, job_id)

    async def roadmap(self, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a screenshot."""
        tell("reading")
        image = await to_thread.run_sync(partial(check_image, raw, max_bytes=MAX_IMAGE_BYTES))
        brief = self._studio.catalogue.brief(order.wishes)
        job_id = new_job_id()
        with charged_to(Account(job_id=job_id, scope=Scope.STORYBOARDS, fresh=order.wishes.fresh)):
            understanding = await self._studio.roadmap.understand(
                image.data, brief, sanitize_ip=order.sanitize_ip
            )
            made = await self._draw(understanding, order, ROADMAP_ORIGIN, tell)
        return await self._with_cost(made, job_id)

    async def _with_cost(self, made: Made, job_id: JobId) -> Made:
        """In the ledger each storyboard is a job of its own, so that a job's budget holds here."""
        if self._ledger is None:
            return made
        try:
            return replace(made, cost=cost_of(await self._ledger.of_job(job_id)))
        except StoryloomError:  # the picture is there, and was paid for
            return made

    async def _draw(
        self, understanding: Understanding, order: Order, origin: str, tell: Tell
    ) -> Made:
        studio, wishes = self._studio, order.wishes
        brief = studio.catalogue.brief(wishes)
        board = await studio.board(understanding, brief, wishes.format, art=None, origin=origin)
        variation = new_job_id() if wishes.fresh else ""
        are_slides = order.file_format is BoardFile.PPTX
        file_format = FileFormat.PNG if are_slides else FileFormat(order.file_format)
        if wishes.render is Render.PAINTED:
            tell("painting")
            page = await studio.paint(understanding, brief, wishes.format, variation=variation)
            data = await studio.convert(page.data, board, file_format)
            warnings: tuple[str, ...] = (PAINTED_WARNING, *degraded_by(page))
        else:
            tell("illustrating")
            art = await studio.illustrate(
                understanding, brief, wishes.format, render=wishes.render, variation=variation
            )
            tell("drawing")
            drawing = await studio.draw(board, art.data, file_format)
            data, warnings = drawing.data, (*degraded_by(art), *warnings_of(drawing))
        if are_slides:
            data = await to_thread.run_sync(board_slides, board, data)
        fields = _fields(understanding)
        return Made(data, understanding.headline, fields, sentences(fields, warnings))


@asynccontextmanager
async def asking(settings: Settings, studio: Studio) -> AsyncGenerator[StudioMaker]:
    """A maker that asks models."""
    from storyloom.bootstrap.workshop import open_workshop  # noqa: PLC0415 - who asks none spares it

    async with open_workshop(settings, studio, warn) as workshop:
        yield StudioMaker(workshop.studio, workshop.ledger)


def _fields(understanding: Understanding) -> dict[str, JsonValue]:
    return understanding.model_dump(mode="json")
