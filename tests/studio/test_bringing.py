"""What is dropped on the page: pictures, several files, scripts, and what cannot be read."""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Page, Route, expect

from tests.studio.conftest import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
INTER = files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"
CARDS = [
    ("Now", 40, 30), ("Next", 440, 30),
    ("Automated payment reminders", 40, 100), ("In progress", 40, 150),
    ("Crew schedule by week", 440, 100), ("March 2027", 440, 150),
]  # fmt: skip
CODE = "def payback(price, saved):\n    return price / saved\n"
#: What the page says that it would do with what is above it, as the browser is told.
ANSWERED = """() => {
    window.answered = [];
    addEventListener("dragover", (event) => {
        answered.push(event.defaultPrevented ? event.dataTransfer.dropEffect : "open it");
    });
}"""
#: The middle of a window of the usual size.
AT = {"x": 640, "y": 400}


async def drop(page: Page, *paths: Path) -> None:
    """As a person does: the browser itself reads the files, and knows what is a folder."""
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    line: Any = await page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        await line.send("Input.dispatchDragEvent", {"type": kind, "data": data, **AT})
    await line.detach()


def roadmap(path: Path) -> Path:
    """A small one, for reading takes the longer the larger it is."""
    picture = Image.new("RGB", (800, 220), "white")
    draw = ImageDraw.Draw(picture)
    for text, left, top in CARDS:
        font = ImageFont.truetype(str(INTER), 22)
        draw.text((left, top), text, font=font, fill="#111827")
    picture.save(path)
    return path


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


async def test_a_roadmap_is_read_and_becomes_a_storyboard(page: Page, tmp_path: Path) -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    await page.goto("/")
    await expect(page.get_by_role("radio", name="Business owners")).to_be_visible()

    await drop(page, roadmap(tmp_path / "roadmap.png"))

    await expect(page.locator("main [data-picture]")).to_be_visible()
    await expect(page.locator("ol[aria-label=Steps] [data-outcome=done]")).to_have_count(5)
    job = page.url.rpartition("/")[2]
    told = await (await page.request.get(f"/v1/jobs/{job}/evidence")).json()
    said = " ".join(claim["claim"] for claim in told["claims"])
    assert "billing and scheduling" in said  # the subjects of what was read, and no word of it
    assert "2027" not in said


async def test_several_files_become_a_storyboard_each_and_others_are_told(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    await page.goto("/")
    await expect(page.get_by_role("radio", name="Business owners")).to_be_visible()

    await drop(
        page,
        *(
            written(tmp_path / f"{name}.py", f"# {name}\n{CODE}")
            for name in ("one", "two", "three")
        ),
        written(tmp_path / "broken.png", b"\x89PNG\r\n\x1a\n" + b"x" * 40),
        written(tmp_path / "a.zip", b"PK\x00\x00"),
        written(tmp_path / "none.py", b""),
        written(tmp_path / "older.py", f"# Größe\n{CODE}".encode("latin-1")),
        tmp_path / "folder",
    )

    made = page.get_by_role("region", name="Made lately")
    for name in ("one", "two", "three", "older"):
        card = made.get_by_role("link").filter(has_text=f"{name}.py")
        await expect(card.locator("img")).to_be_visible()
    await expect(made).to_be_in_viewport()
    refused = page.locator("main").get_by_role("alert")
    for name, why in {
        "broken.png": "picture",
        "a.zip": "neither text nor a picture",
        "none.py": "is empty",
        "folder": "cannot be read",
    }.items():
        await expect(refused.get_by_role("listitem").filter(has_text=name)).to_contain_text(why)
    assert await violations(page) == []


async def test_one_of_two_that_cannot_be_taken_is_told_beside_the_other(
    page: Page, tmp_path: Path
) -> None:
    await page.goto("/")
    await expect(page.get_by_role("radio", name="Business owners")).to_be_visible()

    await drop(page, written(tmp_path / "whole.py", CODE), written(tmp_path / "none.py", b""))

    card = page.get_by_role("link").filter(has_text="whole.py").first
    await expect(card.locator("img")).to_be_visible()
    await expect(page.locator("main").get_by_role("alert")).to_contain_text("is empty")


async def test_code_that_is_being_written_is_not_lost_to_a_file(page: Page, tmp_path: Path) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Paste code").click()
    await page.get_by_label("Code", exact=True).fill("def mine(): ...")

    await drop(page, written(tmp_path / "theirs.py", CODE))

    await expect(page.get_by_text("Close the code that you are writing first")).to_be_visible()
    await expect(page.get_by_label("Code", exact=True)).to_have_value("def mine(): ...")
    await expect(page).to_have_url("/")


async def test_who_has_left_is_told_what_was_refused(page: Page, tmp_path: Path) -> None:
    await page.goto("/")
    await expect(page.get_by_role("radio", name="Business owners")).to_be_visible()
    may_answer = asyncio.Event()

    async def held(route: Route) -> None:
        await may_answer.wait()
        if b'filename="odd.py"' in (route.request.post_data_buffer or b""):
            await route.fulfill(status=422, json={"detail": "It is odd.", "code": "odd"})
        else:
            await route.continue_()

    await page.route("**/v1/jobs", held)
    await drop(page, written(tmp_path / "odd.py", CODE), written(tmp_path / "even.py", CODE))
    await expect(page.get_by_role("button", name="Choose a file")).to_be_disabled()
    await drop(page, written(tmp_path / "late.py", CODE))
    await expect(page.get_by_text("are still being sent")).to_be_visible()
    await page.get_by_role("link", name="Jobs").first.click()
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    may_answer.set()

    await expect(page.get_by_text("“odd.py”")).to_be_visible()
    await expect(page.get_by_text("One storyboard is being made.")).to_be_visible()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("INT. CAFÉ - DAY\n\nRain.".encode(), "INT. CAFÉ - DAY"),
        ("INT. CAFÉ - DAY\n\nRain.".encode("utf-16"), "INT. CAFÉ - DAY"),
        ("INT. CAFÉ - DAY\n\nRain.".encode("cp1252"), "INT. CAFÉ - DAY"),
    ],
)
async def test_a_script_is_dropped_anywhere_beside_the_paper(
    page: Page, tmp_path: Path, data: bytes, line: str
) -> None:
    await page.goto("/studio/story")
    await expect(page.get_by_text("Nothing written yet")).to_be_visible()

    await drop(page, written(tmp_path / "night.fountain", data))

    await expect(page.get_by_label("Your script")).to_have_value(f"{line}\n\nRain.")


