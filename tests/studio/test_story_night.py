"""A run of 48 beats, watched from start to export, through a reload and the death of the server."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx2 as httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.servers import running
from tests.studio.conftest import PATIENCE_MS

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
BEATS = 48
PLACES = ("HARBOUR", "LIGHTHOUSE", "KITCHEN", "FOREST")
SCRIPT = "\n\n".join(
    f"EXT. {PLACES[n % len(PLACES)]} {n} - NIGHT\n\nMARA (40, red coat) lifts lantern number {n}."
    for n in range(1, BEATS + 1)
)
RUNS = "/api/v1/automation/runs"
#: Whatever the machine is busy with: a run of frames takes some ten seconds.
END_MS = 180_000


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncGenerator[Page]:
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield await context.new_page()
    await context.close()


async def test_a_night_is_watched_from_start_to_export(visitor: Page, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as server:
        await _begin(visitor, server.url)
        await _made(visitor, 3)
        server.process.kill()
        server.process.wait()
        await expect(visitor.locator("[data-connection=away]")).to_be_visible()
        await expect(visitor.locator("[data-shot]")).to_have_count(BEATS)  # what is known stays
        await visitor.get_by_role("button", name="Pause").click()
        unanswered = visitor.get_by_role("alert").filter(has_text="The server does not answer")
        await expect(unanswered).to_be_visible()
        pictures = visitor.locator("[data-shot][data-status=done]")
        assert await pictures.count() < BEATS, "it ended before it could be disturbed"
    with running(data, "--port", server.url.rpartition(":")[2]):
        await expect(visitor.locator("[data-connection=live]")).to_be_visible()
        await expect(unanswered).to_have_count(0)
        await _made(visitor, await _told(visitor, server.url))
        await visitor.reload()
        await _made(visitor, await _told(visitor, server.url))
        await expect(visitor.locator("[data-stage=complete]")).to_be_visible(timeout=END_MS)
        await _shows_the_truth(visitor, server.url)
        assert (await _exported(visitor)).startswith(b"%PDF")


async def _begin(page: Page, url: str) -> None:
    await page.goto(f"{url}/studio/story")
    await page.get_by_label("Your script").fill(SCRIPT)
    await page.get_by_role("button", name="Make the pictures").click()
    await expect(page).to_have_url(re.compile(r"/studio/story/runs/\S+"))
    await expect(page.locator("[data-shot]")).to_have_count(BEATS)


async def _exported(page: Page) -> bytes:
    await page.get_by_role("tab", name="Export").click()
    await page.get_by_role("button", name="Make the files").click()
    async with page.expect_download(timeout=END_MS) as downloading:
        await page.get_by_role("link", name="Download").click(timeout=END_MS)
    return (await (await downloading.value).path()).read_bytes()


async def _made(page: Page, least: int) -> None:
    """It shows so many pictures at least, by itself."""
    tiles = page.locator("[data-shot][data-status=done]")
    await expect(tiles.nth(least - 1)).to_be_attached()


async def _told(page: Page, url: str) -> int:
    """How many pictures are made, by the API."""
    counts = httpx.get(f"{url}{RUNS}/{_run(page)}").json()["counts"]
    return int(counts["done"])


def _run(page: Page) -> str:
    return page.url.rpartition("/")[2]


async def _shows_the_truth(page: Page, url: str) -> None:
    """Each tile shows the picture that the API gives for it, and each can be seen."""
    told = httpx.get(f"{url}{RUNS}/{_run(page)}").json()
    assert told["counts"]["done"] == told["counts"]["total"] == BEATS
    await expect(page.locator("[data-made]")).to_have_attribute("data-made", str(BEATS))
    await expect(page.locator("[data-shot][data-status=done] img")).to_have_count(BEATS)
    shown: dict[str, list[str]] = await page.locator("[data-shot]").evaluate_all(
        """tiles => Object.fromEntries(tiles.map(tile =>
            [tile.dataset.shot, [tile.dataset.status, tile.querySelector("img").getAttribute("src")]]))"""
    )
    for shot in told["shots"]:
        status, source = shown[shot["id"]]
        assert status == shot["status"]
        assert source.startswith(shot["imageUrl"])
    last = page.locator("[data-shot] img").last
    await last.scroll_into_view_if_needed()
    assert await last.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
