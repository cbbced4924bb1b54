"""What storyboards are made with. It needs neither storage nor engine."""

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.settings import Settings
from storyloom.storyboard.code.understand import StaticCodeUnderstanding
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.roadmap.understand import StaticRoadmapUnderstanding
from storyloom.storyboard.studio import Studio


def open_studio(settings: Settings) -> Studio:
    """What storyboards are made with. Opens nothing: fonts and models load when first used."""
    return Studio(
        catalogue=Catalogue.load(settings.presets_dir),
        code=StaticCodeUnderstanding(TreeSitterCodeReader()),
        roadmap=StaticRoadmapUnderstanding(RapidOcrTextReader()),
        backend=TypstImageBackend(),
        renderer=TypstBoardRenderer(
            threads=settings.render_threads, system_fonts=settings.system_fonts
        ),
    )
