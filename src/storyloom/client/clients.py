"""The two clients: one is awaited, the other waits."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, aclosing
from pathlib import Path
from types import TracebackType
from typing import Self

from anyio.from_thread import start_blocking_portal

from storyloom.client.faces import Awaited, Blocking, F, Group, operation, streaming
from storyloom.client.following import Snapshot, Transport
from storyloom.client.jobs import JOB_LIMIT_S, Events, Jobs, Queues, stream, wait
from storyloom.client.line import Line, new_http
from storyloom.client.machine import Gpus, Keys, Organizations, Service, SwarmUi
from storyloom.client.patience import Patience
from storyloom.client.presets import Presets
from storyloom.client.runs import Runs
from storyloom.client.sources import head_of, is_picture, name_of, raw_of
from storyloom.client.stories import NotificationBox, Sessions
from storyloom.client.storyboards import Storyboards, download, wished
from storyloom.client.uploading import upload
from storyloom.client.webhooks import Webhooks
from storyloom.events.schemas import Event
from storyloom.kit.ids import JobId
from storyloom.storyboard.schemas import JobAccepted, Wishes
from storyloom.work.schemas import Work, WorkKind


class Verbs(Group[F]):
    """What most callers need, and the groups with everything else."""

    def __init__(self, line: Line, face: F) -> None:
        """Take the line to the server, and the face that all methods show."""
        super().__init__(line, face)
        self.storyboards = Storyboards(line, face)
        self.presets = Presets(line, face)
        self.jobs = Jobs(line, face)
        self.queues = Queues(line, face)
        self.events = Events(line, face)
        self.runs = Runs(line, face)
        self.sessions = Sessions(line, face)
        self.notifications = NotificationBox(line, face)
        self.gpus = Gpus(line, face)
        self.swarmui = SwarmUi(line, face)
        self.webhooks = Webhooks(line, face)
        self.keys = Keys(line, face)
        self.organizations = Organizations(line, face)
        self.service = Service(line, face)

    @operation
    async def create(
        self,
        source: Path | str | bytes,
        *,
        name: str | None = None,
        sanitize_ip: bool = True,
        wishes: Wishes | None = None,
    ) -> JobAccepted:
        """Let a storyboard be made: of a picture as a roadmap, and of everything else as code.

        A file is streamed from where it lies.
        """
        file = source if isinstance(source, Path) else raw_of(source)
        kind, asked = WorkKind.CODE, wished(wishes)
        if is_picture(await head_of(file)):
            kind, asked = WorkKind.ROADMAP, asked | {"sanitize_ip": sanitize_ip}
            name = name or "roadmap"
        work = await upload(self.line, kind, file, name_of(source, name), asked=asked)
        return JobAccepted.of(JobId(work.id))

    @operation
    async def wait(self, job_id: str, *, limit_s: float = JOB_LIMIT_S) -> Work:
        """Wait until work of any kind has ended; see `Jobs.wait`."""
        return await wait(self.line, job_id, limit_s)

    @streaming
    async def stream(
        self,
        job_id: str,
        *,
        after: int | None = None,
        within_s: float | None = None,
        transport: Transport = "sse",
    ) -> AsyncGenerator[Snapshot | Event]:
        """Follow work until it has ended; see `Jobs.stream`."""
        told = stream(self.line, job_id, after=after, within_s=within_s, transport=transport)
        async with aclosing(told):
            async for one in told:
                yield one

    @operation
    async def download(self, job_id: str, to: Path) -> Path:
        """Save a finished storyboard as .png, .svg or .pdf."""
        return await download(self.line, job_id, to)

    @operation
    async def fetch(self, link: str) -> bytes:
        """A file that an answer names, such as `image_url` and the `url` of files of work."""
        return await self.line.fetch(link)


class AsyncClient(Verbs[Awaited]):
    """A client whose methods are awaited; open it with `async with`."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        org: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Take the address of a server, a key where it asks for one, and an organisation's label.

        Nothing is sent yet. Raises `InvalidInput` for what is no address.
        """
        line = Line(new_http(url, key=key, org=org), url, patience or Patience())
        super().__init__(line, Awaited())
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Be ready to ask."""
        await self._open.enter_async_context(self.line.http)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self._open.aclose()


class Client(Verbs[Blocking]):
    """The same for programs without an event loop; open it with `with`. Threads may share it."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        org: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Take what `AsyncClient` takes."""
        line = Line(new_http(url, key=key, org=org), url, patience or Patience())
        super().__init__(line, Blocking())
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Be ready to ask."""
        portal = self._open.enter_context(start_blocking_portal("asyncio"))
        self._open.enter_context(portal.wrap_async_context_manager(self.line.http))
        self.face.portal = portal
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections, and end the event loop."""
        self.face.portal = None
        self._open.close()
