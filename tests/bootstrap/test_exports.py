"""What hands stories over is joined from the settings."""

from pathlib import Path

from storyloom.boards.export.schemas import ExportKind, Reel, ReelItem
from storyloom.bootstrap.exports import exporter_of
from storyloom.settings import Settings
from tests.ffmpeg import stand_in


async def _nothing(key: str) -> bytes:
    raise AssertionError(key)


async def test_sheets_and_films_are_made(tmp_path: Path) -> None:
    exporter = exporter_of(Settings(data_dir=tmp_path, ffmpeg=str(stand_in(tmp_path))))
    reel = Reel(title="x", items=(ReelItem(number=1, caption="Nobody."),))

    sheet = await exporter.export(reel, ExportKind.SHEET, _nothing, tmp_path / "story.pdf")
    film = await exporter.export(reel, ExportKind.ANIMATIC, _nothing, tmp_path / "story.mp4")

    assert sheet.path.read_bytes().startswith(b"%PDF")
    assert film.path.read_bytes()[4:8] == b"ftyp"
