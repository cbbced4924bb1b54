"""The settings: brands, keys, whose things are shown, webhooks, and how the server is."""

import re
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.servers import running
from tests.studio.conftest import PATIENCE_MS, too_wide, violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
SETTINGS = "/studio/settings"
PARTS = ("brands", "keys", "organisation", "webhooks", "health")
HOSTILE = "<img src=x onerror=alert(1)>"
ADMIN = "sl_operator_" + "x" * 40
COLOURS = {"primary": "#114433", "accent": "#ff8800"}


def _keep(studio: str, key: str, **more: Any) -> None:
    body = {"name": HOSTILE, "brand": {"name": HOSTILE, "palette": COLOURS}, **more}
    httpx.put(f"{studio}/v1/presets/icp/{key}", json=body).raise_for_status()


def _logo() -> FilePayload:
    file = BytesIO()
    Image.new("RGB", (200, 60), "#aa3300").save(file, "PNG")
    return FilePayload(name="logo.png", mimeType="image/png", buffer=file.getvalue())


async def _drawn(page: Page, *, other_than: str = "") -> str:
    """The address of the sample that is shown, once it is there."""
    await expect(page.get_by_alt_text("A sample board of this brand")).to_be_visible()
    drawn = await page.wait_for_function(
        """before => {
            const sample = document.querySelector("[alt^='A sample board of this brand']");
            const seen = sample?.complete && sample.naturalWidth > 0 && sample.getAttribute("src");
            return document.querySelector("[aria-busy=true]") === null && seen !== before && seen;
        }""",
        arg=other_than,
    )
    return str(await drawn.json_value())


async def test_a_brand_is_drawn_while_it_is_written_and_then_kept(page: Page, studio: str) -> None:
    await page.goto(f"{SETTINGS}/brands")
    await page.get_by_role("link", name="New brand").click()
    first = await _drawn(page)
    await expect(page.locator("[data-warning]")).to_have_count(0)
    await page.get_by_label("Whom it is for").fill(f"Solär {HOSTILE}")
    await page.get_by_label("Name on the board").fill("Acorn")
    await page.get_by_role("textbox", name="Accent").fill("#ffee00")
    await page.get_by_label("Many of them").fill("solar installers")
    await _drawn(page, other_than=first)
    await page.locator("input[type=file]").set_input_files(_logo())
    await page.get_by_role("button", name="Keep this brand").click()

    await expect(page).to_have_url(re.compile(f"{SETTINGS}/brands/solar_img_src_x"))
    await expect(page.locator("[data-warning=accent]").first).to_contain_text("#")
    (kept,) = [
        one
        for one in httpx.get(f"{studio}/v1/presets").json()["icp"]
        if one["origin"] == "stored" and one["brand"]["name"] == "Acorn"
    ]
    assert kept["name"] == f"Solär {HOSTILE}"
    assert kept["brand"]["palette"]["accent"] == "#ffee00"
    assert kept["words"] == {"companies": "solar installers"}
    await expect(page.get_by_alt_text("The logo of Solär")).to_be_visible()


async def test_a_brand_gets_a_logo_and_is_told_what_is_none(page: Page, studio: str) -> None:
    _keep(studio, "with_logo")
    await page.goto(f"{SETTINGS}/brands/with_logo")
    chooser = page.locator("input[type=file]")
    no_logo = FilePayload(name="logo.png", mimeType="image/png", buffer=b"<svg/>")
    await chooser.set_input_files(no_logo)
    await expect(page.get_by_role("alert")).to_contain_text("has to be a PNG, JPEG or WebP")

    before = await _drawn(page)
    await chooser.set_input_files(_logo())
    await expect(page.get_by_alt_text("The logo of")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await _drawn(page, other_than=before)
    assert httpx.get(f"{studio}/v1/presets/icp/with_logo/logo").status_code == httpx.codes.OK
    await page.get_by_role("button", name="Take it away").click()
    await expect(page.get_by_alt_text("The logo of")).to_have_count(0)


async def test_colours_that_cannot_be_read_are_told_while_they_are_chosen(
    page: Page, studio: str
) -> None:
    _keep(
        studio,
        "colours",
        brand={"name": "A", "palette": {"primary": "#0a0a1e", "accent": "#b34700"}},
    )
    await page.goto(f"{SETTINGS}/brands/colours")
    await _drawn(page)
    warning = page.locator("[data-warning=accent]")
    told = page.get_by_role("status").filter(has_text="read")
    await expect(told).to_have_text("Both colours can be read.")
    await expect(warning).to_have_count(0)

    await page.get_by_role("textbox", name="Accent").click()
    await page.get_by_role("slider", name="Hue").hover()  # when it stands where it belongs
    hue = await page.get_by_role("slider", name="Hue").bounding_box()
    assert hue is not None
    middle = hue["y"] + hue["height"] / 2
    await page.mouse.move(hue["x"] + 8, middle)
    await page.mouse.down()
    await page.mouse.move(hue["x"] + hue["width"] / 3, middle, steps=12)
    # The hand has not let go of it.
    await expect(warning).to_contain_text("As the colour of words on paper the accent reaches")
    await page.mouse.up()
    await page.get_by_role("textbox", name="Accent").fill("#222244")
    await expect(warning).to_contain_text("On the primary colour the accent reaches")
    await expect(told).to_have_text("Drawn otherwise, so that it can be read: Accent.")
    await page.keyboard.press("Escape")
    assert await violations(page) == []
    await page.get_by_role("button", name="which can be read: Accent").press("Enter")

    await expect(warning).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Accent")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Accent")).not_to_have_value("#222244")
    await expect(told).to_have_text("Both colours can be read.")
    assert httpx.get(f"{studio}/v1/presets/icp/colours").json()["warnings"] == []


