"""The frame around every view: the way around, by hand and by keyboard, and signing in."""

from collections.abc import Generator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.servers import running
from tests.studio.conftest import PATIENCE_MS, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
ADMIN = "sl_operator_" + "x" * 40
# How light a ground is, 0 to 255: what lies over the body, drawn.
_GREY = """one => {
    const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    for (const part of [document.body, one]) {
        pen.fillStyle = getComputedStyle(part).backgroundColor;
        pen.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}"""
VIEWS = ("Make", "Story", "Automation", "Jobs", "Settings")


@pytest.mark.parametrize("name", VIEWS)
async def test_every_view_is_reached_and_has_no_barrier(name: str, page: Page) -> None:
    await page.goto("/")
    await page.get_by_role("navigation").get_by_role("link", name=name).click()

    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    assert await violations(page) == []


async def test_where_one_is_is_lighter_than_the_night(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto("/studio/jobs")
    here = page.get_by_role("navigation").get_by_role("link", name="Jobs")
    await expect(here).to_have_attribute("aria-current", "page")
    await expect(page.locator("main h1")).to_be_visible()
    assert await violations(page) == []

    ground, own = [
        await part.evaluate(_GREY) for part in (page.get_by_role("navigation").first, here)
    ]

    assert own > ground + 15


async def test_letters_lead_from_view_to_view(page: Page) -> None:
    await page.goto("/")
    await expect(page.locator("main h1")).to_be_visible()

    await page.keyboard.press("g")
    await page.keyboard.press("j")
    await expect(page).to_have_url("/studio/jobs")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_reload_stays_where_it_was(page: Page) -> None:
    await page.goto("/studio/settings")
    await page.reload()

    await expect(
        page.get_by_role("navigation").get_by_role("link", name="Settings")
    ).to_have_attribute("aria-current", "page")


async def test_a_second_tab_is_live_too_and_goes_on_alone(page: Page) -> None:
    """One of them holds the stream of events for all."""
    await page.goto("/studio/jobs")
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    second = await page.context.new_page()
    await second.goto("/studio/jobs")
    await expect(second.locator("[data-connection=live]")).to_be_visible()

    # What happened between one stream and the next was told to nobody: all is looked up again.
    async with second.expect_request(lambda asked: "/v1/jobs?" in asked.url):
        await page.goto("about:blank")
    await expect(second.locator("[data-connection=live]")).to_be_visible()


async def test_an_address_of_no_view_says_so(page: Page) -> None:
    await page.goto("/studio/nowhere")

    await expect(page.get_by_text("There is no such view")).to_be_visible()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    data = tmp_path_factory.mktemp("guarded") / "data"
    with running(data, STORYLOOM_ADMIN_KEY=ADMIN) as server:
        yield server.url


async def test_a_key_lets_in_and_no_script_sees_it(browser: Browser, guarded: str) -> None:
    context = await browser.new_context(base_url=guarded)
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto("/studio/jobs")

    await page.get_by_label("Your key").fill("sl_wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Your key").fill(ADMIN)
    await page.keyboard.press("Enter")

    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    assert ADMIN not in await page.evaluate("document.cookie + JSON.stringify(localStorage)")
    await page.reload()
    await expect(page.locator("main h1")).to_be_visible()
    second = await context.new_page()
    await second.goto("/studio/jobs")
    await expect(second.locator("main h1")).to_be_visible()
    await page.get_by_role("button", name="Organisation").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_label("Your key")).to_be_visible()
    await expect(second.get_by_label("Your key")).to_be_visible()
    await context.close()
