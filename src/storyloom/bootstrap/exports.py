"""What hands stories over."""

from storyloom.adapters.ffmpeg.film_maker import FfmpegFilmMaker
from storyloom.adapters.typst.sheet_renderer import TypstSheetRenderer
from storyloom.boards.export.exporter import Exporter
from storyloom.settings import Settings, foreign_environment


def exporter_of(settings: Settings) -> Exporter:
    """What writes a story's pictures as sheets, slides, archives, films and timelines."""
    return Exporter(TypstSheetRenderer(), films_of(settings))


def films_of(settings: Settings) -> FfmpegFilmMaker:
    """What makes films of stories; opens nothing."""
    return FfmpegFilmMaker(foreign_environment(), settings.ffmpeg)
