"""The view of all work: the list, one job, and the figures."""

import re
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from storyloom.kit import clock
from tests.servers import Running, running
from tests.studio.conftest import PATIENCE_MS, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
SOURCE = Path(clock.__file__).read_text("utf-8")
MANY, CROWD = 100_000, "crowd"
TEXT = "def payback(cost, gain):\n    return cost / gain\n"
HOSTILE_CODE = (
    "# <img src=x onerror=alert(1)> \u202e}; return\ndef pay():\n    return '</script>'\n"
)
HOSTILE_NAMES = ("<img src=x onerror=alert(1)>.py", "invoice\u202egnp.py", "n" * 197 + ".py")
# Every tenth failed, and every third is of another team.
SEED = """
    WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < ?),
        made AS (SELECT n, n % 10 = 0 AS failed, CASE WHEN n % 3 THEN 'web' ELSE 'app' END AS team,
            datetime('2024-01-01', n || ' seconds') || '.000000' AS at FROM many)
    INSERT INTO storyboard_jobs (id, org_id, job_type, status, input_params, execution_time_ms,
        error_message, error_code, created_at, started_at, completed_at, details)
    SELECT printf('00000000-0000-4000-8000-%012x', n), ?, 'code_to_storyboard',
        CASE WHEN failed THEN 'failed' ELSE 'completed' END,
        printf('{"file_name": "seed-%d.py", "file_content": "x = 1", "handling": {"labels": '
            || '{"team": "%s"}}}', n, team),
        1200, CASE WHEN failed THEN 'The model did not answer.' END,
        CASE WHEN failed THEN 'timeout' END, at, at, at, '{}'
    FROM made
"""


def ordered(url: str, name: str = "payback.py", text: str = TEXT, **more: Any) -> str:
    order = {"kind": "code_to_storyboard", "input": {"file_name": name, "file_content": text}}
    answer = httpx2.post(f"{url}/v1/jobs", json=order | more, timeout=60).raise_for_status()
    return answer.json()["id"]


def ended(url: str, job_id: str) -> dict[str, Any]:
    path = f"{url}/v1/jobs/{job_id}"
    while (job := httpx2.get(path, params={"wait": 20}, timeout=60).json())["completed_at"] is None:
        pass
    return job


@pytest.fixture
def held(studio: str) -> Generator[str]:
    """Nothing begins, until it is resumed."""
    httpx2.post(f"{studio}/v1/queues/storyboards/pause", timeout=60).raise_for_status()
    yield studio
    resume(studio)


def resume(url: str) -> None:
    httpx2.post(f"{url}/v1/queues/storyboards/resume", timeout=60).raise_for_status()


async def test_work_of_others_appears_and_goes_on_by_itself(page: Page, held: str) -> None:
    await page.goto("/studio/jobs")
    await expect(page.locator("[data-connection=live]")).to_be_visible()

    job_id = ordered(held, labels={"team": "web"})
    row = page.locator(f"[data-job='{job_id}']")
    await expect(row).to_contain_text("Code storyboard · It waits for its turn")
    await expect(row).to_have_attribute("data-status", "queued")
    resume(held)

    await expect(row).to_have_attribute("data-status", "succeeded")
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []


