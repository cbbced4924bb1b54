"""A real browser at a real server.

Debian's Chromium is driven, or whatever Chromium is in PATH. Where there is none, these tests are
skipped and say so; where everything has to be there (CI), they fail.
"""

import os
from collections.abc import AsyncGenerator, Generator
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from tests.servers import Running, running
from tests.studio.browsers import ALONE, MISSING, found
from tests.studio.stories import Other

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str:
    path = found()
    if path is None and os.environ.get("CI"):  # noqa: TID251
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    return path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """A server for all files that need no other: of what they leave there, no other may take notice."""
    chromium()
    data = tmp_path_factory.mktemp("studio") / "data"
    # Its webhooks may lead to itself, and it has no GPU and no ffmpeg, whatever this machine has.
    settings = {
        "STORYLOOM_WEBHOOK_ALLOW": "127.0.0.1",
        "STORYLOOM_NVIDIA_SMI": str(data / "none"),
        "STORYLOOM_FFMPEG": str(data / "none"),
    }
    with running(data, **settings) as server:
        yield server


@pytest.fixture(scope="session")
def studio(served: Running) -> str:
    """Its address."""
    return served.url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ALONE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, studio: str) -> AsyncGenerator[Page]:
    """A new visitor's page. What its console complains of fails the test, so a policy that is broken does."""
    # Without movement there is less to wait for, and no colour is caught halfway.
    context = await browser.new_context(
        base_url=studio, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.extend(_stranger(asked.url, studio)))
    page.complaints = complaints  # pyright: ignore[reportAttributeAccessIssue]
    yield page
    await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def other(studio: str) -> AsyncGenerator[Other]:
    async with httpx2.AsyncClient(base_url=studio, timeout=60) as api:
        yield Other(api)


def _complaint(message: ConsoleMessage) -> list[str]:
    # An answer that is an error is a matter of the view, which shows it.
    is_answer = "Failed to load resource" in message.text
    return [message.text] if message.type in {"error", "warning"} and not is_answer else []


def _stranger(url: str, studio: str) -> list[str]:
    return [] if url.startswith((studio, "data:", "blob:")) else [f"asked {url}"]


# What is shown follows the scheme of the system a moment later, and what opens fades in: a frame or two
# after it is there. Until then its colours are mixed with what lies below.
_SETTLED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const has = () => document.documentElement.dataset.mantineColorScheme;
    while (has() !== (dark.matches ? "dark" : "light")) await frame();
    const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
    const moves = () => document.getAnimations().some((one) => one.playState === "running" && ends(one));
    for (let still = 0; still < 5; still++) {
        await frame();
        if (moves()) still = 0;
    }
    return window.axe === undefined;
}"""


@cache
def _axe() -> str:
    return (ROOT / "ui/node_modules/axe-core/axe.min.js").read_text("utf-8")


async def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA: each rule with the places that break it."""
    if await page.evaluate(_SETTLED):
        await page.evaluate(_axe())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: dict[str, Any] = await page.evaluate(
        """tags => axe.run(document, {
            runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
        })""",
        tags,
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return await page.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return [];
            const wide = (one) => one.getBoundingClientRect().right > root.clientWidth + 1;
            return [...document.querySelectorAll("main *")].filter(wide).map((one) => one.outerHTML.slice(0, 200));
        }"""
    )