async def test_what_two_write_of_one_brand_is_chosen_place_by_place(
    page: Page, studio: str
) -> None:
    _keep(studio, "both", description="Ours")
    await page.goto(f"{SETTINGS}/brands/both")
    await page.get_by_role("textbox", name="Description").fill("Mine")
    await page.get_by_label("Their people").fill("my crews")
    _keep(studio, "both", name="Theirs", description="Theirs", words={"clients": "shoppers"})
    await page.get_by_role("button", name="Keep this brand").click()

    note = page.get_by_role("form").get_by_role("alert")
    await expect(note).to_contain_text("Somebody else has changed this brand meanwhile")
    places = note.locator("[data-difference]")
    await expect(places).to_have_count(3)
    assert await violations(page) == []
    assert httpx.get(f"{studio}/v1/presets/icp/both").json()["description"] == "Theirs"
    # What only one of the two has touched is as that one wrote it.
    await expect(page.get_by_role("textbox", name="Whom it is for")).to_have_value("Theirs")
    await expect(page.get_by_role("textbox", name="Whom they serve, many")).to_have_value(
        "shoppers"
    )
    await expect(page.get_by_role("textbox", name="Description")).to_have_value("Mine")
    description = note.get_by_role("radiogroup", name="Description")
    await description.get_by_role("radio", name="Theirs").check()
    await expect(page.get_by_role("textbox", name="Description")).to_have_value("Theirs")
    await description.get_by_role("radio", name="Mine").check()
    await note.get_by_role("button", name="All of theirs").click()
    await expect(page.get_by_role("textbox", name="Description")).to_have_value("Theirs")
    await note.get_by_role("button", name="All of mine").click()
    await expect(page.get_by_role("textbox", name="Whom it is for")).to_have_value(HOSTILE)
    await note.get_by_role("radiogroup", name="Whom it is for").get_by_label("Theirs").check()
    await page.get_by_role("button", name="Keep this brand").click()

    await expect(note).to_have_count(0)
    kept = httpx.get(f"{studio}/v1/presets/icp/both").json()
    assert (kept["name"], kept["description"]) == ("Theirs", "Mine")
    assert kept["words"] == {"crew": "my crews"}


async def test_own_words_stay_to_be_chosen_however_often_others_keep_theirs(
    page: Page, studio: str
) -> None:
    async def keeps(description: str) -> None:
        """Somebody else, of whom the page hears as soon as one keeps something oneself."""
        _keep(studio, "often", description=description)
        await page.get_by_role("button", name="Keep this brand").click()

    _keep(studio, "often", description="Ours")
    await page.goto(f"{SETTINGS}/brands/often")
    description = page.get_by_role("textbox", name="Description")
    note = page.get_by_role("form").get_by_role("alert")
    theirs, mine = note.get_by_label("Theirs: "), note.get_by_label("Mine: ")
    await description.fill("Mine")
    await keeps("Theirs")
    await expect(mine).to_be_checked()
    await theirs.check()

    await keeps("Theirs anew")
    await expect(note.get_by_label("Theirs: Theirs anew")).to_be_checked()
    await expect(description).to_have_value("Theirs anew")
    await expect(note.get_by_label("Mine: Mine")).to_be_visible()
    await mine.check()
    await expect(description).to_have_value("Mine")

    # They are of one mind now: there is nothing to choose.
    await keeps("Mine")
    await expect(note).to_have_count(0)
    await expect(description).to_have_value("Mine")


