"""What lies beside the pictures of a story: a contact sheet, a page for a browser, and the report."""

import json
from collections.abc import Sequence
from pathlib import Path, PurePath

from anyio import to_thread

from storyloom.automation.runs.reel import reel_of
from storyloom.boards.export.schemas import ExportKind, Reel, ReelItem
from storyloom.boards.export.viewer import viewer_of
from storyloom.bootstrap.solo import Solo
from storyloom.cli.destinations import write
from storyloom.cli.story_telling import Show, Told, told_of
from storyloom.story.episodes import StoryView

SHEET, VIEWER, REPORT = "contact-sheet.pdf", "index.html", "report.json"
_UNREADABLE = "A picture cannot be read any more, so the contact sheet has a card in its place."


async def exported(show: Show, story: StoryView, solo: Solo, *, is_known: bool) -> Told:
    """Write it all; where there is no picture, the report alone.

    What an earlier command has written of the same is left as it is.
    """
    files = {"report": show.folder / REPORT}
    if any(shot.version is not None for shot in show.shots):
        files |= {"sheet": show.folder / SHEET, "viewer": show.folder / VIEWER}
    if is_known and await to_thread.run_sync(_are_there, tuple(files.values())):
        return Told(show, files)
    await to_thread.run_sync(_write_report, files["report"], show)
    warnings: list[str] = []
    if "sheet" in files:
        reel = reel_of(show.run, show.shots, story, show.report)
        done = await solo.exporter.export(reel, ExportKind.SHEET, solo.images.get, files["sheet"])
        warnings += [_UNREADABLE] if done.left_out else []
        await to_thread.run_sync(_write_viewer, files["viewer"], reel)
    return Told(show, files, tuple(warnings))


def name_of(item: ReelItem) -> str | None:
    """The file of an item's picture, beside the page."""
    return None if item.picture is None else f"{item.id}{PurePath(item.picture.key).suffix}"


def _are_there(files: Sequence[Path]) -> bool:
    return all(file.is_file() for file in files)


def _write_viewer(path: Path, reel: Reel) -> None:
    write(path, viewer_of(reel, name_of).encode())


def _write_report(path: Path, show: Show) -> None:
    write(path, json.dumps(told_of(show), indent=2, ensure_ascii=False).encode() + b"\n")
