"""Leases over HTTP: who is told what, and when it is refused."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from storyloom.adapters.memory.lease_store import MemoryLeaseStore
from storyloom.api.errors import render_errors
from storyloom.gpu.leases import GpuLeases
from storyloom.gpu.router import router
from storyloom.kit.background import Background
from storyloom.kit.clock import ManualClock
from tests.tasks import tasks_of_their_own

ROUTE = "/api/v1/gpu/leases"
BODY = {"holder": "model training", "ttlSeconds": 60}


class Routes:
    """The routes with a store in memory."""

    def __init__(self, leases: GpuLeases, clock: ManualClock) -> None:
        self.clock = clock
        self._state = {"gpu_leases": leases}
        self._app = FastAPI()
        self._app.include_router(router)
        render_errors(self._app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    async def ask(
        self, method: str, path: str = "", *, org: str = "acme", token: str = "", body: Any = None
    ) -> httpx2.Response:
        headers = {"X-Org-ID": org} | ({"X-Lease-Token": token} if token else {})
        transport = httpx2.ASGITransport(app=self)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, ROUTE + path, headers=headers, json=body)


@pytest.fixture
async def routes(clock: ManualClock) -> AsyncGenerator[Routes]:
    async with tasks_of_their_own() as tasks:
        store = MemoryLeaseStore(clock)
        yield Routes(GpuLeases(store, Background(tasks), host="studio"), clock)


async def test_a_lease_is_granted_renewed_and_released(routes: Routes) -> None:
    granted = await routes.ask("POST", body=BODY)
    lease = granted.json()
    path, token = f"/{lease['leaseId']}", lease.pop("token")

    assert (granted.status_code, granted.headers["Cache-Control"]) == (201, "no-store")
    assert len(token) == 64
    assert lease == {
        "leaseId": lease["leaseId"],
        "resource": "studio/gpu0",
        "holder": "model training",
        "fencingToken": 1,
        "ttlSeconds": 60,
        "grantedAt": "2026-01-01T00:00:00Z",
        "expiresAt": "2026-01-01T00:01:00Z",
    }

    routes.clock.advance(30)
    renewed = await routes.ask("PUT", path, token=token)
    longer = await routes.ask("PUT", path, token=token, body={"ttlSeconds": 3600})
    assert renewed.status_code == 200
    assert renewed.json() == lease | {"expiresAt": "2026-01-01T00:01:30Z"}
    assert longer.json()["expiresAt"] == "2026-01-01T01:00:30Z"

    for _ in range(2):
        assert (await routes.ask("DELETE", path, token=token)).status_code == 204
    assert (await routes.ask("GET")).json() == {"leases": []}
    assert (await routes.ask("POST", body=BODY)).json()["fencingToken"] == 2


async def test_who_comes_second_is_told_to_wait_and_by_whom_only_if_it_may_know(
    routes: Routes,
) -> None:
    granted = (await routes.ask("POST", body=BODY)).json()
    routes.clock.advance(20.5)

    own = await routes.ask("POST", body=BODY)
    foreign = await routes.ask("POST", org="beta", body={"holder": "another"})

    assert (own.status_code, own.headers["Retry-After"]) == (409, "40")
    assert own.json() == {
        "detail": "The GPU studio/gpu0 is held by somebody else.",
        "code": "gpu_held",
        "lease": {
            "resource": "studio/gpu0",
            "isYours": True,
            "kind": "program",
            "holder": "model training",
            "leaseId": granted["leaseId"],
            "fencingToken": 1,
            "grantedAt": "2026-01-01T00:00:00Z",
            "expiresAt": "2026-01-01T00:01:00Z",
        },
    }
    assert foreign.status_code == 409
    assert foreign.json()["lease"] == own.json()["lease"] | {
        "isYours": False,
        "holder": None,
        "leaseId": None,
    }
    listed = await routes.ask("GET", org="beta")
    assert listed.json() == {"leases": [foreign.json()["lease"]]}
    assert granted["token"] not in (await routes.ask("GET")).text


async def test_a_lost_lease_is_a_conflict_and_anothers_is_not_found(routes: Routes) -> None:
    granted = (await routes.ask("POST", body=BODY)).json()
    path, token = f"/{granted['leaseId']}", granted["token"]

    for method in ("PUT", "DELETE"):
        foreign = await routes.ask(method, path, org="beta", token=token)
        wrong = await routes.ask(method, path, token="0" * 64)
        without = await routes.ask(method, path)
        assert [answer.status_code for answer in (foreign, wrong, without)] == [404, 404, 422]
        assert (
            foreign.json()
            == wrong.json()
            == {"detail": "There is no such lease, or this is not its token."}
        )

    routes.clock.advance(60)
    lost = await routes.ask("PUT", path, token=token)
    assert (lost.status_code, lost.json()["code"]) == (409, "lease_lost")

    await routes.ask("POST", body=BODY)
    assert (await routes.ask("PUT", path, token=token)).status_code == 404


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "holder"),
        ({"holder": "a\nb"}, "holder"),
        ({"holder": "x", "ttlSeconds": 4}, "ttlSeconds"),
        ({"holder": "x", "ttlSeconds": 3601}, "ttlSeconds"),
        ({"holder": "x", "resource": "../../etc"}, "resource"),
        ({"holder": "x", "priority": 1}, "priority"),
    ],
)
async def test_what_makes_no_sense_is_named(
    body: dict[str, object], where: str, routes: Routes
) -> None:
    answer = await routes.ask("POST", body=body)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", where]