async def test_a_brand_that_somebody_else_removes_can_be_kept_again(
    page: Page, studio: str
) -> None:
    _keep(studio, "gone")
    await page.goto(f"{SETTINGS}/brands/gone")
    await page.get_by_label("Description").fill("Mine")
    httpx.delete(f"{studio}/v1/presets/icp/gone").raise_for_status()
    await page.get_by_role("button", name="Keep this brand").click()

    note = page.get_by_role("form").get_by_role("alert")
    await expect(note).to_contain_text("has removed this brand")
    await expect(page.get_by_label("Description")).to_have_value("Mine")
    await page.get_by_role("button", name="Keep this brand").click()
    await expect(note).to_have_count(0)
    assert httpx.get(f"{studio}/v1/presets/icp/gone").json()["description"] == "Mine"


async def test_a_name_that_was_taken_meanwhile_is_told(page: Page, studio: str) -> None:
    await page.goto(f"{SETTINGS}/brands/new")
    await page.get_by_label("Whom it is for").fill("Taken")
    await page.get_by_label("Name on the board").fill("Mine")
    _keep(studio, "taken")
    await page.get_by_role("button", name="Keep this brand").click()

    await expect(page.get_by_text("There is one of this name already")).to_be_visible()
    await page.get_by_label("Name for requests").fill("not_taken")
    await page.get_by_role("button", name="Keep this brand").click()
    await expect(page).to_have_url(f"{SETTINGS}/brands/not_taken")


async def test_what_the_server_refuses_stands_at_its_field(page: Page, studio: str) -> None:
    _keep(studio, "refused")
    await page.goto(f"{SETTINGS}/brands/refused")
    await page.get_by_label("Their people").fill("\u200b")
    await page.get_by_role("button", name="Keep this brand").click()

    field = page.get_by_label("Their people")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await page.goto(f"{SETTINGS}/brands/new")
    await page.get_by_label("Name for requests").fill("refused")
    await expect(page.get_by_text("There is one of this name already")).to_be_visible()


async def test_a_brand_is_copied_and_removed_with_keys_alone(page: Page, studio: str) -> None:
    await page.goto(f"{SETTINGS}/brands")
    await page.get_by_role("link", name="Make a copy of Retail operations").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Whom it is for")).to_have_value("Retail operations (copy)")
    await page.get_by_label("Whom it is for").focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{SETTINGS}/brands/retail_operations_copy")
    await expect(page.get_by_label("Many of them")).to_have_value("retailers")

    await page.get_by_role("button", name="Remove: Retail operations (copy)").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Remove the brand")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Remove the brand")).to_have_count(0)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Remove the brand").press("Enter")
    await expect(page).to_have_url(f"{SETTINGS}/brands")
    keys = [one["key"] for one in httpx.get(f"{studio}/v1/presets").json()["icp"]]
    assert "retail_operations_copy" not in keys


async def test_a_webhook_is_tried_sent_again_and_removed(page: Page, studio: str) -> None:
    await page.goto(f"{SETTINGS}/webhooks")
    await page.get_by_role("button", name="Add a webhook").click()
    await page.get_by_label("Address").fill("http://10.0.0.1/hook")
    await page.get_by_role("button", name="Add it").click()
    await expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    assert await violations(page) == []
    await page.get_by_label("Address").fill(f"{studio}/v1/nowhere")
    await page.get_by_label("What it is for").fill(HOSTILE)
    await page.get_by_role("button", name="Add it").click()
    secret = await page.get_by_label("What its messages are signed with").input_value()
    assert secret.startswith("whsec_")
    await page.get_by_role("button", name="I have it").click()

    hook = page.locator("[data-webhook]", has_text="/v1/nowhere")
    await expect(hook).to_contain_text(HOSTILE)
    await hook.get_by_role("button", name="Send a test").click()
    await expect(hook.locator("[data-delivery=failed]")).to_contain_text("It answered 4")
    await hook.get_by_role("button", name="Send again").click()
    await expect(hook.locator("[data-delivery]")).to_have_count(1)
    await hook.get_by_role("switch").press(" ")
    await expect(hook.get_by_role("button", name="Send a test")).to_be_disabled()
    await hook.get_by_role("button", name="Remove").click()
    await page.get_by_role("button", name="Remove the webhook").click()
    await expect(hook).to_have_count(0)
    assert secret not in await page.content()


async def test_another_organisation_is_looked_at(page: Page, studio: str) -> None:
    _keep(studio, "ours")
    await page.goto(f"{SETTINGS}/organisation")
    await page.get_by_label("By name").fill("<b>acme</b>")
    await page.keyboard.press("Enter")

    await expect(page.locator("[data-org]")).to_have_text("<b>acme</b>")
    await page.get_by_role("link", name="Brands").click()
    await expect(page.get_by_text("No brand of your own yet")).to_be_visible()
    await page.goto(f"{SETTINGS}/organisation")
    await page.get_by_role("button", name="default").click()
    await expect(page.locator("[data-org]")).to_have_text("default")


