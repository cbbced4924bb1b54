"""Events through Redis: what cannot be heard is looked for."""

import asyncio
from collections.abc import Sequence

import pytest

from storyloom.adapters.redis import event_bus
from storyloom.adapters.redis.event_bus import CHANNEL, open_event_bus
from storyloom.errors import Unavailable
from storyloom.events.schemas import Event
from tests.contracts.test_event_bus import EVENT, listening
from tests.databases import RedisServer, free_port, redis_running
from tests.until import until


async def somebody() -> None:
    """There always is."""


@pytest.fixture(autouse=True)
def _a_busy_machine_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_bus, "PUBLISH_WITHIN_S", 10)


async def test_a_redis_that_is_away_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(event_bus, "LOOK_EVERY_S", 0.01)
    looks: list[Sequence[Event]] = []
    async with open_event_bus(f"redis://127.0.0.1:{free_port()}/0") as bus:
        with pytest.raises(Unavailable, match="cannot be reached"):
            await bus.publish([EVENT])
        with pytest.raises(Unavailable, match="a moment ago"):
            await bus.publish([EVENT])

        listener = asyncio.get_running_loop().create_task(bus.listen(looks.append, somebody))
        await until(lambda: len(looks) > 5)
        listener.cancel()

    assert not any(looks)


async def test_a_redis_that_hangs_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, blocking_calls_allowed: None
) -> None:
    monkeypatch.setattr(event_bus, "PUBLISH_WITHIN_S", 0.05)
    with redis_running() as server:
        async with open_event_bus(server.url) as bus:
            await bus.publish([EVENT])
            server.pause()
            with pytest.raises(Unavailable, match="too long"):
                await bus.publish([EVENT])
            server.resume()


async def test_a_redis_that_comes_back_is_heard_again(
    monkeypatch: pytest.MonkeyPatch, blocking_calls_allowed: None
) -> None:
    monkeypatch.setattr(event_bus, "LOOK_EVERY_S", 0.01)
    with redis_running() as server:
        async with open_event_bus(server.url) as bus, listening(bus) as here:
            server.stop()
            looks = here.looks
            await until(lambda: here.looks > looks)
            server.start()
            while not here.told:
                bus._rest_until = 0
                await bus.publish([EVENT])
                await asyncio.sleep(0.01)

    assert here.told[0] == EVENT


async def test_what_a_stranger_publishes_has_the_log_looked_into(
    redis_url: str, redis_server: RedisServer
) -> None:
    async with open_event_bus(redis_url) as bus, listening(bus) as here:
        looks = here.looks
        with redis_server.client() as stranger:
            stranger.execute_command("PUBLISH", f"{CHANNEL}:0", b"{]")  # pyright: ignore[reportUnknownMemberType]
        await until(lambda: here.looks > looks)

    assert here.told == []


async def test_other_databases_of_the_server_are_not_heard(redis_url: str) -> None:
    """Channels are common to all of them, and another may be that of another service."""
    elsewhere = redis_url.removesuffix("0") + "3"
    async with (
        open_event_bus(elsewhere) as other,
        open_event_bus(redis_url) as bus,
        listening(bus) as here,
    ):
        await other.publish([EVENT])
        await bus.publish([EVENT, EVENT])
        await until(lambda: bool(here.told))

    assert here.told == [EVENT, EVENT]
