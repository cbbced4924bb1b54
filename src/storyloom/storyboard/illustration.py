"""Where the picture of a storyboard comes from: a model, the scenes, or an earlier job."""

from dataclasses import dataclass

from storyloom.errors import NotFound
from storyloom.imaging.schemas import MediaType, Picture
from storyloom.storyboard.drawn import Art
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Render, Understanding, Wishes
from storyloom.storyboard.studio import PAINTED_WARNING, degraded_by
from storyloom.storyboard.workbench import Workbench

GONE_WARNING = "The earlier illustration is not kept any more, so another one was made"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture is to be made of, and how. Another `variation` gives another picture."""

    understanding: Understanding
    brief: Brief
    wishes: Wishes
    variation: str = ""


class Illustrator:
    """Makes the picture of one storyboard and keeps it, or takes an earlier one."""

    def __init__(self, bench: Workbench) -> None:
        """Take the workbench."""
        self._bench = bench

    async def art(self, subject: Subject, earlier: Art | None = None) -> Art:
        """Make the picture; of an earlier one, none is made that would cost anything.

        An earlier one that is not kept any more is made again, and a warning says so.
        """
        if subject.wishes.render is Render.PAINTED:
            return await self._painted(subject)
        if earlier is None:
            return await self._made(subject, subject.wishes.render)
        if not earlier.by_model:
            return await self._made(subject, Render.VECTOR)
        try:
            return await self._again(earlier)
        except NotFound:
            art = await self._made(subject, subject.wishes.render)
            return art.model_copy(update={"warnings": (GONE_WARNING,)})

    async def _again(self, art: Art) -> Art:
        """The same file. It is written, too: its age counts from its last use."""
        kept = art.picture
        data = await self._bench.fetch(kept.key)
        ref = await self._bench.keep("art", data, kept.media_type, size=(kept.width, kept.height))
        return Art(picture=ref, by_model=True, degraded=art.degraded)

    async def _made(self, subject: Subject, render: Render) -> Art:
        picture = await self._bench.studio.illustrate(
            subject.understanding,
            subject.brief,
            subject.wishes.format,
            render=render,
            variation=subject.variation,
        )
        return await self._kept("art", picture)

    async def _painted(self, subject: Subject) -> Art:
        picture = await self._bench.studio.paint(
            subject.understanding,
            subject.brief,
            subject.wishes.format,
            variation=subject.variation,
        )
        art = await self._kept("pictures", picture)
        return art.model_copy(update={"warnings": (PAINTED_WARNING,)})

    async def _kept(self, kind: str, picture: Picture) -> Art:
        ref = await self._bench.keep(
            kind, picture.data, picture.media_type, size=(picture.width, picture.height)
        )
        # Scenes are the only pictures that are drawings.
        return Art(
            picture=ref,
            by_model=picture.media_type is not MediaType.SVG,
            degraded=degraded_by(picture),
        )
