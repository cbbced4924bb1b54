"""Files of every kind, whole or not at all."""

from pathlib import Path

import pytest

from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Fetch
from storyloom.boards.export.schemas import ExportKind, ExportOptions, Reel
from storyloom.errors import Unavailable


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
