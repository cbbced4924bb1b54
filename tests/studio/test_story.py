"""The Story view: from a script to pictures, watched, steered and handed over."""

import re
from typing import Any

import httpx2 as httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.studio.conftest import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")
RUNS = "/api/v1/automation/runs"
HOSTILE = '<img src=x onerror="document.title=1">'
SCRIPT = """EXT. HARBOUR - NIGHT

MARA (40, red coat) lifts a lantern.

INT. KITCHEN - DAY

MARA opens a letter.
"""
MADE = "[data-shot][data-status=done] img"


def started(studio: str, **body: Any) -> str:
    answer = httpx.post(studio + RUNS, json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["runId"])


def asked(studio: str, path: str, **body: Any) -> Any:
    answer = httpx.post(f"{studio}{RUNS}/{path}", json=body or None)
    assert answer.is_success, answer.text
    return answer.json()


def told(studio: str, path: str) -> Any:
    return httpx.get(studio + path).json()


async def test_the_sample_becomes_pictures_with_keys_alone(page: Page) -> None:
    await page.goto("/studio/story")
    await page.get_by_role("button", name="Take the sample").press("Enter")
    start = page.get_by_role("button", name="Make the pictures")
    await expect(page.get_by_text("Nothing is in the way")).to_be_visible()
    assert await violations(page) == []

    await start.press("Enter")
    await expect(page.get_by_role("heading", level=1, name="The Last Lamp")).to_be_visible()
    await expect(page.locator("[data-stage=complete]")).to_be_visible()
    await expect(page.locator(MADE)).to_have_count(16)
    assert await violations(page) == []

    await page.locator("[data-shot='0001-cinematic-1'] a").press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Picture 1 of 16")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("ArrowRight")
    await expect(dialog.get_by_text("Picture 2 of 16")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.locator("[data-shot='0001-cinematic-1'] a")).to_be_focused()


async def test_what_somebody_else_asks_for_is_seen(page: Page, studio: str) -> None:
    run_id = started(studio, script=f"{SCRIPT}\nMARA drops the letter.")
    await page.goto(f"/studio/story/runs/{run_id}")
    await expect(page.locator("[data-stage=complete]")).to_be_visible()
    shot = told(studio, f"{RUNS}/{run_id}")["shots"][0]["id"]
    source = page.locator(f"[data-shot='{shot}'] img")
    await expect(source).to_have_attribute("src", re.compile("version=1"))

    asked(studio, f"{run_id}/shots/{shot}/regenerate", seed=7)
    await expect(source).to_have_attribute("src", re.compile("version=2"))
    asked(studio, f"{run_id}/shots/{shot}/restore", version=1)
    await expect(source).to_have_attribute("src", re.compile("version=1"))

    await page.locator(f"[data-shot='{shot}'] a").click()
    await page.get_by_role("button", name="Use version 2").click()
    await expect(page.get_by_role("button", name="Version 2, in use")).to_be_visible()
    await page.get_by_label("Prompt", exact=True).fill("A red door, wide shot")
    await page.get_by_role("button", name="Make it with these words").click()
    await expect(page.get_by_role("button", name="Version 3, in use")).to_be_visible()
    await page.get_by_text("All settings, and its own words").click()
    await expect(page.get_by_role("dialog").locator("pre")).to_contain_text("A red door, wide shot")
    assert told(studio, f"{RUNS}/{run_id}")["shots"][0]["chosen"] == 3


async def test_another_picture_is_seen_in_the_list_of_jobs(page: Page, studio: str) -> None:
    run_id = started(studio, script=f"{SCRIPT}\nMARA folds the letter.")
    await page.goto("/studio/jobs")
    row = page.locator(f"[data-job='{run_id}']")
    await expect(row).to_have_attribute("data-status", "succeeded")
    picture = row.locator("img")
    await expect(picture).to_have_attribute("src", re.compile("0001-cinematic-1.1$"))
    before = await _pixels(picture)
    shot = f"{run_id}/shots/0001-cinematic-1"

    asked(studio, f"{shot}/regenerate", prompt="A red door in the snow, seen from far away")
    await expect(picture).to_have_attribute("src", re.compile("0001-cinematic-1.2$"))
    after = await _pixels(picture)
    asked(studio, f"{shot}/restore", version=1)
    await expect(picture).to_have_attribute("src", re.compile("0001-cinematic-1.1$"))

    assert after != before
    assert await _pixels(picture) == before


async def _pixels(picture: Locator) -> str:
    """What is seen of it."""
    return await picture.evaluate(
        """async (img) => {
            await img.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
            canvas.getContext("2d").drawImage(img, 0, 0);
            return canvas.toDataURL();
        }"""
    )


