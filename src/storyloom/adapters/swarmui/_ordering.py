"""Orders pictures of SwarmUI, each once: what was ordered before is taken, or waited for."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module

import anyio
from anyio import to_thread

from storyloom.adapters.swarmui._hearing import Hearing, Told
from storyloom.adapters.swarmui._notes import WorkNotes
from storyloom.adapters.swarmui._order import SUFFIX, Order
from storyloom.adapters.swarmui._pictures import Made, Pictures, found
from storyloom.adapters.swarmui._sessions import Session, Sessions
from storyloom.automation.errors import SYSTEM
from storyloom.errors import BadAnswer, Rejected, TimedOut, Unavailable, Unreachable
from storyloom.imaging.ports import Watch
from storyloom.imaging.schemas import Progress

_ROUTE = "GenerateText2ImageWS"
_SOCKET = "storyloom.adapters.swarmui._socket"
_NO = (Unavailable, BadAnswer, Rejected)
_ALREADY = Progress(fraction=0, says="SwarmUI has been asked for it before, and is making it")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds."""

    answer_s: float = 10.0  #: an answer to a request, or the opening of a socket
    file_s: float = 60.0  #: the transfer of a finished file
    silence_s: float = 90.0  #: SwarmUI says something every 30 seconds while it works
    last_word_s: float = 1.0  #: its wish to close, after it has told how a picture ended
    picture_s: float = 3600.0  #: a picture, with all that it waits for
    interruption_s: float = 1.5
    poll_s: float = 0.5  #: between two looks at what was asked for before


@dataclass(frozen=True, slots=True)
class Place:
    """The SwarmUI at an address, and our session there."""

    url: str
    session: Session


class Ordering:
    """Orders over a socket, and notes before it does in which session that is."""

    def __init__(
        self, sessions: Sessions, pictures: Pictures, notes: WorkNotes, patience: Patience
    ) -> None:
        """Take what it stands on, and how long things may take."""
        self._sessions = sessions
        self._pictures = pictures
        self._notes = notes
        self._patience = patience

    async def fill(self, at: Place, order: Order, work: str, watch: Watch) -> Made:
        """The picture; raises what `ImageBackend.generate` says."""
        made = await self._made_before(at, order, work, watch) if work else None
        if made is None:
            told = await self._told(at, order, work, watch)
            made = await self._pictures.fetch(at.url, told)
        await self._notes.forget(work)
        return made

    async def _made_before(self, at: Place, order: Order, work: str, watch: Watch) -> Made | None:
        """What is there of this work, once nothing is being made for it any more."""
        session_id = await self._notes.recall(work)
        if session_id is not None:
            async with self._until_over(at.url, session_id, is_kept=True):
                # It tells nobody any more that it is over.
                while await self._sessions.is_busy(at.url, session_id):
                    watch(_ALREADY)
                    await anyio.sleep(self._patience.poll_s)
        data = await self._pictures.find(at.url, f"{at.session.view}{order.path}{SUFFIX}")
        return None if data is None else await to_thread.run_sync(found, data)

    async def _told(self, at: Place, order: Order, work: str, watch: Watch) -> Told:
        """Place the order, once more in a new session where SwarmUI has forgotten ours."""
        hearing = await self._placed(at, order, work, watch)
        if hearing.is_forgotten:
            await self._sessions.renew(at.url, at.session)
            hearing = await self._placed(at, order, work, watch)
        at.session.is_idle = hearing.has_ended
        if hearing.has_ended and not hearing.has_picture:
            await self._notes.forget(work)
        return hearing.outcome()

    async def _placed(self, at: Place, order: Order, work: str, watch: Watch) -> Hearing:
        hearing = Hearing(watch)
        await self._notes.keep(work, at.session.id)
        at.session.is_idle = False
        try:
            await self._hear(at, order, hearing)
        except Unreachable:
            if not (hearing.has_picture or hearing.has_ended):
                raise
        return hearing

    async def _hear(self, at: Place, order: Order, hearing: Hearing) -> None:
        # In a thread, for it loads the client's library.
        await to_thread.run_sync(import_module, _SOCKET)
        from storyloom.adapters.swarmui._socket import open_socket  # noqa: PLC0415 - loaded by now

        patience = self._patience
        body = json.dumps({**order.body, "session_id": at.session.id})
        async with (
            open_socket(at.url, _ROUTE, patience.answer_s) as socket,
            self._until_over(at.url, at.session.id, is_kept=bool(order.path)),
        ):
            await socket.send(body)
            while not hearing.is_over:
                # The last word follows at once. Who leaves before it is taken for lost in the log.
                within_s = patience.last_word_s if hearing.has_ended else patience.silence_s
                text = await socket.receive(within_s)
                if text is None:
                    break
                hearing.hear(text)

    @asynccontextmanager
    async def _until_over(
        self, url: str, session_id: str, *, is_kept: bool
    ) -> AsyncGenerator[None]:
        """Stop what is made in a session when it takes too long, or the caller is cancelled.

        After other faults, what will be kept is left alone: it can be taken later.
        """
        within_s = self._patience.picture_s
        try:
            with anyio.fail_after(within_s):
                try:
                    yield
                except BaseException as fault:
                    if not (is_kept and isinstance(fault, Exception)):
                        await self._interrupt(url, session_id)
                    raise
        except TimeoutError:
            raise TimedOut(
                f"SwarmUI has not made the picture in {within_s:g} seconds", system=SYSTEM
            ) from None

    async def _interrupt(self, url: str, session_id: str) -> None:
        with (
            anyio.move_on_after(self._patience.interruption_s, shield=True),
            suppress(*_NO),  # nobody hears us, and there is nothing else to do
        ):
            await self._sessions.interrupt(url, session_id)
