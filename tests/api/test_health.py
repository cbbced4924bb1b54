"""Whether the process can work, and which parts it can do without."""

from collections.abc import Mapping

import anyio
import httpx2
import pytest
from anyio import CancelScope

from storyloom.api.health import ping_all, ping_within, readiness_of
from storyloom.errors import Unavailable
from storyloom.kit.questions import Questions


def test_it_is_ready_when_every_part_answers(client: httpx2.Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert set(answer.json()["checks"].values()) == {"ok"}
    assert answer.json()["checks"].keys() == {"archive", "hot", "images", "engine", "renderer"}


async def test_a_part_that_is_down_is_named_with_its_reason() -> None:
    async def down() -> None:
        raise Unavailable("The engine did not answer.", system="engine")

    async def up() -> None: ...

    assert await ping_all({"engine": down, "archive": up}) == {
        "engine": "The engine did not answer.",
        "archive": "ok",
    }


async def test_a_part_that_hangs_is_named_in_time_though_it_cannot_be_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storyloom.api.health.PING_TIMEOUT_S", 0.01)
    over = anyio.Event()
    checks: dict[str, str] = {}

    async def hangs() -> None:
        with CancelScope(shield=True):
            await over.wait()

    async with anyio.create_task_group() as tasks:
        checks = await ping_within(Questions(tasks), {"archive": hangs})
        over.set()

    assert checks == {"archive": "No answer within 0.01 seconds"}


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ({"archive": "ok", "hot": "ok"}, "ready"),
        ({"archive": "ok", "hot": "Redis did not answer."}, "degraded"),
        ({"archive": "Away.", "hot": "ok"}, "unavailable"),
        ({"engine": "Away.", "hot": "Away."}, "unavailable"),
    ],
)
def test_only_hot_state_can_be_done_without(checks: Mapping[str, str], status: str) -> None:
    readiness = readiness_of(dict(checks))

    assert (readiness.status, readiness.checks) == (status, checks)
