"""What others do to a story and to its pictures is seen while it happens, and nothing is asked in vain."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, expect

from tests.servers import running
from tests.studio.conftest import PATIENCE_MS, violations
from tests.studio.stories import SESSION, Other, beat, card, held, live
from tests.swarmui.behaviour import Behaviour
from tests.swarmui.double import swarm_double
from tests.swarmui.studio import Order

pytestmark = pytest.mark.asyncio(loop_scope="session")
RUNS = "/api/v1/automation/runs"
HOUR_MS = 3_600_000
STEPS, UNHINDERED = 9, 1000


def asked(page: Page, path: str) -> list[str]:
    """What the page asks of this path from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method == "GET" and request.url.partition("?")[0].endswith(path):
            found.append(request.url)

    page.on("request", note)
    return found


async def test_an_idle_story_follows_whoever_edits_it(page: Page, other: Other) -> None:
    bible = {"characters": [{"id": "mara", "name": "Mara", "look": "red coat"}]}
    timestamp = await other.save(
        beat("a"), beat("b"), scriptText="MARA waits.", episode={"bible": bible}
    )
    await page.clock.install()
    await live(page, f"/studio/story/sessions/{timestamp}")
    await expect(card(page, "b")).to_contain_text("Beat b")
    reads = asked(page, f"{SESSION}/{timestamp}")

    await other.prompt(a="A lamp in the storm")
    await expect(card(page, "a")).to_contain_text("A lamp in the storm")
    await other.save(beat("a", beat_script_text="A lamp goes out"), beat("b"), beat("c"))
    await expect(card(page, "a")).to_contain_text("A lamp goes out")
    await expect(card(page, "c")).to_be_visible()
    look = {"characters": [{"id": "mara", "name": "Mara", "look": "green coat"}]}
    await other.save(episode={"bible": look, "title": "The second lamp"})
    await expect(page.get_by_label("How Mara looks")).to_have_value("green coat")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The second lamp")
    await other.save(scriptText="Somebody sings.\nMARA listens.", episode={"title": ""})
    await expect(page.get_by_role("heading", level=1)).to_have_text("Somebody sings.")

    await page.clock.fast_forward(HOUR_MS)  # nothing happens, and nothing is asked
    await other.delete()
    await expect(page.get_by_text("There is no such story here")).to_be_visible()
    told = await other.events(str(timestamp))
    assert [event["type"] for event in told] == ["session.changed"] * 5 + ["session.deleted"]
    assert 5 <= len(reads) <= len(told)


async def test_the_list_of_stories_follows_too(page: Page, other: Other) -> None:
    await live(page, "/studio/story")
    stories = page.get_by_role("region", name="Your stories")
    await expect(stories).to_be_visible()

    await other.save(beat("a"), episode={"title": "A story from elsewhere"})
    await expect(stories.get_by_text("A story from elsewhere")).to_be_visible()
    await other.save(beat("a"), beat("b"), episode={"title": "It has another title"})
    await expect(stories.get_by_text("It has another title")).to_be_visible()
    await other.delete()
    await expect(stories.get_by_text("It has another title")).to_have_count(0)


async def test_whoever_comes_back_sees_also_what_nobody_told(page: Page, other: Other) -> None:
    """As of what another service writes into Redis behind a proxy that tells of no writes."""
    await page.route("**/v1/events", lambda route: route.abort())
    timestamp = await other.save(beat("a"), episode={"title": "As it was"})
    await page.goto(f"/studio/story/sessions/{timestamp}")
    title = page.get_by_role("heading", level=1)
    await expect(title).to_have_text("As it was")
    await page.get_by_role("link", name="All stories").click()
    stories = page.get_by_role("region", name="Your stories")
    await expect(stories.get_by_text("As it was")).to_be_visible()

    await other.save(episode={"title": "After a visit to the list"})
    await page.go_back()
    await expect(title).to_have_text("After a visit to the list")
    await page.go_forward()
    await expect(stories.get_by_text("After a visit to the list")).to_be_visible()

    # What is being read while somebody comes back is not asked for again: it has to be read first.
    async with page.expect_response(f"**/api/v1/session/{timestamp}") as reading:
        await page.go_back()
    await (await reading.value).finished()
    await other.save(episode={"title": "While the tab was away"})
    await page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    await expect(title).to_have_text("While the tab was away")