@pytest.mark.parametrize("name", HOSTILE_NAMES)
async def test_a_job_is_told_whole_and_what_others_wrote_is_text(
    page: Page, studio: str, name: str
) -> None:
    job_id = ordered(studio, name, HOSTILE_CODE)
    ended(studio, job_id)
    await page.set_viewport_size({"width": 360, "height": 760})

    await page.goto(f"/studio/jobs/{job_id}")

    seen = name.replace("\u202e", "\ufffd")
    await expect(page.get_by_role("heading", level=1)).to_have_text(seen)
    source = page.get_by_role("region", name="Source")
    await expect(source).to_contain_text("1# <img src=x onerror=alert(1)> \ufffd}; return")
    for step in ("queued", "understand", "illustrate", "draw", "archive"):
        await expect(page.locator(f"[data-step={step}][data-outcome=done]")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_claims_stand_beside_the_lines_that_bear_them_out(page: Page, studio: str) -> None:
    job_id = ordered(studio, "payback.py", SOURCE)
    ended(studio, job_id)
    await page.goto(f"/studio/jobs/{job_id}")

    picture = page.get_by_role("img", name="Storyboard payback.py")
    await expect(picture).to_have_js_property("naturalWidth", value=1920)
    place = page.get_by_role("button", name=re.compile("^Lines? ")).last
    await place.click()
    first = re.findall("[0-9]+", await place.inner_text())[0]
    await expect(page.locator("[data-cited] span").first).to_have_text(first)
    await expect(place).to_have_attribute("aria-pressed", "true")
    facts = page.get_by_role("complementary", name="Facts")
    await expect(facts).to_contain_text("MEP contractors")
    await expect(facts).to_contain_text("C-suite executives")
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []


async def test_work_that_waits_is_explained_stopped_and_tried_again(page: Page, held: str) -> None:
    job_id = ordered(held, "waiting.py")
    await page.goto(f"/studio/jobs/{job_id}")
    await expect(page.get_by_role("status").filter(has_text="It is the next")).to_be_visible()
    await expect(page.get_by_text("Place in the queue: 1")).to_be_visible()

    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("main").get_by_text("cancelled", exact=True).first).to_be_visible()
    await expect(page.locator("[data-step=queued]")).to_contain_text("In line cancelled")
    await page.get_by_role("button", name="Try again").click()

    await expect(page.get_by_role("link", name="an earlier job")).to_have_attribute(
        "href", f"/studio/jobs/{job_id}"
    )
    resume(held)
    await expect(page.get_by_role("img", name="Storyboard waiting.py")).to_be_visible()


async def test_the_list_is_used_without_a_mouse(page: Page, studio: str) -> None:
    names = ("beneath.py", "above.py")
    below, above = (ordered(studio, name) for name in names)
    ended(studio, below)
    ended(studio, above)
    await page.goto("/studio/jobs")
    await expect(page.locator(f"[data-job='{above}']")).to_be_visible()

    await page.locator(f"[data-job='{above}'] a").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(f"[data-job='{below}'] a")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page).to_have_url(f"/studio/jobs/{below}")
    await page.keyboard.press("/")  # nothing to search here
    await page.get_by_role("link", name="All jobs").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox", name="Search")).to_be_focused()


