"""One set of methods with two faces: awaited, or waited for.

A method is written once, as a coroutine. In a group that is `Awaited` it is what it looks like; in
one that is `Blocking` the same coroutine runs in a portal, and the caller waits for its result.
"""

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from functools import partial, update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, cast, overload

from anyio.from_thread import BlockingPortal

from storyloom.client.line import Line

P = ParamSpec("P")
T = TypeVar("T")


class Awaited:
    """The face whose methods are awaited."""

    def method(self, bound: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return bound

    def stream(self, bound: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return bound


class Blocking:
    """The face whose methods wait; an event loop of its own does the work."""

    def __init__(self) -> None:
        """Nothing can be called before there is a portal."""
        self.portal: BlockingPortal | None = None

    def method(self, bound: Callable[..., Any]) -> Callable[..., Any]:
        """Call it in the event loop, and wait."""

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._open().call(partial(bound, *args, **kwargs))

        return call

    def stream(self, bound: Callable[..., Any]) -> Callable[..., Any]:
        """Take one thing after the other out of the event loop."""

        def iterate(*args: Any, **kwargs: Any) -> Generator[Any]:
            portal = self._open()
            told: AsyncGenerator[Any] = bound(*args, **kwargs)
            try:
                while (one := portal.call(anext, told, _OVER)) is not _OVER:
                    yield one
            finally:
                portal.call(told.aclose)

        return iterate

    def _open(self) -> BlockingPortal:
        if self.portal is None:
            raise RuntimeError("The client is not open: use it in a `with` block.")
        return self.portal


F = TypeVar("F", Awaited, Blocking)
_OVER = object()


class Group(Generic[F]):
    """Methods about one thing."""

    def __init__(self, line: Line, face: F) -> None:
        """Take the line to the server, and the face that the methods show."""
        self.line = line
        self.face = face


class operation(Generic[P, T]):  # noqa: N801 - used as a decorator
    """A method of a group: a coroutine that is awaited or waited for, as the group's face has it."""

    def __init__(self, written: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> None:
        """Take the coroutine function."""
        self._written = written
        update_wrapper(cast("Callable[..., Any]", self), written)

    @overload
    def __get__(self, group: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(
        self, group: Group[Awaited], owner: type[Any]
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, group: Group[Blocking], owner: type[Any]) -> Callable[P, T]: ...

    def __get__(self, group: Group[Any] | None, owner: type[Any]) -> Any:
        """Bind it, as functions bind to their instances."""
        return self if group is None else group.face.method(partial(self._written, group))


class streaming(Generic[P, T]):  # noqa: N801 - used as a decorator
    """The same for what yields: `async for`, or `for`."""

    def __init__(self, written: Callable[Concatenate[Any, P], AsyncGenerator[T]]) -> None:
        """Take the asynchronous generator function."""
        self._written = written
        update_wrapper(cast("Callable[..., Any]", self), written)

    @overload
    def __get__(self, group: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(
        self, group: Group[Awaited], owner: type[Any]
    ) -> Callable[P, AsyncGenerator[T]]: ...
    @overload
    def __get__(self, group: Group[Blocking], owner: type[Any]) -> Callable[P, Generator[T]]: ...

    def __get__(self, group: Group[Any] | None, owner: type[Any]) -> Any:
        """Bind it."""
        return self if group is None else group.face.stream(partial(self._written, group))
