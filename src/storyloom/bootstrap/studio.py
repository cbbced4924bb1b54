"""What storyboards are made with: rules and drawn scenes, or models where there are any."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from anyio import to_thread

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.bootstrap.models import Models
from storyloom.llm.ports import Asks
from storyloom.settings import Settings
from storyloom.storyboard.asked.chosen import ChosenCodeUnderstanding, ChosenRoadmapUnderstanding
from storyloom.storyboard.late import LateCodeUnderstanding, LateRoadmapUnderstanding
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.studio import Studio


def open_studio(settings: Settings) -> Studio:
    """What works without a model. Opens nothing: fonts, rules and models load when first used."""
    scenes = TypstImageBackend()
    return Studio(
        catalogue=Catalogue.load(settings.presets_dir),
        code=LateCodeUnderstanding(_static_code),
        roadmap=LateRoadmapUnderstanding(_static_roadmap),
        backend=scenes,
        scenes=scenes,
        renderer=TypstBoardRenderer(
            threads=settings.render_threads, system_fonts=settings.system_fonts
        ),
    )


def with_models(studio: Studio, models: Models) -> Studio:
    """The same studio, where models understand and illustrate."""

    def code(asks: Asks) -> CodeUnderstanding:
        return LateCodeUnderstanding(partial(_asked_code, asks, studio.code))

    def roadmap(asks: Asks) -> RoadmapUnderstanding:
        return LateRoadmapUnderstanding(partial(_asked_roadmap, asks, studio.roadmap))

    language = models.language
    return replace(
        studio,
        code=ChosenCodeUnderstanding(
            studio.code if language is None else code(language),
            lambda name: code(models.named(name)),
        ),
        roadmap=ChosenRoadmapUnderstanding(
            studio.roadmap if language is None else roadmap(language),
            lambda name: roadmap(models.named(name)),
        ),
        backend=models.images or studio.backend,
        painter=models.images,
        rules=studio.code,
        roadmap_rules=studio.roadmap,
    )


@asynccontextmanager
async def studio_of(
    settings: Settings, models: Models | None, studio: Studio | None = None
) -> AsyncGenerator[Studio]:
    """The studio that the settings choose, or the given one; without models, one that asks none."""
    if studio is not None:
        yield studio
        return
    plain = await to_thread.run_sync(open_studio, settings)
    yield plain if models is None else with_models(plain, models)


def _static_code() -> CodeUnderstanding:
    from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader  # noqa: PLC0415
    from storyloom.storyboard.code.understand import StaticCodeUnderstanding  # noqa: PLC0415
    from storyloom.storyboard.redacted import RedactedCodeUnderstanding  # noqa: PLC0415

    return RedactedCodeUnderstanding(StaticCodeUnderstanding(TreeSitterCodeReader()))


def _static_roadmap() -> RoadmapUnderstanding:
    from storyloom.storyboard.roadmap.understand import (  # noqa: PLC0415
        StaticRoadmapUnderstanding,
    )

    return StaticRoadmapUnderstanding(RapidOcrTextReader())


def _asked_code(asks: Asks, static: CodeUnderstanding) -> CodeUnderstanding:
    from storyloom.storyboard.asked.code import AskedCodeUnderstanding  # noqa: PLC0415
    from storyloom.storyboard.redacted import RedactedCodeUnderstanding  # noqa: PLC0415

    return RedactedCodeUnderstanding(AskedCodeUnderstanding(asks, static))


def _asked_roadmap(asks: Asks, static: RoadmapUnderstanding) -> RoadmapUnderstanding:
    from storyloom.storyboard.asked.roadmap import AskedRoadmapUnderstanding  # noqa: PLC0415
    from storyloom.storyboard.masking import Masker  # noqa: PLC0415

    reader = RapidOcrTextReader()
    return AskedRoadmapUnderstanding(asks, static, masker=Masker(reader), reader=reader)