async def test_beats_looks_and_prompts_are_edited_before_there_are_pictures(
    page: Page, studio: str
) -> None:
    await _read(page, f"{SCRIPT}\nA sign sways: {HOSTILE}.")
    await expect(page.locator("[data-beat='s1-b1']")).to_contain_text("first time")
    await expect(page.locator("main")).to_contain_text(HOSTILE)
    assert await violations(page) == []

    await page.get_by_label("How Mara looks").fill("woman, 40, green coat")
    await page.get_by_role("button", name="Save the look").click()
    await expect(page.locator("[data-beat='s1-b1'] [data-outdated]")).to_have_text(
        "How Mara looks has changed since these words were written. "
        "They are written anew before its next picture."
    )
    await _edit(page, 1, "Prompt, landscape", "A lantern alone")
    await expect(page.locator("[data-beat='s1-b1'] [data-outdated]")).to_have_count(0)
    await _edit(page, 2, "Picture", "No picture")
    await _edit(page, 3, "What is to be seen", "A blue sign sways.")

    timestamp = told(studio, f"{RUNS}/{page.url.split('/')[-2]}")["sessionTimestamp"]
    scenes = told(studio, f"/api/v1/session/{timestamp}")["data"]["analyzedEpisode"]["scenes"]
    prompts = scenes[0]["beats"][0]["prompts"]
    assert (prompts["cinematic"]["prompt"], prompts["cinematic"]["width"]) == (
        "A lantern alone",
        1344,
    )
    assert scenes[1]["beats"][0]["imageDecision"]["type"] == "NO_IMAGE"

    begin = page.get_by_role("button", name="Make the pictures")
    await page.get_by_role("tab", name="Pictures").click()
    await page.get_by_role("link", name="See first what they take").click()
    await expect(page.get_by_role("link", name="Done · 0 pictures · ")).to_be_visible()
    await expect(begin).to_be_visible()
    await page.go_back()
    await begin.click()
    await expect(page.locator(MADE)).to_have_count(2)
    shots = told(studio, f"{RUNS}/{page.url.rpartition('/')[2]}")["shots"]
    first, last = [shot["versions"][0]["prompt"] for shot in shots]
    assert first == "A lantern alone"
    assert "blue sign" in last  # written anew, because the beat says something else


async def test_a_picture_that_is_older_than_its_beat_is_made_again(page: Page, studio: str) -> None:
    run_id = started(studio, script=SCRIPT)
    await page.goto(f"/studio/story/runs/{run_id}")
    await expect(page.locator("[data-stage=complete]")).to_be_visible()
    await page.get_by_role("tab", name="Story").click()
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form = page.get_by_role("form", name="Beat 1")
    await form.get_by_label("What is to be seen").fill("Mara hides a lantern.")
    await expect(form).to_contain_text("It is written anew before the next picture")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await expect(page.locator("[data-beat='s1-b1'] [data-outdated]")).to_be_visible()

    await page.get_by_role("tab", name="Pictures").click()
    await expect(page.locator("[data-shot='0001-cinematic-1']")).to_contain_text(
        "older than its beat"
    )
    await expect(page.locator("[data-shot='0002-cinematic-1']")).not_to_contain_text("older")
    assert await violations(page) == []
    timestamp = told(studio, f"{RUNS}/{run_id}")["sessionTimestamp"]
    session = told(studio, f"/api/v1/session/{timestamp}")["data"]
    session["analyzedEpisode"]["scenes"][1]["beats"][0]["action"] = "Mara burns a letter."
    httpx.post(f"{studio}/api/v1/session/save", json=session).raise_for_status()
    await expect(page.locator("[data-shot='0002-cinematic-1']")).to_contain_text("older")
    await page.locator("[data-shot='0001-cinematic-1'] a").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("[data-outdated]")).to_contain_text("The beat has changed since")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Make again from the new words").press("Enter")
    await expect(page.get_by_role("button", name="Version 2, in use")).to_be_visible()
    await expect(dialog.locator("[data-outdated]")).to_have_count(0)
    await expect(dialog.get_by_label("Prompt", exact=True)).to_have_value(
        re.compile("Mara hides a lantern")
    )
    await dialog.get_by_role("button", name="Use version 1").click()
    await expect(dialog.locator("[data-outdated]")).to_be_visible()


async def _read(page: Page, script: str) -> None:
    """Let beats be found and prompts be written, and look at them."""
    await page.goto("/studio/story")
    await page.get_by_label("Your script").fill(script)
    await page.get_by_text("Prompts", exact=True).click()
    await page.get_by_role("button", name="Find the beats, write the prompts").click()
    await expect(page.get_by_text("This run has made no pictures")).to_be_visible()
    head = page.get_by_role("region", name="This run")
    await expect(head.get_by_text(re.compile("^[0-9]+ beats found$"))).to_be_visible()
    await expect(head.get_by_role("progressbar")).to_have_count(0)
    await page.get_by_role("tab", name="Story").click()