async def test_what_is_no_script_is_told_and_takes_nothing_away(page: Page, tmp_path: Path) -> None:
    await page.goto("/studio/story")
    script = page.get_by_label("Your script")
    await script.fill("EXT. HARBOUR - NIGHT\n\nA boat sinks.")
    good = written(tmp_path / "good.txt", "A night.")
    (tmp_path / "folder").mkdir()
    refused = page.locator("main").get_by_role("alert")

    for name, data, why in (
        ("night.fdx.zip", b"PK\x00\x00", "is no text"),
        ("none.txt", b" \n", "is empty"),
        ("long.txt", b"x" * 2_000_001, "two million characters"),
    ):
        await drop(page, written(tmp_path / name, data))
        await expect(refused).to_contain_text(f"“{name}”")
        await expect(refused).to_contain_text(why)
    await drop(page, tmp_path / "folder")
    await expect(refused).to_contain_text("“folder” cannot be read")
    await drop(page, good, written(tmp_path / "other.txt", "Another."))
    await expect(refused).to_contain_text("one file at a time")
    await expect(script).to_have_value("EXT. HARBOUR - NIGHT\n\nA boat sinks.")
    assert await violations(page) == []

    await drop(page, good)
    await expect(script).to_have_value("A night.")
    await expect(refused).to_have_count(0)

    await page.get_by_role("button", name="Bring back what stood here").click()
    await expect(script).to_have_value("EXT. HARBOUR - NIGHT\n\nA boat sinks.")
    await page.get_by_role("button", name="Take the sample").click()
    await page.get_by_role("button", name="Bring back what stood here").click()
    await expect(script).to_have_value("EXT. HARBOUR - NIGHT\n\nA boat sinks.")


async def test_a_file_that_falls_where_nobody_takes_it_changes_nothing(
    page: Page, tmp_path: Path
) -> None:
    await page.goto("/studio/jobs")
    await expect(page.locator("[data-connection=live]")).to_be_visible()
    await page.evaluate(ANSWERED)

    await drop(page, written(tmp_path / "stray.txt", "A night."))

    # With any other answer the browser opens a tab for it, some time later.
    await page.wait_for_function("answered.length > 0")  # some time after it was sent
    assert set(await page.evaluate("answered")) == {"none"}
    await expect(page).to_have_url("/studio/jobs")
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
