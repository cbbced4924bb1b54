"""Making a storyboard: by a newcomer, by hand and by keyboard, and what becomes of it."""

import json
import re
import sqlite3
import sys
from base64 import b64encode
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import httpx2
import pytest
from PIL import Image
from playwright.async_api import FilePayload, Page, expect
from pptx import Presentation

from tests.servers import Running
from tests.studio.conftest import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
CODE = """def payback_months(price: float, saved_per_month: float) -> float:
    \"\"\"Tell after how many months a tool has paid for itself.\"\"\"
    return price / saved_per_month
"""
ONE = re.compile("/studio/make/.+")
EXAMPLES = Path(__file__).parents[2] / "examples"
#: Brings a file or text as a browser does; `kind` is `drop` or `paste`.
BRING = """({kind, name, type, data, text}) => {
  const told = new DataTransfer();
  if (text) told.setData("text/plain", text);
  if (name) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    told.items.add(new File([bytes], name, {type}));
  }
  const more = kind === "drop" ? {dataTransfer: told} : {clipboardData: told};
  const event = kind === "drop"
    ? new DragEvent("drop", {bubbles: true, cancelable: true, ...more})
    : new ClipboardEvent("paste", {bubbles: true, cancelable: true, ...more});
  document.body.dispatchEvent(event);
}"""


async def bring(page: Page, kind: str, **more: str | bytes) -> None:
    data = more.get("data", b"")
    assert isinstance(data, bytes)
    await page.evaluate(BRING, {"type": "", "kind": kind, **more, "data": b64encode(data).decode()})


async def open_desk(page: Page) -> None:
    await page.goto("/")
    await expect(page.get_by_role("radio", name="Business owners")).to_be_visible()


async def picture_of(page: Page, *, other_than: str = "") -> str:
    """The job whose picture is shown, once it is there and another one than before."""
    shown = page.locator("main [data-picture]")
    await page.wait_for_function(
        """before => {
          const shown = document.querySelector("main [data-picture]");
          const src = shown?.getAttribute("src") ?? "";
          return src.startsWith("/storyboard/") && !(before && src.includes(before));
        }""",
        arg=other_than,
    )
    return (await shown.get_attribute("src") or "").split("/")[3]


async def understood(page: Page, job: str) -> dict[str, Any]:
    answer = await page.request.get(f"/storyboard/jobs/{job}")
    return (await answer.json())["understanding"]


async def whole_picture(page: Page) -> bool:
    """Whether nothing lies on the picture, which may have words anywhere."""
    picture = await page.locator("main [data-picture]").bounding_box()
    near = await page.get_by_role("button", name="See it as large as the window").bounding_box()
    assert picture is not None
    assert near is not None
    return near["y"] >= picture["y"] + picture["height"]


async def test_a_newcomers_file_becomes_a_storyboard_to_take_along(page: Page, studio: str) -> None:
    whose = {"org_id": f"newcomer-{uuid4().hex[:8]}"}
    await page.request.post("/v1/session", data=whose, headers={"X-Storyloom-Page": "1"})
    await open_desk(page)
    await expect(page.get_by_role("heading", name="Your storyboards will be here")).to_be_visible()
    assert await violations(page) == []

    file = FilePayload(name="payback.py", mimeType="text/x-python", buffer=CODE.encode())
    await page.locator("input[type=file]").set_input_files(file)
    job = await picture_of(page)

    await expect(page).to_have_url(f"/studio/make/{job}")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_be_focused()
    await expect(page.locator("ol[aria-label=Steps] [data-outcome=done]")).to_have_count(5)
    ready = f"The storyboard is ready: {(await understood(page, job))['headline']}"
    await expect(page.get_by_role("status").get_by_text(ready, exact=True)).to_be_attached()
    assert await whole_picture(page)
    await expect(page.get_by_text("two slides: the picture, and its words")).to_be_visible()
    brands = page.get_by_role("link", name="Settings → Brands")
    await expect(brands).to_have_attribute("href", "/studio/settings/brands")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == []
    starts = {"PNG": b"\x89PNG", "SVG": b"<svg", "PDF": b"%PDF", "PowerPoint": b"PK"}
    for name, start in starts.items():
        link = page.get_by_role("region", name="Download").get_by_role("link", name=name)
        got = await page.request.get(await link.get_attribute("href") or "")
        taken = await got.body()
        assert taken.startswith(start)
        assert name != "PowerPoint" or len(list(Presentation(BytesIO(taken)).slides)) == 2
        assert "/" not in (await link.get_attribute("download") or "/")


