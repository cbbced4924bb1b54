"""Defaults of runs over HTTP."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from storyloom.adapters.memory.config_store import MemoryConfigStore
from storyloom.api.errors import render_errors
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.runs.router_config import router

ROUTE = "/api/v1/automation/config"


class Routes:
    """The routes with a store in memory."""

    def __init__(self) -> None:
        self._defaults = RunDefaults(MemoryConfigStore())
        self._app = FastAPI()
        self._app.include_router(router)
        render_errors(self._app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = {"run_defaults": self._defaults}
        await self._app({**scope, "state": state}, receive, send)

    async def ask(self, method: str, body: Any = None, org: str = "acme") -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, ROUTE, json=body, headers={"X-Org-ID": org})


async def test_who_has_chosen_nothing_has_what_is_delivered() -> None:
    answer = await Routes().ask("GET")

    assert answer.json() == RunConfig().model_dump(by_alias=True, mode="json")


async def test_what_is_chosen_replaces_all_for_its_organisation_alone() -> None:
    routes = Routes()
    await routes.ask("PUT", {"imagesPerPrompt": 3})

    chosen = await routes.ask("PUT", {"gpu": {"maxTemperature": 80}})

    assert chosen.status_code == 200
    assert (chosen.json()["imagesPerPrompt"], chosen.json()["gpu"]["maxTemperature"]) == (1, 80)
    assert (await routes.ask("GET")).json() == chosen.json()
    assert (await routes.ask("GET", org="beta")).json()["gpu"]["maxTemperature"] == 85


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"imagesPerPrompts": 2}, ["imagesPerPrompts"]),
        ({"gpu": {"maxTemp": 80}}, ["gpu", "maxTemp"]),
        ({"quietHours": {"start": "22:00"}}, ["quietHours", "end"]),
    ],
)
async def test_what_is_not_known_is_named_with_its_path(
    body: dict[str, Any], where: list[str]
) -> None:
    answer = await Routes().ask("PUT", body)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", *where]
