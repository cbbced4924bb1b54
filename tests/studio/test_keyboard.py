"""Every view and every dialog without a mouse, and without a barrier, by day and by night."""

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.studio.conftest import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
PLACES = (
    *("/", "/studio/story", "/studio/automation", "/studio/jobs", "/studio/jobs/figures"),
    *(f"/studio/settings/{part}" for part in ("brands", "keys", "organisation", "webhooks")),
    *("/studio/settings/health", "/studio/settings/brands/new"),
)
MOST_STOPS = 150
WATCH = """() => {
    window.reached = new Set();
    window.covered = [];
    const main = document.querySelector("#main");
    addEventListener("focusin", ({target}) => {
        reached.add(target);
        const box = target.getBoundingClientRect();
        const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        // What is hidden for the eye (a switch, a radio) is shown by what lies beside it.
        const own = [target.parentElement, target.labels?.[0]?.parentElement];
        const isSeen = own.some((one) => one?.contains(at));
        if (main.contains(target) && box.width > 8 && !isSeen) covered.push(target.outerHTML.slice(0, 200));
    });
}"""
#: Whatever can be used with a mouse; of radios, one of each group is enough.
MISSED = """() => {
    const usable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const groups = new Set([...reached].map((one) => one.type === "radio" && one.name));
    return [...document.querySelectorAll(usable)]
        .filter((one) => one.checkVisibility({visibilityProperty: true}))
        .filter((one) => !one.disabled && one.type !== "file" && one.tabIndex >= 0)
        .filter((one) => !reached.has(one) && !(one.type === "radio" && groups.has(one.name)))
        .map((one) => one.outerHTML.slice(0, 200));
}"""


async def opened(page: Page, path: str) -> None:
    await page.goto(path)
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    await expect(page.locator("main h1")).to_be_visible()
    # What stands beside a sample comes with it.
    await expect(page.locator("[aria-label=Loading], [aria-busy=true]")).to_have_count(0)


async def is_free_of_barriers(page: Page) -> None:
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == [], scheme


@pytest.mark.parametrize("path", PLACES)
async def test_whatever_can_be_used_is_reached_with_tab_and_seen(page: Page, path: str) -> None:
    await opened(page, path)
    await page.evaluate(WATCH)

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement === document.body"):
            break

    assert await page.evaluate(MISSED) == []
    assert await page.evaluate("covered") == []
    await is_free_of_barriers(page)


@pytest.mark.parametrize(
    ("path", "opener", "name"),
    [
        ("/", "Paste code", "Paste code"),
        ("/", "Keyboard shortcuts", "Keyboard shortcuts"),
        ("/studio/settings/keys", "New key", "New key"),
        ("/studio/settings/webhooks", "Add a webhook", "Add a webhook"),
    ],
)
async def test_a_dialog_keeps_the_keys_until_it_is_closed(
    page: Page, path: str, opener: str, name: str
) -> None:
    await opened(page, path)
    button = page.get_by_role("button", name=opener, exact=True)
    await button.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=name)
    await expect(dialog).to_be_visible()

    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await dialog.evaluate("one => one.contains(document.activeElement)")
    await is_free_of_barriers(page)
    await page.keyboard.press("Escape")

    await expect(dialog).to_have_count(0)
    await expect(button).to_be_focused()


async def test_skipping_leads_to_the_content(page: Page) -> None:
    await opened(page, "/studio/jobs")

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")

    assert await page.evaluate("document.querySelector('main').contains(document.activeElement)")


async def test_a_storyboard_is_made_and_looked_at_with_keys_alone(page: Page) -> None:
    await opened(page, "/")
    await page.get_by_role("button", name="Try it with a sample").press("Enter")
    near = page.get_by_role("button", name="See it as large as the window")
    await near.press("Enter")
    large = page.get_by_role("dialog")
    await expect(large.locator("img")).to_be_visible()
    await is_free_of_barriers(page)
    await page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(near).to_be_focused()


async def test_whose_things_are_shown_is_told_and_left_with_keys_alone(page: Page) -> None:
    whose = {"org_id": f"keys-{uuid4().hex[:8]}"}
    await page.request.post("/v1/session", data=whose, headers={"X-Storyloom-Page": "1"})
    await opened(page, "/studio/jobs")
    menu = page.get_by_role("button", name=f"Organisation {whose['org_id']}")
    await menu.press("Enter")
    leave = page.get_by_role("menuitem", name="Back to the default organisation")
    await expect(leave).to_be_visible()
    await is_free_of_barriers(page)
    await page.keyboard.press("ArrowDown")
    await leave.press("Enter")

    await expect(menu).to_have_count(0)


async def test_a_phone_has_a_menu_that_keys_open(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await opened(page, "/studio/jobs")
    await page.get_by_role("button", name="Open the menu").press("Enter")
    link = page.get_by_role("navigation", name="Views").get_by_role("link", name="Story")
    await expect(link).to_be_in_viewport()
    await is_free_of_barriers(page)
    await link.press("Enter")

    await expect(page).to_have_url("/studio/story")
    await expect(link).not_to_be_in_viewport()
