"""The two faces: what is awaited and what waits, and the types of both."""

from collections.abc import AsyncGenerator, Coroutine, Generator
from typing import TYPE_CHECKING, Any, assert_type

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal

from storyloom.client import AsyncClient, Client
from storyloom.client.faces import Awaited, Blocking, F, Group, operation, streaming
from storyloom.client.line import Line
from storyloom.client.patience import ONCE

if TYPE_CHECKING:
    from storyloom.client.following import Snapshot
    from storyloom.events.schemas import Event
    from storyloom.work.schemas import Work

URL = "http://127.0.0.1:9"


class Numbers(Group[F]):
    """Counts."""

    closed = False

    @operation
    async def double(self, number: int, *, plus: int = 0) -> int:
        """Twice the number."""
        return number * 2 + plus

    @streaming
    async def below(self, number: int) -> AsyncGenerator[int]:
        """All below it."""
        try:
            for one in range(number):
                yield one
        finally:
            self.closed = True


@pytest.fixture
def line() -> Line:
    return Line(httpx2.AsyncClient(base_url=URL), URL, ONCE)


@pytest.fixture
def waiting(line: Line) -> Generator[Numbers[Blocking]]:
    face = Blocking()
    with start_blocking_portal() as portal:
        face.portal = portal
        yield Numbers(line, face)


async def test_one_face_is_awaited(line: Line) -> None:
    numbers = Numbers(line, Awaited())

    assert await numbers.double(3, plus=1) == 7
    assert [one async for one in numbers.below(3)] == [0, 1, 2]


def test_the_other_face_waits(waiting: Numbers[Blocking]) -> None:
    assert waiting.double(3, plus=1) == 7
    assert list(waiting.below(3)) == [0, 1, 2]


def test_what_is_left_early_is_closed(waiting: Numbers[Blocking]) -> None:
    told = waiting.below(3)

    assert next(told) == 0
    told.close()

    assert waiting.closed


def test_a_client_is_opened_first() -> None:
    with pytest.raises(RuntimeError, match="`with` block"):
        _ = Client(URL).jobs.get("x")


def test_methods_keep_their_names_and_sentences() -> None:
    assert (Numbers.double.__name__, Numbers.below.__name__) == ("double", "below")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert Numbers.double.__doc__ == "Twice the number."


if TYPE_CHECKING:

    def types_are_kept(awaited: AsyncClient, waits: Client) -> None:
        """Checked by pyright."""
        _ = assert_type(awaited.jobs.get("x"), Coroutine[Any, Any, Work])
        assert_type(waits.jobs.get("x"), Work)
        assert_type(awaited.stream("x"), AsyncGenerator[Snapshot | Event])
        assert_type(waits.stream("x"), Generator[Snapshot | Event])
        _ = waits.jobs.get(1)  # pyright: ignore[reportArgumentType]
