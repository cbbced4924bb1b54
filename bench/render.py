"""One storyboard drawn in this process, against the same page through headless Chromium."""

import subprocess
from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import anyio

from bench.figures import Figure, Times, compared
from bench.sources import headline, source
from storyloom.boards.schemas import Board
from storyloom.bootstrap.studio import open_studio
from storyloom.settings import Settings
from storyloom.storyboard.schemas import Wishes
from storyloom.storyboard.studio import Studio
from tests.studio.browsers import found

ROUNDS = 30
CHROMIUM_ROUNDS = 5
WHAT = "draw one storyboard, all words new"
_PAGE = (Path(__file__).parent / "page.html").read_text("utf-8")


def render() -> Iterator[Figure]:
    boards, ours = anyio.run(_ours, open_studio(Settings.load()))
    browser = found()
    if browser is None:
        yield Figure(WHAT, str(ours), "skipped: no Chromium on PATH")
    else:
        theirs = _chromium(browser, boards[:CHROMIUM_ROUNDS])
        yield compared(WHAT, ours, theirs, named="headless Chromium, a process a page")


async def _ours(studio: Studio) -> tuple[list[Board], Times]:
    boards: list[Board] = []
    each: list[float] = []
    for number in range(ROUNDS + 2):
        brief = studio.catalogue.brief(Wishes(custom_headline=headline(number)))
        understanding = await studio.code.understand(*source(number), brief)
        page_format = Wishes().format
        art = (await studio.illustrate(understanding, brief, page_format)).data
        board = await studio.board(
            understanding, brief, page_format, art=None, origin=source(number)[0]
        )
        started = perf_counter()
        await studio.draw(board, art)
        each.append(perf_counter() - started)
        boards.append(board)
    return boards, Times(each[2:])


def _chromium(browser: str, boards: list[Board]) -> Times:
    each: list[float] = []
    with TemporaryDirectory() as folder:
        page, picture = Path(folder) / "page.html", Path(folder) / "page.png"
        for board in boards:
            page.write_text(_html(board), "utf-8")
            started = perf_counter()
            subprocess.run(  # noqa: S603 - found on PATH by its own name
                [
                    browser,
                    "--headless=new",
                    "--no-sandbox",
                    "--hide-scrollbars",
                    "--force-device-scale-factor=1",
                    f"--user-data-dir={folder}/profile",
                    "--window-size=1920,1080",
                    f"--screenshot={picture}",
                    page.as_uri(),
                ],
                check=True,
                capture_output=True,
                timeout=60,
            )
            each.append(perf_counter() - started)
    return Times(each)


def _html(board: Board) -> str:
    panels = "".join(
        f"<section><i></i><h2>{escape(p.label)}</h2><p>{escape(p.body)}</p></section>"
        for p in board.panels
    )
    return (
        _PAGE.replace("{headline}", escape(board.headline))
        .replace("{lead}", escape(board.lead))
        .replace("{panels}", panels)
        .replace("{footnote}", escape(board.footnote))
    )
