"""SwarmUI's sessions for orders: one for each order under way, for an interruption stops all of one."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storyloom.adapters.swarmui._http import SwarmHttp, judged, read, refusal_in
from storyloom.adapters.swarmui._wire import INVALID_SESSION, CurrentStatus, NewSession
from storyloom.errors import BadAnswer, Rejected


@dataclass(slots=True)
class Session:
    """A session at the SwarmUI of one address."""

    id: str
    view: str  #: what the address of a kept file begins with
    is_idle: bool = True  #: nothing is made in it, so that the next order may have it


class Sessions:
    """Makes sessions, and keeps those that can be used again: SwarmUI writes down each of them."""

    def __init__(self, http: SwarmHttp, timeout_s: float) -> None:
        """Take what sends requests, and how long an answer may take."""
        self._http = http
        self._timeout_s = timeout_s
        self._idle: dict[str, list[Session]] = defaultdict(list)

    @asynccontextmanager
    async def borrowed(self, url: str) -> AsyncGenerator[Session]:
        """One that nobody else uses; it is used again unless something may be left in it."""
        idle = self._idle[url]
        session = idle.pop() if idle else await self.new(url)
        try:
            yield session
        finally:
            if session.is_idle:
                self._idle[url].append(session)

    async def new(self, url: str) -> Session:
        """A new one."""
        answer = await self._http.post(url, "GetNewSession", {}, timeout_s=self._timeout_s)
        told = read(NewSession, judged(*answer))
        view = f"View/{told.user_id}/" if told.output_append_user else "Output/"
        return Session(told.session_id, view)

    async def renew(self, url: str, session: Session) -> None:
        """Let it be a new one, for SwarmUI has forgotten it."""
        session.id = (await self.new(url)).id

    async def ask(
        self, url: str, session: Session, route: str, body: Mapping[str, object], *, most: int
    ) -> bytes:
        """The answer to a question, at most so many bytes; raises what `SwarmApi` says."""
        for is_last in (False, True):
            whole = {**body, "session_id": session.id}
            status, answer = await self._http.post(
                url, route, whole, timeout_s=self._timeout_s, most=most
            )
            if is_last or refusal_in(answer).error_id != INVALID_SESSION:
                break
            await self.renew(url, session)
        return judged(status, answer)

    async def is_busy(self, url: str, session_id: str) -> bool:
        """Whether something is made or waits in it; not in one that SwarmUI has forgotten."""
        status, answer = await self._http.post(
            url, "GetCurrentStatus", {"session_id": session_id}, timeout_s=self._timeout_s
        )
        if refusal_in(answer).error_id == INVALID_SESSION:
            return False
        try:
            return read(CurrentStatus, judged(status, answer)).status.generations > 0
        except (BadAnswer, Rejected):  # it does not tell everybody
            return False

    async def interrupt(self, url: str, session_id: str) -> None:
        """Stop everything in it."""
        body = {"session_id": session_id}
        judged(*await self._http.post(url, "InterruptAll", body, timeout_s=self._timeout_s))
