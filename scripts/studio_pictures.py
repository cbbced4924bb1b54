"""Take the pictures of the Studio in docs/pictures, of a real server with real work.

    python -m scripts.studio_pictures          all of them
    python -m scripts.studio_pictures jobs     those whose names begin so

Needs the built page (`make page`) and a Chromium in PATH.
"""

import sys
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from storyloom.client import Client
from tests.servers import running
from tests.studio.browsers import ALONE, MISSING, found

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "examples"
#: Pictures are made small enough for a page of text: few colours are in them.
COLOURS = 256
SETTLE_MS = 1500
PATIENCE_S = 600


@dataclass(frozen=True)
class Shot:
    """One picture: its name, what of the page it shows, and how."""

    name: str
    path: str
    scheme: Literal["light", "dark"] = "light"
    width: int = 1280
    height: int = 860


def shots(board: str, run: str) -> list[Shot]:
    """Every view, with work in it."""
    return [
        Shot("make", "/"),
        Shot("make-board", f"/studio/make/{board}"),
        Shot("story", "/studio/story"),
        Shot("story-run", f"/studio/story/runs/{run}"),
        Shot("story-report", f"/studio/story/runs/{run}/report"),
        Shot("automation", "/studio/automation", "dark"),
        Shot("jobs", "/studio/jobs"),
        Shot("jobs-one", f"/studio/jobs/{board}"),
        Shot("jobs-figures", "/studio/jobs/figures"),
        Shot("settings", "/studio/settings"),
        Shot("phone", f"/studio/make/{board}", "dark", 390, 844),
    ]


def made(url: str) -> tuple[str, str]:
    """Work of every kind; the ids of a storyboard and of a run."""
    with Client(url) as client:
        boards = [
            client.create(path).job_id
            for path in sorted(EXAMPLES.joinpath("code").iterdir())
            if path.is_file()
        ]
        script = (EXAMPLES / "story" / "the_last_lamp.fountain").read_text("utf-8")
        run = client.runs.start(script=script, title="The Last Lamp").run_id
        for job in (*boards, run):
            client.wait(job, limit_s=PATIENCE_S)
    return boards[-1], run


def taken(page: Page, shot: Shot) -> Image.Image:
    """Look at a view, once it is still."""
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.emulate_media(color_scheme=shot.scheme, reduced_motion="reduce")
    page.goto(shot.path)
    page.locator("main h1").first.wait_for()
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_function(
        "[...document.images].every((one) => one.complete || one.loading === 'lazy')"
    )
    page.wait_for_load_state("load")
    return Image.open(BytesIO(page.screenshot()))


def main() -> None:
    chromium = found() or sys.exit(MISSING)
    wanted = tuple(sys.argv[1:]) or ("",)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data") as server:
        board, run = made(server.url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ALONE)
            page = browser.new_page(base_url=server.url)
            for shot in shots(board, run):
                if shot.name.startswith(wanted):
                    picture = taken(page, shot).convert("RGB").quantize(COLOURS, kmeans=3)
                    target = TARGET / f"studio-{shot.name}.png"
                    picture.save(target, optimize=True)
                    print(target.relative_to(ROOT))
            browser.close()


if __name__ == "__main__":
    main()