async def test_a_hostile_name_and_code_are_only_text(
    page: Page, studio: str, tmp_path: Path
) -> None:
    name = "'; $(touch boo) <img src=x onerror=alert(1)>.py"
    code = CODE + "# </script><script>document.title = 'boo'</script>\n"
    await open_desk(page)

    await bring(page, "drop", name=name, data=code.encode())
    job = await picture_of(page)

    assert await page.locator("main img[src=x]").count() == 0
    command = page.locator("[data-command]")
    (tmp_path / name).write_text(code, "utf-8")
    run = partial(anyio.run_process, cwd=tmp_path)
    told = json.loads((await run(["/bin/bash", "-c", await command.inner_text()])).stdout)
    assert told["input"] == httpx2.get(f"{studio}/v1/jobs/{job}").json()["input"]
    assert told["input"]["file_name"] == name
    await page.get_by_text("Python", exact=True).click()
    await expect(command).to_contain_text("WorkKind.CODE")
    await run([sys.executable, "-c", await command.inner_text()])
    assert [one async for one in anyio.Path(tmp_path).glob("boo*")] == []
    with Image.open(tmp_path / "storyboard.png") as picture:
        assert picture.size == (1920, 1080)
    assert await page.title() == "Storyloom"


async def test_choices_are_changed_by_keyboard_and_one_goes_back(page: Page) -> None:
    await open_desk(page)
    await bring(page, "paste", text=CODE)
    first = await picture_of(page)

    await page.get_by_role("radio", name="C-suite executives").focus()
    await page.keyboard.press("ArrowLeft")
    second = await picture_of(page, other_than=first)
    await expect(page.get_by_role("radio", name="Business owners")).to_be_checked()
    await page.get_by_label("Headline").focus()
    await page.keyboard.type("Paid back <b>in May</b>")
    third = await picture_of(page, other_than=second)

    await expect(page.get_by_role("heading", level=1)).to_have_text("Paid back <b>in May</b>")
    versions = page.get_by_role("region", name="Versions").get_by_role("link")
    await expect(versions).to_have_count(3)
    await versions.first.focus()
    await page.keyboard.press("Enter")
    assert await picture_of(page, other_than=third) == first
    await expect(page.get_by_role("radio", name="C-suite executives")).to_be_checked()
    await expect(page.get_by_label("Headline")).to_have_value("")
    # What looks so already is shown, and not made again.
    await page.get_by_role("radio", name="Business owners").click()
    assert await picture_of(page, other_than=first) == second
    await page.reload()
    await expect(versions).to_have_count(3)


async def test_ones_own_headline_gives_way_to_the_found_one(page: Page) -> None:
    await open_desk(page)
    await page.get_by_label("Headline").fill("Mine <b>alone</b>")
    await bring(page, "drop", name="payback.py", data=CODE.encode())
    first = await picture_of(page)
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Mine <b>alone</b>")

    await page.get_by_role("button", name="Use the found headline").click()
    second = await picture_of(page, other_than=first)

    await expect(heading).not_to_have_text("Mine <b>alone</b>")
    await expect(page.get_by_label("Headline")).to_have_value("")
    await expect(page.get_by_role("button", name="Use the found headline")).to_have_count(0)
    found = await understood(page, second)
    await expect(heading).to_have_text(found["headline"])
    assert (await understood(page, first))["found_headline"] == found["headline"]


async def test_other_readers_have_words_of_their_own(page: Page) -> None:
    await open_desk(page)
    await bring(page, "drop", name="payback.py", data=CODE.encode())
    first = await picture_of(page)
    await expect(page.get_by_text("rules read the source anew")).to_be_visible()

    await page.get_by_role("radio", name="Below-the-line champions").click()
    second = await picture_of(page, other_than=first)

    before, after = await understood(page, first), await understood(page, second)
    assert before["who_benefits"] != after["who_benefits"]
    versions = page.get_by_role("region", name="Versions").get_by_role("link")
    await expect(versions.last).to_have_accessible_name(
        re.compile("^Version 2 Below-the-line champions")
    )
    await expect(page.get_by_role("link", name="Bring the source again")).to_have_count(0)
    await page.get_by_role("radio", name="Retail operations").click()
    await picture_of(page, other_than=second)
    for place, customers in ((1, "MEP contractors"), (2, "Retail operations")):
        name = f"Below-the-line champions · {customers}"
        await expect(versions.nth(place)).to_contain_text(name)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await violations(page) == []


async def test_words_whose_source_has_gone_stay_and_the_page_says_what_to_do(
    page: Page, served: Running
) -> None:
    await open_desk(page)
    await bring(page, "drop", name="payback.py", data=CODE.encode())
    first = await picture_of(page)
    await page.get_by_role("radio", name="Square").click()
    second = await picture_of(page, other_than=first)
    with closing(sqlite3.connect(served.data_dir / "storyloom.sqlite")) as database:
        database.execute("DELETE FROM storyboard_jobs WHERE id = ?", [first])
        database.commit()

    await page.get_by_role("radio", name="Business owners").click()
    third = await picture_of(page, other_than=second)

    note = page.get_by_role("alert").filter(has_text="Good to know")
    await expect(note).to_contain_text("The words stay as they were found")
    assert (await understood(page, third))["written_for"]["audience"] == "c_suite"
    assert await violations(page) == []
    await note.get_by_role("link", name="Bring the source again").click()
    await expect(page.get_by_role("radio", name="Business owners")).to_be_checked()
    await expect(page.get_by_role("radio", name="Square")).to_be_checked()


