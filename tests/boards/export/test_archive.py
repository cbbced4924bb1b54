"""What is in an archive."""

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Fetch
from storyloom.boards.export.schemas import ExportKind, Reel


async def test_it_holds_pictures_as_they_are_and_tells_of_them(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    file = await exporter.export(reel, ExportKind.ARCHIVE, fetch, tmp_path / "story.zip")

    with ZipFile(file.path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        first = manifest["items"][0]
        assert archive.read("pictures/0001-ext-station-night.png") == await fetch("a")
        assert archive.read("pictures/0002-int-cafe-day.jpg") == await fetch("b")
    assert file.left_out == (4,)
    assert manifest["storyloom"] == 1
    assert manifest["title"] == "The Last Train"
    assert manifest["report"]["spent_usd"] == "0.12"
    assert first["picture"]["file"] == "pictures/0001-ext-station-night.png"
    assert first["picture"]["sha256"] == sha256(await fetch("a")).hexdigest()
    assert (first["seed"], first["prompt"]) == (7, "a woman running")
    assert [item["picture"] is None for item in manifest["items"]] == [False, False, True, True]


async def test_nothing_lies_outside_and_nothing_is_named_twice(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    file = await exporter.export(reel, ExportKind.ARCHIVE, fetch, tmp_path / "story.zip")

    with ZipFile(file.path) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "out")
    assert len(set(names)) == len(names)
    assert all((tmp_path / "out" / name).is_file() for name in names)
    assert not any(name.startswith("/") or ".." in name or "\\" in name for name in names)


async def test_the_same_reel_gives_the_same_bytes(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    first = await exporter.export(reel, ExportKind.ARCHIVE, fetch, tmp_path / "1.zip")
    again = await exporter.export(reel, ExportKind.ARCHIVE, fetch, tmp_path / "2.zip")

    assert first.path.read_bytes() == again.path.read_bytes()