async def test_what_is_being_typed_stays_when_others_write(page: Page, other: Other) -> None:
    timestamp = await other.save(beat("a"), beat("b"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 2", exact=True).click()
    form = card(page, "b").get_by_role("form")
    seen = form.get_by_role("textbox", name="What is to be seen")
    await seen.fill("Mine, and not done")

    # Another field of the same beat, and scenes and beats before it.
    new = beat("new"), beat("a"), beat("b", cameraAngleSuggestion="From above")
    await other.save(*new)
    await expect(card(page, "new")).to_be_visible()
    await expect(form.get_by_label("Camera")).to_have_value("From above")
    await expect(seen).to_have_value("Mine, and not done")
    await expect(seen).to_be_focused()
    await expect(page.locator("[data-elsewhere]")).to_have_count(0)

    await other.save(beat("new"), beat("a"), beat("b", action="Theirs", characters=["x"]))
    note = form.locator("[data-elsewhere]")
    await expect(note).to_contain_text("What is to be seen: Theirs")
    await expect(seen).to_have_value("Mine, and not done")
    await expect(seen).to_be_focused()
    assert await violations(page) == []

    await form.get_by_role("button", name="Take theirs: What is to be seen").press("Enter")
    await expect(seen).to_have_value("Theirs")
    await expect(note).to_have_count(0)
    await seen.fill("Mine after all")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("form")).to_have_count(0)
    kept = (await other.kept())[2]
    assert (kept["action"], kept["characters"]) == ("Mine after all", ["x"])


async def test_what_others_have_written_is_in_sight_wherever_one_types(
    page: Page, other: Other
) -> None:
    await page.set_viewport_size({"width": 1280, "height": 300})
    timestamp = await other.save(beat("a"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    note = page.locator("[data-elsewhere]")
    await page.get_by_role("textbox", name="What is to be seen").fill("Mine")
    await other.save(beat("a", action="Theirs"))
    await expect(note).to_contain_text("Theirs")
    await expect(note).to_be_in_viewport(ratio=0.9)

    await page.get_by_label("Prompt, portrait").focus()
    await expect(note).not_to_be_in_viewport()
    await other.save(beat("a", action="Theirs again"))
    await expect(note).to_contain_text("Theirs again")
    await expect(note).to_be_in_viewport(ratio=0.9)


async def test_a_look_and_a_beat_that_others_remove_keep_what_was_typed(
    page: Page, other: Other
) -> None:
    people = [{"id": who, "name": who.title(), "look": "red"} for who in ("mara", "nils")]
    timestamp = await other.save(beat("a"), beat("b"), episode={"bible": {"characters": people}})
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_label("How Mara looks").fill("a coat of mine")
    await page.get_by_role("button", name="Edit beat 2", exact=True).click()
    await page.get_by_label("Prompt, landscape").fill("a prompt of mine")

    looks = [{**people[0], "look": "blue"}, people[1]]
    await other.save(episode={"bible": {"characters": looks}})
    await expect(page.locator("[data-elsewhere]")).to_contain_text("Mara: blue")
    await expect(page.get_by_label("How Mara looks")).to_have_value("a coat of mine")
    await other.save(beat("a"), episode={"bible": {"characters": looks[1:]}})
    await expect(page.get_by_text("Beat 2 was removed elsewhere")).to_be_visible()
    await expect(page.get_by_text("a prompt of mine")).to_be_visible()
    assert await violations(page) == []
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.wait_for_function("width => document.body.scrollWidth <= width", arg=width)

    await other.delete()
    await expect(page.get_by_text("There is no such story here")).to_be_visible()
    await expect(page.get_by_text("a coat of mine")).to_be_visible()
    for left in (1, 0):
        await page.get_by_role("button", name="Throw it away").first.click()
        await expect(page.get_by_role("button", name="Throw it away")).to_have_count(left)


async def test_other_words_for_a_picture_do_not_take_away_what_is_typed(
    page: Page, other: Other
) -> None:
    timestamp = await other.save(beat("a", prompts={"cinematic": "a lamp"}))
    body = {"sessionTimestamp": timestamp, "config": {"backend": "frames"}}
    run_id = (await other.api.post(RUNS, json=body)).json()["runId"]
    shot = f"{RUNS}/{run_id}/shots/0001-cinematic-1"
    await live(page, f"/studio/story/runs/{run_id}/shots/0001-cinematic-1")
    await expect(page.locator("[data-shot-status=done]")).to_be_visible()
    prompt = page.get_by_role("textbox", name="Prompt", exact=True)
    await prompt.fill("my lamp")

    theirs = {"prompt": "their lamp", "negativePrompt": "fog"}
    (await other.api.post(f"{shot}/regenerate", json=theirs)).raise_for_status()
    await expect(page.locator("[data-elsewhere]")).to_contain_text("Prompt: their lamp")
    await expect(page.get_by_role("textbox", name="Not in the picture")).to_have_value("fog")
    await expect(prompt).to_have_value("my lamp")
    await page.get_by_role("button", name="Take theirs: Prompt").click()
    await expect(prompt).to_have_value("their lamp")
    await expect(page.get_by_role("button", name="Make another")).to_be_visible()

    await prompt.fill("a lamp of ours")
    async with held(page, "**/regenerate"):
        await page.get_by_role("button", name="Make it with these words").click()
        await prompt.fill("a lamp of ours, lit")
    await expect(page.get_by_role("button", name="Make it with these words")).to_be_enabled()
    await expect(prompt).to_have_value("a lamp of ours, lit")
    await expect(page.locator("[data-elsewhere]")).to_have_count(0)


@dataclass
class Paced:
    """A SwarmUI that goes on a step whenever it is let, and a server that has its pictures made there."""

    url: str
    steps: asyncio.Semaphore

    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            self.steps.release()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncGenerator[Page]:
    """A page of no server yet."""
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield await context.new_page()
    await context.close()


@asynccontextmanager
async def paced(folder: Path) -> AsyncGenerator[Paced]:
    steps = asyncio.Semaphore(0)

    async def step(order: Order, for_s: float) -> None:
        await steps.acquire()

    async with swarm_double(Behaviour(steps=STEPS)) as double:
        double.studio._work = step
        settings = {"STORYLOOM_SWARMUI_URL": double.url, "STORYLOOM_NVIDIA_SMI": "none"}
        server = running(folder / "data", **settings)
        # The double answers in this loop.
        started = await asyncio.to_thread(server.__enter__)
        making = Paced(started.url, steps)
        try:
            yield making
        finally:
            making.go_on(UNHINDERED)  # or the server would wait for the picture
            await asyncio.to_thread(server.__exit__, None, None, None)


async def test_a_picture_in_hand_is_followed_without_asking(visitor: Page, tmp_path: Path) -> None:
    page = visitor
    async with (
        paced(tmp_path) as making,
        httpx2.AsyncClient(base_url=making.url, timeout=60) as api,
    ):
        other = Other(api)
        timestamp = await other.save(*(beat(n, prompts={"cinematic": f"{n}, wide"}) for n in "ab"))
        body = {"sessionTimestamp": timestamp, "config": {"backend": "swarmui"}}
        run_id = (await api.post(RUNS, json=body)).json()["runId"]
        await page.clock.install()
        reads = asked(page, f"{RUNS}/{run_id}")
        await live(page, f"{making.url}/studio/story/runs/{run_id}")

        first, second = page.locator("[data-shot]").nth(0), page.locator("[data-shot]").nth(1)
        await expect(first).to_have_attribute("data-status", "making")
        await expect(second).to_have_attribute("data-status", "ready")
        making.go_on(1 + 4)  # its model is loaded first
        await expect(first).to_contain_text("being made · 40 %")
        before, since = len(reads), (await other.events(run_id))[-1]["seq"]

        await page.clock.fast_forward(HOUR_MS)
        making.go_on(3)
        await expect(first).to_contain_text("being made · 70 %")
        told = await other.events(run_id, since)
        assert {event["type"] for event in told} == {"run.shot"}
        assert 1 <= len(reads) - before <= len(told)

        making.go_on(2)
        await expect(first).to_have_attribute("data-status", "done")
        await expect(second).to_have_attribute("data-status", "making")
        making.go_on(STEPS)
        await expect(page.locator("[data-stage=complete]")).to_be_visible()
        await expect(second.locator("img")).to_be_visible()
        # As it is opened, and after the stream has been opened.
        assert len(reads) <= len(await other.events(run_id)) + 2
