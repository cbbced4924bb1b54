"""What storyboards are made with: rules and drawn scenes, or models where there are any."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from anyio import to_thread

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.bootstrap.models import Models
from storyloom.llm.ports import Asks
from storyloom.settings import Settings
from storyloom.storyboard.asked.chosen import ChosenCodeUnderstanding, ChosenRoadmapUnderstanding
from storyloom.storyboard.asked.code import AskedCodeUnderstanding
from storyloom.storyboard.asked.roadmap import AskedRoadmapUnderstanding
from storyloom.storyboard.code.understand import StaticCodeUnderstanding
from storyloom.storyboard.masking import Masker
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.redacted import RedactedCodeUnderstanding
from storyloom.storyboard.roadmap.understand import StaticRoadmapUnderstanding
from storyloom.storyboard.studio import Studio


def open_studio(settings: Settings) -> Studio:
    """What works without a model. Opens nothing: fonts and models load when first used."""
    scenes = TypstImageBackend()
    return Studio(
        catalogue=Catalogue.load(settings.presets_dir),
        code=RedactedCodeUnderstanding(StaticCodeUnderstanding(TreeSitterCodeReader())),
        roadmap=StaticRoadmapUnderstanding(RapidOcrTextReader()),
        backend=scenes,
        scenes=scenes,
        renderer=TypstBoardRenderer(
            threads=settings.render_threads, system_fonts=settings.system_fonts
        ),
    )


def with_models(studio: Studio, models: Models) -> Studio:
    """The same studio, where models understand and illustrate."""
    reader = RapidOcrTextReader()

    def code(asks: Asks) -> CodeUnderstanding:
        return RedactedCodeUnderstanding(AskedCodeUnderstanding(asks, studio.code))

    def roadmap(asks: Asks) -> RoadmapUnderstanding:
        return AskedRoadmapUnderstanding(asks, studio.roadmap, masker=Masker(reader), reader=reader)

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
