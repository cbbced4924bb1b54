"""How soon the page shows the list of storyboards to somebody who has never been here."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.client import Client
from bench.figures import Figure, Times, skipped
from bench.processes import storyloom_serve
from bench.sources import source
from storyloom.api.page import BUILT, INDEX
from tests.studio.browsers import ALONE, MISSING, found

ROUNDS = 9
STORYBOARDS = 12
MAX_KIB = 300
MAX_S = 1.5
# When the first row was painted; the page's own clock begins with the request for it.
_WATCH = """
    const watched = new MutationObserver(() => {
        if (!document.querySelector('article[data-job]')) return;
        watched.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.shownAt = performance.now(); }));
    });
    watched.observe(document, {childList: true, subtree: true});
"""
_SENT = """() => {
    const files = performance.getEntriesByType('resource');
    const sum = some => some.reduce((bytes, file) => bytes + file.encodedBodySize, 0);
    const ends = ending => files.filter(file => new URL(file.name).pathname.endsWith(ending));
    return {script: sum(ends('.js')), style: sum(ends('.css')), font: sum(ends('.woff2'))};
}"""


def page() -> Iterator[Figure]:
    what = "page on a cold cache, until the first storyboard is listed"
    path = found()
    if path is None or not (BUILT / INDEX).is_file():
        yield skipped(what, MISSING if path is None else "it is not built: make page")
        return
    with TemporaryDirectory() as folder, storyloom_serve(folder) as (_, port):
        for number in range(STORYBOARDS):
            Client(port).storyboard(*source(number))
        with _browser(path) as browser:
            visits = [_visited(browser, port) for _ in range(ROUNDS + 1)][1:]
    shown = Times([visit["shown"] / 1000 for visit in visits])
    empty = Times([visit["empty"] / 1000 for visit in visits])
    yield Figure(
        what,
        str(shown),
        f"{empty}: an answer of two words, in the same browser",
        shown.median / empty.median,
        f"<= {MAX_S:g} s",
        shown.median <= MAX_S,
    )
    sent = {name: visits[0][name] / 1024 for name in ("script", "style", "font")}
    yield Figure(
        "page on a cold cache, compressed script",
        f"{sent['script']:.0f} KiB",
        f"{sent['style']:.0f} KiB of style, {sent['font']:.0f} KiB of fonts",
        target=f"<= {MAX_KIB} KiB",
        is_met=sent["script"] <= MAX_KIB,
    )


@contextmanager
def _browser(path: str) -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ALONE)
        yield browser
        browser.close()


def _visited(browser: Browser, port: int) -> dict[str, Any]:
    """Look at both as a new visitor, who has nothing of the page yet."""
    home = f"http://127.0.0.1:{port}"
    context = browser.new_context()
    visitor = context.new_page()
    visitor.goto(f"{home}/livez")
    empty = visitor.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    visitor.close()
    visitor = context.new_page()
    visitor.add_init_script(_WATCH)
    visitor.goto(f"{home}/studio/jobs")
    shown = visitor.wait_for_function("() => window.shownAt").json_value()
    sent = visitor.evaluate(_SENT)
    context.close()
    return {"empty": empty, "shown": shown, **sent}
