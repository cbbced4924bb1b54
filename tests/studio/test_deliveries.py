"""Messages to a webhook are looked up when something happens to them, and not in between."""

import httpx2
import pytest
from playwright.async_api import Page, Request, expect

from tests.until import until
from tests.webhooks.receiver import receiving

pytestmark = pytest.mark.asyncio(loop_scope="session")
AGAIN_S, BEFORE_MS, AFTER_MS = 45, 30_000, 30_000


async def test_a_message_is_looked_up_when_it_is_tried_again(page: Page, studio: str) -> None:
    reads: list[Request] = []
    page.on("request", lambda one: reads.append(one) if "/deliveries" in one.url else None)
    await page.clock.install()
    with receiving() as receiver, httpx2.Client(base_url=studio) as api:
        receiver.statuses["/busy"], receiver.retry_after = [503], str(AGAIN_S)
        asked = {"url": receiver.url("/busy"), "types": ["session.changed"]}
        webhook = api.post("/v1/webhooks", json=asked).raise_for_status().json()["id"]
        api.post("/api/v1/session/save", json={"scriptText": "MARA waits."}).raise_for_status()
        await until(lambda: bool(_attempts(api, webhook)))

        await page.goto("/studio/settings/webhooks")
        card = page.locator(f"[data-webhook='{webhook}']")
        await card.get_by_role("button", name="Last messages").click()
        await expect(card.locator("[data-delivery=pending]")).to_contain_text("Tried once")
        reads.clear()
        await page.clock.run_for(BEFORE_MS)
        assert reads == []

        await page.clock.run_for(AFTER_MS)
        await until(lambda: bool(reads))
        await card.get_by_role("switch").press(" ")
        await expect(card.get_by_role("switch")).not_to_be_checked()
        reads.clear()
        await page.clock.run_for(AFTER_MS)
        assert reads == []
        api.delete(f"/v1/webhooks/{webhook}").raise_for_status()


def _attempts(api: httpx2.Client, webhook: str) -> list[object]:
    deliveries = api.get(f"/v1/webhooks/{webhook}/deliveries").json()["data"]
    return [attempt for one in deliveries for attempt in one["attempts"]]
