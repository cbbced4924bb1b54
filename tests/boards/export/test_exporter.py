"""Files of every kind, whole or not at all."""

import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Fetch
from storyloom.boards.export.schemas import (
    ExportKind,
    ExportOptions,
    Reel,
    SheetLayout,
)
from storyloom.errors import Unavailable, Unsupported
from tests.boards.export.stories import NotedFilms, NotedSheets, ref


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_timeline_is_written(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    out = tmp_path / "story.edl"

    file = await exporter.export(
        reel, ExportKind.EDL, fetch, out, options=ExportOptions(frames_per_second=25)
    )

    assert out.read_bytes().decode() == edl_of(reel, 25)
    assert (file.path, file.kind, file.size_bytes) == (out, ExportKind.EDL, out.stat().st_size)
    assert _files(tmp_path) == [out]


async def test_a_fault_leaves_the_old_file(exporter: Exporter, reel: Reel, tmp_path: Path) -> None:
    out = tmp_path / "story.zip"
    out.write_bytes(b"yesterday's")

    async def away(key: str) -> bytes:
        raise Unavailable(f"no {key} now")

    with pytest.raises(Unavailable):
        await exporter.export(reel, ExportKind.ARCHIVE, away, out)

    assert out.read_bytes() == b"yesterday's"
    assert _files(tmp_path) == [out]


async def test_a_sheet_is_typeset_of_small_copies(reel: Reel, fetch: Fetch, tmp_path: Path) -> None:
    sheets = NotedSheets()
    broken = reel.items[2].model_copy(update={"picture": ref("bad")})
    reel = reel.model_copy(update={"items": (*reel.items[:2], broken, reel.items[3])})

    file = await Exporter(sheets, NotedFilms()).export(
        reel,
        ExportKind.SHEET,
        fetch,
        tmp_path / "story.pdf",
        options=ExportOptions(layout=SheetLayout.NOTES),
    )

    assert file.path.read_bytes() == b"The Last Train notes"
    assert {number: data[:2] for number, data in sheets.thumbnails.items()} == {
        1: b"\xff\xd8",
        2: b"\xff\xd8",
    }
    assert file.left_out == (3, 4)
    assert file.truncated == ("items.1.caption",)


async def test_a_film_shows_every_item_for_its_time(
    reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    films = NotedFilms()

    file = await Exporter(NotedSheets(), films).export(
        reel, ExportKind.ANIMATIC, fetch, tmp_path / "story.mp4"
    )

    assert file.path.read_bytes() == b"film"
    assert [still.frames for still in films.stills] == [60, 96, 96, 96]
    assert films.stills[0].words == "Mara runs along the platform."
    assert len({still.path for still in films.stills}) == 4
    assert {Image.open(BytesIO(picture)).size for picture in films.pictures} == {(1280, 720)}
    assert not films.stills[0].path.parent.exists()


async def test_every_kind_is_written(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    for kind in ExportKind:
        file = await exporter.export(reel, kind, fetch, tmp_path / f"story{kind.suffix}")

        assert file.size_bytes == file.path.stat().st_size > 0


async def test_a_page_that_is_alone_carries_small_copies_of_its_pictures(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    broken = reel.items[2].model_copy(update={"picture": ref("bad")})
    reel = reel.model_copy(update={"items": (*reel.items[:2], broken, reel.items[3])})
    beside, alone = tmp_path / "beside.html", tmp_path / "alone.html"

    await exporter.export(reel, ExportKind.VIEWER, fetch, beside)
    file = await exporter.export(
        reel, ExportKind.VIEWER, fetch, alone, options=ExportOptions(embeds=True)
    )

    embedded = alone.read_text("utf-8")
    assert file.left_out == (broken.number, 4)
    assert embedded.count('<img src="data:image/jpeg;base64,') == 2
    assert "img-src data:;" in embedded
    assert "pictures/" not in embedded
    assert 'src="pictures/' in beside.read_text("utf-8")


async def test_what_is_not_installed_is_told_beforehand(
    exporter: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoFilms(NotedFilms):
        async def ping(self) -> None:
            raise Unsupported

    for kind in ExportKind:
        await exporter.check(kind)
    with pytest.raises(Unsupported):
        await Exporter(NotedSheets(), NoFilms()).check(ExportKind.ANIMATIC)
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(Unsupported, match="storyloom"):
        await exporter.check(ExportKind.SLIDES)