@pytest.fixture(scope="module")
def stingy(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A server that has a model and no money for it: every storyboard fails before the call."""
    settings = {
        "STORYLOOM_BUDGET_PER_JOB_USD": "0.0001",
        "GOOGLE_API_KEY": "never-sent",
        "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9",
    }
    with running(tmp_path_factory.mktemp("stingy") / "data", **settings) as server:
        yield server.url


async def test_what_failed_says_what_to_do_and_asks_before_it_costs(
    browser: Browser, stingy: str
) -> None:
    job_id = ordered(stingy)
    assert ended(stingy, job_id)["status"] == "failed"
    context = await browser.new_context(base_url=stingy)
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(f"/studio/jobs/{job_id}")

    failed = page.locator("[data-failed]")
    await expect(failed).to_contain_text("budget")
    await expect(page.locator("[data-step=understand]")).to_have_attribute("data-outcome", "failed")
    await page.get_by_role("button", name="Try again").click()
    asked = page.get_by_role("dialog", name="Try again?")
    await expect(asked).to_contain_text("A model may be asked again, and that costs.")
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(asked).to_have_count(0)
    await expect(page).to_have_url(f"/studio/jobs/{job_id}")
    await context.close()


async def test_figures_are_counted_anew_and_queues_are_held(page: Page, studio: str) -> None:
    ended(studio, ordered(studio))
    await page.goto("/studio/jobs/figures")
    succeeded = page.get_by_role("definition").first
    before = int(await succeeded.inner_text())
    finished = page.get_by_role("region", name="Finished work", exact=True)
    await finished.get_by_text("As a table").click()
    await expect(finished.get_by_role("row").last).to_contain_text(str(before))

    at_once = page.get_by_role("region", name="Running at once", exact=True)
    await expect(at_once).to_contain_text("at one moment")
    await at_once.get_by_text("As a table").click()
    await expect(at_once.get_by_role("columnheader").first).to_have_text("Day")
    await expect(at_once.get_by_role("row")).to_have_count(1 + 30)
    await page.get_by_text("7 days").click()
    await at_once.get_by_text("As a table").click()
    await expect(at_once.get_by_role("columnheader").first).to_have_text("Hour (UTC)")
    await page.get_by_text("30 days").click()
    await expect(succeeded).to_have_text(str(before))

    await page.get_by_role("button", name="Pause exports").click()
    await expect(page.locator("[data-queue=exports]")).to_contain_text("held")
    queues = httpx2.get(f"{studio}/v1/queues", timeout=60).json()["data"]
    assert [queue["name"] for queue in queues if queue["paused"]] == ["exports"]
    await page.get_by_role("button", name="Resume exports").click()
    await expect(page.locator("[data-queue=exports]")).to_contain_text("open")

    ended(studio, ordered(studio, "more.py"))
    await expect(succeeded).to_have_text(str(before + 1))
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []


@pytest.mark.usefixtures("many")
async def test_a_hundred_thousand_jobs_are_filtered_scrolled_and_kept_in_place(page: Page) -> None:
    page_header = {"X-Storyloom-Page": "1"}
    await page.request.post("/v1/session", data={"org_id": CROWD}, headers=page_header)
    await page.goto("/studio/jobs?status=failed&label=team%3Dapp")
    rows = page.locator("article[data-status]")
    await expect(rows.first).to_contain_text("The model did not answer.")
    await page.reload()
    await expect(page.locator("article[data-status=failed]").first).to_be_visible()
    assert await page.locator("article:not([data-status=failed])").count() == 0

    await page.get_by_role("button", name="Clear filters").click()
    await page.get_by_role("searchbox", name="Search").fill("SEED-777.py")
    await expect(page.get_by_text("That is the only one.")).to_be_visible()
    await expect(rows).to_contain_text("seed-777.py")
    await expect(page).to_have_url("/studio/jobs?q=SEED-777.py")
    await page.get_by_role("searchbox", name="Search").fill("")
    await expect(page).to_have_url("/studio/jobs")
    await _read_on(page, 3)
    assert await rows.count() < 60
    read = rows.nth(await rows.count() // 2)
    job_id, before = await read.get_attribute("data-job"), await read.bounding_box()

    order = {"file_name": "newest.py", "file_content": TEXT}
    made = await page.request.post("/storyboard/code", data=order, headers=page_header)
    newest = (await made.json())["job_id"]
    news = page.get_by_role("button", name="1 new job")
    await expect(news).to_be_visible()
    after = await page.locator(f"[data-job='{job_id}']").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1
    await news.click()
    await expect(page.locator(f"[data-job='{newest}']")).to_be_in_viewport()


async def _read_on(page: Page, times: int) -> None:
    """Down to the end, which moves away, and then back a little."""
    for _ in range(times):
        known = await page.evaluate("document.body.scrollHeight")
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_function("h => document.body.scrollHeight > h", arg=known)
    start = await page.evaluate("scrollY")
    await page.mouse.wheel(0, -700)  # returns before anything has moved
    await page.evaluate(_STANDS_STILL, start)


# Somewhere else than before, and for some frames at the same place.
_STANDS_STILL = """async start => {
    for (let still = 0, last = start; still < 5; last = scrollY) {
        await new Promise(requestAnimationFrame);
        still = scrollY === last && scrollY !== start ? still + 1 : 0;
    }
}"""


@pytest.fixture(scope="module")
def many(served: Running) -> None:
    database = served.data_dir / "storyloom.sqlite"
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        connection.execute(SEED, (MANY, CROWD))