async def test_boards_of_the_same_file_are_told_apart(page: Page, studio: str) -> None:
    name = f"payback-{uuid4().hex[:8]}.py"
    jobs = {
        audience: httpx2.post(
            f"{studio}/v1/jobs",
            params={"wait": 30},
            json={
                "kind": "code_to_storyboard",
                "input": {"file_name": name, "file_content": CODE, "audience": audience},
            },
        ).json()["id"]
        for audience in ("c_suite", "btl_champion")
    }

    await open_desk(page)
    card = page.locator(f"[data-work='{jobs['btl_champion']}']")
    await expect(card).to_contain_text("Below-the-line champions")
    await page.goto(f"/studio/jobs?q={name}")

    for audience, called in {"c_suite": "C-suite executives", "btl_champion": "Below-the"}.items():
        row = page.locator(f"[data-job='{jobs[audience]}']")
        await expect(row).to_contain_text(called)
        described = re.compile(f"^{called}")
        await expect(row.get_by_role("link")).to_have_accessible_description(described)
    assert await violations(page) == []


async def test_a_screenshot_that_is_pasted_is_a_roadmap(page: Page, studio: str) -> None:
    await open_desk(page)
    await page.get_by_role("radio", name="Portrait").click()

    data = (EXAMPLES / "roadmap" / "roadmap.png").read_bytes()
    await bring(page, "paste", name="image.png", type="image/png", data=data)
    await expect(page).to_have_url(ONE)

    # Reading it takes long where all cores are busy, and is tested elsewhere.
    job = page.url.rpartition("/")[2]
    told = httpx2.post(f"{studio}/v1/jobs/{job}/cancel").json()
    await expect(page.get_by_role("alert")).to_contain_text("It was cancelled")
    assert told["kind"] == "roadmap_to_storyboard"
    assert (told["input"]["format"], told["input"]["sanitize_ip"]) == ("portrait", True)


async def test_what_cannot_be_taken_is_said_in_a_sentence(page: Page) -> None:
    await open_desk(page)

    await bring(page, "drop", name="long.py", data=b"x" * (256 * 1024 + 1))
    await expect(page.get_by_role("alert")).to_contain_text("a code file may have 256 KB")
    await bring(page, "drop", name="a.zip", data=b"PK\x00\x00")
    await expect(page.get_by_role("alert")).to_contain_text("neither text nor a picture")
    await bring(page, "drop", name="none.py")
    await expect(page.get_by_role("alert")).to_contain_text("is empty")
    await bring(page, "paste", text="hunter2")
    await expect(page.get_by_role("dialog").get_by_label("Code")).to_have_value("hunter2")


async def test_a_failure_says_why_and_is_tried_again(page: Page) -> None:
    await open_desk(page)
    await page.get_by_role("button", name="More choices").click()
    await page.get_by_label("How the page is made").select_option("painted")
    assert await violations(page) == []

    await page.get_by_role("button", name="Try it with a sample").click()

    fault = page.get_by_role("alert")
    await expect(fault).to_contain_text("misconfigured")
    assert await violations(page) == []
    before = page.url
    await fault.get_by_role("button", name="Try again").click()
    await expect(page).not_to_have_url(before)
    await expect(fault).to_contain_text("misconfigured")


async def test_a_reload_in_the_middle_changes_nothing(page: Page, studio: str) -> None:
    httpx2.post(f"{studio}/v1/queues/storyboards/pause").raise_for_status()
    try:
        await open_desk(page)
        await page.get_by_role("button", name="Try it with a sample").click()
        await expect(page).to_have_url(ONE)
        first = page.url.rpartition("/")[2]
        await page.reload()
        await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
        # What is chosen meanwhile is done once there is a picture.
        await page.get_by_role("radio", name="Square").click()
    finally:
        httpx2.post(f"{studio}/v1/queues/storyboards/resume").raise_for_status()

    await expect(page.get_by_role("region", name="Versions").get_by_role("link")).to_have_count(2)
    assert await picture_of(page, other_than=first)


async def test_what_others_make_shows_up_by_itself(page: Page, studio: str) -> None:
    await open_desk(page)
    await expect(page.locator("[data-connection=live]")).to_be_visible()

    form = {"kind": "code_to_storyboard"}
    made = httpx2.post(f"{studio}/v1/jobs", data=form, files={"file": ("a.py", CODE)}).json()

    card = page.locator(f"[data-work='{made['id']}']")
    await expect(card.locator("img")).to_be_visible()
    await card.click()
    assert await picture_of(page) == made["id"]


async def test_what_is_chosen_while_no_server_answers_is_drawn_as_soon_as_one_does(
    page: Page,
) -> None:
    await open_desk(page)
    await bring(page, "drop", name="payback.py", data=CODE.encode())
    job = await picture_of(page)

    await page.context.set_offline(True)
    await page.get_by_role("radio", name="Portrait").check(force=True)
    await expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    await page.context.set_offline(False)

    revised = await picture_of(page, other_than=job)
    answer = await page.request.get(f"/v1/jobs/{revised}")
    assert (await answer.json())["input"]["format"] == "portrait"
    await expect(page.get_by_role("alert")).to_have_count(0)