async def _edit(page: Page, place: int, label: str, words: str) -> None:
    await page.get_by_role("button", name=f"Edit beat {place}", exact=True).click()
    if label == "Picture":
        await page.get_by_role("combobox", name=label, exact=True).click()
        await page.get_by_role("option", name=words).click()
    else:
        await page.get_by_label(label).fill(words)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("form")).to_have_count(0)


async def test_a_run_that_waits_says_why_and_one_that_fails_says_what_to_do(
    page: Page, studio: str
) -> None:
    beats = [{"beatId": "1", "beat_script_text": "A ship"}]
    session = {"promptMode": "storyswarm", "analyzedEpisode": {"title": HOSTILE, "beats": beats}}
    saved = httpx.post(f"{studio}/api/v1/session/save", json=session).json()
    timestamp = saved["sessionTimestamp"]
    run_id = started(studio, sessionTimestamp=timestamp, config={"maxPromptsWait": 5})
    await page.goto(f"/studio/story/runs/{run_id}")

    await expect(page.locator("[data-waiting=prompts_missing]")).to_contain_text("Since")
    await expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    await expect(page.get_by_text("Stopped by an error")).to_be_visible()
    await page.get_by_role("tab", name="Report").click()
    await expect(page.get_by_role("button", name="Try what failed again")).to_be_visible()
    assert await violations(page) == []
    prompts = {"prompts": {"1": "A ship at sea"}}
    httpx.post(f"{studio}/api/v1/session/{timestamp}/prompts", json=prompts)
    await page.get_by_role("button", name="Try what failed again").click()
    await expect(page.get_by_role("heading", name="1 of 1 pictures")).to_be_visible()
    await expect(page.get_by_text("Storyloom, as drawn frames", exact=True)).to_be_visible()


async def test_a_run_is_paused_and_cancelled(page: Page, studio: str) -> None:
    script = "\n\n".join(f"EXT. HARBOUR {n} - NIGHT\n\nA boat sinks." for n in range(60))
    run_id = started(studio, script=script)
    await page.goto(f"/studio/story/runs/{run_id}")

    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator("[data-waiting=paused]")).to_be_visible()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("[data-waiting=paused]")).to_have_count(0)
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await page.get_by_role("button", name="Cancel the run").click()
    await expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    assert told(studio, f"{RUNS}/{run_id}")["status"] == "cancelled"


async def test_a_phone_in_the_dark(page: Page, studio: str) -> None:
    config = {"aspects": ["cinematic", "vertical"]}
    run_id = started(studio, script=f"{SCRIPT}\nMARA closes the door.", config=config)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.emulate_media(color_scheme="dark")
    await page.goto(f"/studio/story/runs/{run_id}")
    await expect(page.locator("[data-stage=complete]")).to_be_visible()
    await page.get_by_text("Portrait", exact=True).click()
    await expect(page.locator("[data-shot$='vertical-1'] img").first).to_be_visible()

    for tab in ("", "/story", "/report", "/export", "/shots/0001-vertical-1"):
        await page.goto(f"/studio/story/runs/{run_id}{tab}")
        await expect(page.locator("main h1")).to_be_visible()
        assert await violations(page) == [], tab
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, tab


async def test_a_format_that_cannot_be_made_here_says_what_it_needs(
    page: Page, studio: str
) -> None:
    run_id = started(studio, script=SCRIPT, title="Two lanterns")
    await page.goto(f"/studio/story/runs/{run_id}")
    await expect(page.locator("[data-stage=complete]")).to_be_visible()
    await page.get_by_role("tab", name="Export").click()

    film = page.get_by_role("checkbox", name="Film", exact=True)
    await expect(film).to_be_disabled()
    await expect(film).to_have_accessible_description(re.compile("Film needs ffmpeg.*install it"))
    await expect(page.get_by_role("checkbox", name="Slides")).to_be_enabled()

    asked(studio, f"{run_id}/exports", formats=["otio"])
    await page.goto("/studio/jobs")
    await expect(page.get_by_role("link", name="Two lanterns: timeline.otio")).to_be_visible()


@pytest.mark.parametrize("address", ["runs/nobody", "sessions/7", "runs/x/y/z", "sessions/abc"])
async def test_an_address_of_no_story_says_so(page: Page, address: str) -> None:
    await page.goto(f"/studio/story/{address}")

    await expect(page.get_by_text("There is no such story here")).to_be_visible()
