"""What somebody types into a story is kept once it is saved, and stays theirs until then."""

from collections.abc import Awaitable

import pytest
from playwright.async_api import Dialog, Locator, Page, Route, expect

from tests.studio.stories import Other, beat, card, held, live

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def overtaken(
    page: Page, button: Locator, theirs: Awaitable[object], path: str = "**/session/save"
) -> None:
    """Somebody else saves between what the page reads for a save and what it sends."""
    async with held(page, path):
        async with page.expect_request(path):
            await button.click()
        await theirs


async def test_what_is_typed_while_saving_stays(page: Page, other: Other) -> None:
    timestamp = await other.save(beat("a"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form = page.get_by_role("form")
    seen = form.get_by_role("textbox", name="What is to be seen")
    await seen.fill("Sent")
    await form.get_by_label("Camera").fill("Near")
    await form.get_by_label("Prompt, landscape").fill("a lamp ")
    async with held(page, "**/session/save"):
        await form.get_by_role("button", name="Save").click()
        await seen.fill("a acts")  # as it is still kept
        await form.get_by_label("Prompt, landscape").fill("a lamp and more")
    await expect(page.locator("[data-beat=a]")).to_contain_text("Near")
    await expect(form.get_by_role("button", name="Save")).to_be_enabled()
    (kept,) = await other.kept()
    assert (kept["action"], kept["cameraAngleSuggestion"]) == ("Sent", "Near")
    await expect(seen).to_have_value("a acts")
    await expect(form.get_by_label("Prompt, landscape")).to_have_value("a lamp and more")
    await expect(page.locator("[data-elsewhere]")).to_have_count(0)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    assert (await other.kept())[0]["action"] == "a acts"


async def test_a_beat_and_a_look_that_are_saved_at_once_are_both_kept(
    page: Page, other: Other
) -> None:
    mara = {"id": "mara", "name": "Mara", "look": "red"}
    timestamp = await other.save(beat("a"), episode={"bible": {"characters": [mara]}})
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    await page.get_by_role("textbox", name="What is to be seen").fill("Mara waves")
    await page.get_by_label("How Mara looks").fill("green")
    async with held(page, "**/session/save"):
        await page.get_by_role("form").get_by_role("button", name="Save").click()
        await page.get_by_role("button", name="Save the look").click()

    await expect(page.get_by_role("form")).to_have_count(0)
    await expect(page.get_by_role("button", name="Save the look")).to_have_count(0)
    assert (await other.kept())[0]["action"] == "Mara waves"
    assert (await other.looks()) == ["green"]


async def test_what_others_save_meanwhile_is_kept(page: Page, other: Other) -> None:
    timestamp = await other.save(beat("a"), beat("b"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form = page.get_by_role("form")
    seen = form.get_by_role("textbox", name="What is to be seen")
    save = form.get_by_role("button", name="Save")
    await seen.fill("Mine")

    tries: list[str] = []

    async def overtake(route: Route) -> None:
        tries.append(f"Theirs {len(tries)}")
        await other.save(beat("a"), beat("b", action=tries[-1]))
        await route.continue_()

    await page.route("**/session/save", overtake)
    await save.click()
    await expect(form.get_by_role("alert")).to_contain_text("keeps changing this story")
    await expect(seen).to_have_value("Mine")
    assert [one["action"] for one in await other.kept()] == ["a acts", tries[-1]]
    assert len(tries) == 5
    await page.unroute("**/session/save")

    # Blanks at the ends are nobody's words.
    theirs = other.save(beat("a", action=" a acts "), beat("b", action="Theirs"))
    await overtaken(page, save, theirs)
    await expect(form).to_have_count(0)
    assert [one["action"] for one in await other.kept()] == ["Mine", "Theirs"]

    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    await seen.fill("Of what is gone")
    await overtaken(page, save, other.save(beat("b")))
    await expect(page.get_by_text("Beat 1 was removed elsewhere")).to_be_visible()
    await expect(page.get_by_text("Of what is gone")).to_be_visible()
    assert [one["beatId"] for one in await other.kept()] == ["b"]


async def test_where_others_save_the_same_meanwhile_whoever_writes_decides(
    page: Page, other: Other
) -> None:
    timestamp = await other.save(beat("a"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form, elsewhere = page.get_by_role("form"), page.locator("[data-elsewhere]")
    save = form.get_by_role("button", name="Save")

    await form.get_by_role("textbox", name="What is to be seen").fill("Mine")
    await overtaken(page, save, other.save(beat("a", action="Theirs")))
    await expect(elsewhere).to_contain_text("Theirs")
    await expect(form.get_by_role("alert")).to_contain_text("has changed the same")
    assert (await other.kept())[0]["action"] == "Theirs"
    await form.get_by_label("Prompt, landscape").fill("my words")
    await overtaken(page, save, other.prompt(a="their words"), "**/prompts")
    await expect(elsewhere).to_contain_text("their words")
    await expect(form.get_by_role("alert")).to_contain_text("The rest of this is saved")
    (kept,) = await other.kept()
    assert (kept["action"], kept["prompts"]["cinematic"]) == ("Mine", "their words")
    await page.get_by_role("button", name="Take theirs").click()
    await save.click()
    await expect(form).to_have_count(0)


async def test_a_decision_that_others_take_meanwhile_is_not_undone(
    page: Page, other: Other
) -> None:
    reuse = {"type": "REUSE_IMAGE", "reuseOf": "a", "reason": "The same as in a."}
    nothing = reuse | {"type": "NO_IMAGE"}
    timestamp = await other.save(beat("a"), beat("b"), beat("c", imageDecision=reuse))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await expect(card(page, "c")).to_contain_text("The same as in a.")
    await expect(card(page, "c")).not_to_contain_text("(a)")
    await page.get_by_role("button", name="Edit beat 3", exact=True).click()
    form = page.get_by_role("form")
    await form.get_by_label("Of which beat").fill("b")
    theirs = other.save(beat("a"), beat("b"), beat("c", imageDecision=nothing))
    await overtaken(page, form.get_by_role("button", name="Save"), theirs)
    await expect(form.get_by_role("alert")).to_contain_text("has changed the same")
    assert (await other.kept())[2]["imageDecision"] == nothing


async def test_where_others_save_the_same_look_meanwhile_whoever_writes_decides(
    page: Page, other: Other
) -> None:
    def looks(words: str) -> Awaitable[int]:
        mara = {"id": "mara", "name": "Mara", "look": words}
        return other.save(beat("a"), episode={"bible": {"characters": [mara]}})

    await live(page, f"/studio/story/sessions/{await looks('red')}")
    await page.get_by_label("How Mara looks").fill("green")
    save = page.get_by_role("button", name="Save the look")
    await overtaken(page, save, looks("blue"))
    await expect(page.locator("[data-elsewhere]")).to_contain_text("blue")
    assert await other.looks() == ["blue"]
    await save.click()
    await expect(save).to_have_count(0)
    assert await other.looks() == ["green"]


async def test_what_could_not_be_saved_is_still_there(page: Page, other: Other) -> None:
    timestamp = await other.save(beat("a", action="Beat\na"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    told = card(page, "a").locator("[data-seen]")
    await expect(card(page, "a")).to_contain_text("Beat a")
    await expect(told).to_have_count(0)
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form = page.get_by_role("form")
    seen = form.get_by_role("textbox", name="What is to be seen")
    await seen.fill("Mine")
    refusal = {"detail": "It is too large.", "code": "too_large"}

    await page.route("**/session/save", lambda route: route.fulfill(status=413, json=refusal))
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert")).to_contain_text("It is too large.")
    await expect(seen).to_have_value("Mine")
    await page.unroute("**/session/save")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await expect(told).to_have_text("What is to be seen: Mine")
    assert (await other.kept())[0]["action"] == "Mine"


async def test_what_is_typed_of_a_look_while_saving_stays(page: Page, other: Other) -> None:
    mara = {"id": "mara", "name": "Mara", "look": "red"}
    timestamp = await other.save(beat("a"), episode={"bible": {"characters": [mara]}})
    await live(page, f"/studio/story/sessions/{timestamp}")
    look = page.get_by_label("How Mara looks")
    await look.fill("green ")
    async with held(page, "**/session/save"):
        await page.get_by_role("button", name="Save the look").click()
        await look.fill("green and gold")
    await expect(page.get_by_role("button", name="Save the look")).to_be_enabled()
    await expect(look).to_have_value("green and gold")
    await expect(page.locator("[data-elsewhere]")).to_have_count(0)
    await page.get_by_role("button", name="Back", exact=True).click()
    await expect(look).to_have_value("green")


async def test_what_was_saved_after_somebody_left_is_no_draft(page: Page, other: Other) -> None:
    timestamp = await other.save(beat("a", prompts={"cinematic": "a lamp"}))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    await page.get_by_label("Prompt, landscape").fill("a lighthouse")
    async with held(page, "**/prompts"):
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("link", name="All stories").click()
        await expect(page.get_by_role("region", name="Your stories")).to_be_visible()
    await page.go_back()
    await expect(card(page, "a")).to_contain_text("a lighthouse")
    await expect(page.get_by_role("form")).to_have_count(0)


async def test_what_is_typed_outlives_a_look_at_another_view_and_is_not_lost_unasked(
    page: Page, other: Other
) -> None:
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    timestamp = await other.save(beat("a"))
    await live(page, f"/studio/story/sessions/{timestamp}")
    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    await page.reload()
    assert asked == []

    await page.get_by_role("button", name="Edit beat 1", exact=True).click()
    form = page.get_by_role("form")
    seen = form.get_by_role("textbox", name="What is to be seen")
    await seen.fill("Mine")
    await page.get_by_role("link", name="Jobs", exact=True).click()
    await expect(page.get_by_role("heading", level=1, name="Jobs")).to_be_visible()
    await reload_denied(page)
    assert asked == ["beforeunload"]
    await page.get_by_role("link", name="Story", exact=True).click()
    await (
        page.get_by_role("region", name="Your stories")
        .locator(f"a[href$='/sessions/{timestamp}']")
        .click()
    )
    await expect(seen).to_have_value("Mine")

    await form.get_by_role("button", name="Leave it as it was").click()
    await page.reload()
    await expect(card(page, "a")).to_be_visible()
    assert asked == ["beforeunload"]


async def reload_denied(page: Page) -> None:
    async with page.expect_event("dialog"):
        await page.evaluate("setTimeout(() => location.reload())")
