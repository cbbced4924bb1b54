"""A story at which somebody else works through the API, while the page shows it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from playwright.async_api import Locator, Page, Route, expect

SESSION = "/api/v1/session"
Json = dict[str, Any]


def beat(name: str, **more: Any) -> Json:
    return {"beatId": name, "beat_script_text": f"Beat {name}", "action": f"{name} acts"} | more


@dataclass
class Other:
    """Somebody else, who works at the same stories through the API."""

    api: httpx2.AsyncClient
    story: Json = field(default_factory=dict[str, Any])

    async def save(self, *beats: Json, **fields: Any) -> int:
        """Save the story anew, with what it says otherwise now."""
        episode = {"title": "The lamp"} | self.story.get("analyzedEpisode", {})
        episode |= {"scenes": [{"title": "HARBOUR", "beats": beats}]} if beats else {}
        self.story |= {"analyzedEpisode": episode | fields.pop("episode", {})} | fields
        answer = await self.api.post(f"{SESSION}/save", json=self.story)
        answer.raise_for_status()
        self.story["timestamp"] = answer.json()["sessionTimestamp"]
        return self.story["timestamp"]

    async def prompt(self, **prompts: str) -> None:
        path = f"{SESSION}/{self.story['timestamp']}/prompts"
        (await self.api.post(path, json={"prompts": prompts})).raise_for_status()

    async def delete(self) -> None:
        (await self.api.delete(f"{SESSION}/{self.story['timestamp']}")).raise_for_status()

    async def kept(self) -> list[Json]:
        return (await self._episode())["scenes"][0]["beats"]

    async def looks(self) -> list[str]:
        return [one["look"] for one in (await self._episode())["bible"]["characters"]]

    async def _episode(self) -> Json:
        answer = await self.api.get(f"{SESSION}/{self.story['timestamp']}")
        return answer.json()["data"]["analyzedEpisode"]

    async def events(self, subject: str, after: int = 0) -> list[Json]:
        query = {"after": after, "subject": subject, "limit": 1000}
        return (await self.api.get("/v1/events", params=query)).json()["data"]


def card(page: Page, name: str) -> Locator:
    return page.locator(f"[data-beat='{name}']")


async def live(page: Page, address: str) -> None:
    await page.goto(address)
    await expect(page.locator("[data-connection=live]")).to_be_visible()


@asynccontextmanager
async def held(page: Page, path: str) -> AsyncGenerator[None]:
    """What the page sends there is on its way until this is left."""
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await page.route(path, hold)
    yield
    arrived.set()
