"""SwarmUI's API, spoken to a strict double of it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from storyloom.adapters.swarmui.swarm_api import HttpSwarmApi, open_swarm_api
from storyloom.automation.ports import SwarmUsage
from storyloom.errors import BadAnswer, KeyRefused, Rejected, TimedOut, Unreachable
from tests.databases import free_port
from tests.processes import open_files
from tests.swarmui.double import NO_BACKENDS, VERSION, Behaviour, SwarmDouble, swarm_double


@asynccontextmanager
async def opened(**how: Any) -> AsyncGenerator[tuple[HttpSwarmApi, SwarmDouble]]:
    async with swarm_double(Behaviour(**how)) as double, open_swarm_api(timeout_s=5) as api:
        yield api, double


async def test_a_look_tells_the_version_and_the_backends() -> None:
    async with opened() as (api, double):
        look = await api.look(double.url)

    assert (look.version, look.backend_status) == (VERSION, "running")
    assert (look.is_usable, look.is_loading, look.is_broken) == (True, False, False)


async def test_a_session_is_asked_for_once() -> None:
    async with opened() as (api, double):
        for _ in range(3):
            await api.look(double.url)

    assert double.routes == ["GetNewSession", *["GetCurrentStatus"] * 3]


async def test_a_session_that_was_forgotten_is_made_anew() -> None:
    async with opened() as (api, double):
        await api.look(double.url)
        double.sessions.clear()

        look = await api.look(double.url)

    assert look.backend_status == "running"
    assert double.routes[-3:] == ["GetCurrentStatus", "GetNewSession", "GetCurrentStatus"]


async def test_a_session_may_be_forgotten_by_another_call_meanwhile() -> None:
    async with opened(statuses=["errored"]) as (api, double):

        def forget(route: str) -> None:
            if route == "ListBackends":
                api._sessions.clear()

        double.told = forget

        assert (await api.look(double.url)).version == VERSION


async def test_a_session_is_made_anew_once_and_no_more() -> None:
    async with opened(forgets_sessions=True) as (api, double):
        with pytest.raises(KeyRefused):
            await api.free_memory(double.url)

    assert double.routes.count("GetNewSession") == 2


@pytest.mark.parametrize(
    ("how", "usable", "loading", "broken"),
    [
        ({"statuses": ["running"]}, True, False, False),
        ({"statuses": ["some_loading"]}, True, True, False),
        ({"statuses": ["loading"]}, False, True, False),
        ({"statuses": ["empty"]}, False, False, True),
        ({"statuses": ["empty"], "any_loading": True}, False, True, False),
        ({"statuses": ["all_disabled"]}, False, False, True),
        ({"statuses": ["errored"], "backends": ["errored", "errored"]}, False, False, True),
        ({"statuses": ["errored"], "backends": ["errored", "running"]}, True, False, False),
        ({"statuses": ["idle"]}, False, False, False),
        ({"statuses": ["a new word"]}, False, False, False),
    ],
)
async def test_what_its_backends_are_worth(
    how: dict[str, Any],
    usable: bool,  # noqa: FBT001
    loading: bool,  # noqa: FBT001
    broken: bool,  # noqa: FBT001
) -> None:
    async with opened(**how) as (api, double):
        look = await api.look(double.url)

    assert look.backend_status == how["statuses"][0]
    assert (look.is_usable, look.is_loading, look.is_broken) == (usable, loading, broken)


async def test_what_is_wrong_is_told_in_its_words() -> None:
    async with opened(statuses=["empty"]) as (api, double):
        assert (await api.look(double.url)).message == NO_BACKENDS


async def test_one_that_tells_no_status_answers_all_the_same() -> None:
    async with opened(is_plain=True) as (api, double):
        look = await api.look(double.url)

    assert (look.version, look.backend_status, look.is_usable) == (VERSION, None, True)


async def test_the_work_of_all_sessions_counts() -> None:
    async with opened(live=2, waiting=3, idle_s=7) as (api, double):
        assert await api.usage(double.url) == SwarmUsage(5, 7)


async def test_a_backend_that_was_never_used_tells_no_time() -> None:
    async with opened() as (api, double):
        assert await api.usage(double.url) == SwarmUsage(0, None)


async def test_where_the_work_of_others_is_hidden_ours_is_told() -> None:
    async with opened(live=2, hides_global=True) as (api, double):
        assert (await api.usage(double.url)).generations == 0


async def test_where_backends_are_hidden_the_work_is_told() -> None:
    async with opened(live=2, hides_backends=True) as (api, double):
        assert await api.usage(double.url) == SwarmUsage(2, None)


async def test_where_even_that_is_hidden_it_says_so() -> None:
    async with opened(is_plain=True) as (api, double):
        with pytest.raises(Rejected):
            await api.usage(double.url)


async def test_it_can_be_told_to_free_memory_and_to_end() -> None:
    async with opened() as (api, double):
        await api.free_memory(double.url)
        await api.shut_down(double.url)

    assert double.routes == ["GetNewSession", "FreeBackendMemory", "ShutdownServer"]


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"wants_account": True}, KeyRefused),
        ({"wants_key": True}, KeyRefused),
        ({"is_stranger": True}, BadAnswer),
    ],
)
async def test_who_does_not_let_us_in_is_told_from_who_is_no_swarmui(
    how: dict[str, Any], kind: type[Exception]
) -> None:
    async with opened(**how) as (api, double):
        with pytest.raises(kind):
            await api.look(double.url)


async def test_a_program_that_has_taken_the_port_since_is_no_swarmui() -> None:
    behaviour = Behaviour()
    async with swarm_double(behaviour) as double, open_swarm_api(timeout_s=5) as api:
        await api.look(double.url)
        behaviour.is_stranger = True

        with pytest.raises(BadAnswer):
            await api.look(double.url)


async def test_where_nothing_listens_nothing_answers() -> None:
    async with open_swarm_api() as api:
        with pytest.raises(Unreachable, match="nothing answers at http://127"):
            await api.look(f"http://127.0.0.1:{free_port()}")


async def test_one_that_hangs_is_not_waited_for() -> None:
    async with swarm_double(Behaviour(hangs=True)) as double, open_swarm_api(timeout_s=0.1) as api:
        with pytest.raises(TimedOut, match=r"did not answer within 0\.1 seconds"):
            await api.look(double.url)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"session_id": 7}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * (5 << 20),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno",
    ],
)
async def test_whatever_else_listens_is_another_program(said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, open_swarm_api(timeout_s=5) as api:
        with pytest.raises(BadAnswer, match="no SwarmUI"):
            await api.look(url)


async def test_no_connection_is_left_open() -> None:
    async with opened() as (api, double):
        await api.look(double.url)
        await asyncio.sleep(0.05)
        before = open_files()
        for _ in range(5):
            await api.look(double.url)
        await asyncio.sleep(0.05)

        assert open_files() <= before