async def test_organisations_are_shown_with_their_work(page: Page, studio: str) -> None:
    order = {"file_content": "x = 1\n", "file_name": "x.py"}
    org = {"X-Org-ID": HOSTILE}
    httpx.post(f"{studio}/storyboard/code", json=order, headers=org, timeout=60)
    await page.goto(f"{SETTINGS}/organisation")

    listed = page.get_by_role("list", name="Organisations").get_by_role("listitem")
    await expect(listed.filter(has_text=HOSTILE)).to_contain_text("1 job, the last")
    await listed.filter(has_text=HOSTILE).get_by_role("button").click()
    await expect(page.locator("[data-org]")).to_have_text(HOSTILE)
    await page.get_by_role("button", name="default").click()
    await expect(page.locator("[data-org]")).to_have_text("default")


async def test_what_the_doctor_says_is_grouped_and_looked_at_again(page: Page) -> None:
    await page.goto(f"{SETTINGS}/health")

    await expect(page.get_by_text("All that is needed works")).to_be_visible()
    await expect(page.locator("[data-state=ok]")).to_contain_text("archive")
    async with page.expect_response(re.compile("doctor.fresh=true")) as looking:
        await page.get_by_role("button", name="Look again").click()
    assert (await looking.value).ok


@pytest.mark.parametrize("part", PARTS)
async def test_no_part_has_a_barrier(part: str, page: Page, studio: str) -> None:
    _keep(studio, "long", description="wide" * 60)
    await page.set_viewport_size({"width": 360, "height": 800})
    await page.goto(f"{SETTINGS}/{part}")
    await expect(page.locator("main h2").first).to_be_visible()
    await expect(page.locator("[aria-label=Loading]")).to_have_count(0)

    assert await too_wide(page) == []
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await violations(page) == []


async def test_the_desk_of_a_brand_has_no_barrier(page: Page, studio: str) -> None:
    _keep(studio, "desk")
    await page.set_viewport_size({"width": 360, "height": 800})
    await page.goto(f"{SETTINGS}/brands/desk")
    await _drawn(page)

    assert await too_wide(page) == []
    await page.get_by_role("textbox", name="Accent").click()
    await expect(page.get_by_role("slider", name="Hue")).to_be_visible()
    assert await violations(page) == []


async def test_a_part_that_is_not_there_says_so(page: Page) -> None:
    await page.goto(f"{SETTINGS}/nowhere")

    await expect(page.get_by_text("There is no such part")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncGenerator[Page]:
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield await context.new_page()
    await context.close()


async def test_the_first_key_signs_in_and_a_small_one_opens_little(
    visitor: Page, tmp_path: Path
) -> None:
    with running(tmp_path / "data") as server:
        await visitor.goto(f"{server.url}{SETTINGS}/keys")
        first = await _made_key(visitor, HOSTILE, "sign in with it here")
        own = visitor.locator("[data-key]", has_text="used by this page")
        await expect(own).to_contain_text(HOSTILE)
        assert first not in await visitor.content()

        small = await _made_key(visitor, "Small", "I have it")
        await visitor.reload()
        await expect(visitor.locator("[data-key]")).to_have_count(2)
        await _sign_in(visitor, server.url, small)
        parts = visitor.get_by_role("navigation", name="Settings").get_by_role("link")
        await expect(parts).to_have_text(["Brands", "Organisation"])

        await _sign_in(visitor, server.url, first)
        await visitor.get_by_role("button", name="Revoke: Small").click()
        await visitor.get_by_role("button", name="Revoke the key").click()
        await visitor.get_by_role("button", name="Show 1 that let nobody in").click()
        await expect(visitor.locator("[data-key]", has_text="Small")).to_contain_text("revoked")


async def _made_key(page: Page, name: str, done: str) -> str:
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("What it is for").fill(name)
    await page.get_by_role("button", name="Make the key").click()
    key = await page.get_by_label("The key “").input_value()
    await expect(page.get_by_text("It is not shown again")).to_be_visible()
    await expect(page.get_by_label("The key “")).to_be_focused()
    assert await violations(page) == []
    await page.get_by_role("button", name=done).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    return key


async def _sign_in(page: Page, url: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = await page.request.post(f"{url}/v1/session", data={}, headers=headers)
    assert answer.ok
    await page.goto(f"{url}{SETTINGS}/keys" if key else url)
