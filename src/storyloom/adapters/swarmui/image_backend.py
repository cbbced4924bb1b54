"""Lets a SwarmUI paint, over its WebSocket route, and makes nothing twice."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress

from anyio import to_thread

from storyloom.adapters.swarmui._http import BrokenAnswer, SwarmHttp, open_swarm_http, read
from storyloom.adapters.swarmui._notes import WorkNotes
from storyloom.adapters.swarmui._order import model_of, order_of
from storyloom.adapters.swarmui._ordering import Ordering, Patience, Place
from storyloom.adapters.swarmui._pictures import NAME, Pictures, picture_of
from storyloom.adapters.swarmui._sessions import Sessions
from storyloom.adapters.swarmui._wire import Model, Models
from storyloom.adapters.swarmui.swarm_api import HttpSwarmApi
from storyloom.automation.errors import SYSTEM
from storyloom.errors import ModelNotFound, Unavailable, Unreachable, Unsupported
from storyloom.imaging.ports import ImageStore, Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture

__all__ = ["Patience", "SwarmImageBackend", "Where", "open_swarm_image_backend"]

#: Tells where SwarmUI answers now, such as `http://127.0.0.1:7801`: its port may change when it is
#: launched again. Raises `Unavailable` where it does not run.
Where = Callable[[], Awaitable[str]]

_KINDS = (MediaType.PNG, MediaType.JPEG)
_MAX_SIDE = 4096
_MODELS_BYTES = 64 << 20
_MODELS = {"path": "", "depth": 20, "subtype": "Stable-Diffusion"}


class SwarmImageBackend:
    """An `ImageBackend` over a SwarmUI.

    A picture of a named piece of work is kept by SwarmUI under that name, and the session in which it
    was ordered is noted before it is. So whoever asks for the same work later, also after a crash,
    takes the picture that is there, or waits for the one that is being made.
    """

    def __init__(
        self,
        http: SwarmHttp,
        where: Where,
        *,
        model: str | None = None,
        notes: ImageStore | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Take what sends requests and where to, a model for requests without, and where notes lie.

        Without a model, it is the one that SwarmUI has loaded, or else its first.
        """
        patience = patience or Patience()
        self._api = HttpSwarmApi(http)
        self._where = where
        self._model = model
        self._sessions = Sessions(http, patience.answer_s)
        pictures = Pictures(http, patience.file_s)
        self._ordering = Ordering(self._sessions, pictures, WorkNotes(notes), patience)
        self._chosen: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        return Capabilities(
            media_types=frozenset(_KINDS),
            max_width=_MAX_SIDE,
            max_height=_MAX_SIDE,
            supports_seed=True,
            supports_negative_prompt=True,
            is_local=True,
            is_free=True,
            needs_gpu=True,
        )

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        """Make one picture, or take the one that was made for the same work before."""
        media_type = _media_type(request)
        with _connected():
            async with self._place() as at:
                model = model_of(request) or self._model or await self._choose(at)
                order = order_of(request, model)
                try:
                    made = await self._ordering.fill(at, order, request.work, watch)
                except ModelNotFound:
                    self._chosen.clear()
                    raise
        return await to_thread.run_sync(picture_of, made, order, request, media_type)

    async def ping(self) -> None:
        """Return when SwarmUI answers and can generate; raise `Unavailable` when it cannot."""
        with _connected():
            look = await self._api.look(await self._where())
        if not look.is_usable:
            why = look.message or f"its backends are {look.backend_status}"
            raise Unavailable(f"SwarmUI cannot generate: {why}", system=SYSTEM)

    async def free(self) -> None:
        """Let SwarmUI unload its models; one that does not answer holds nothing of ours."""
        with suppress(Unreachable), _connected():
            await self._api.free_memory(await self._where())

    async def models(self) -> Sequence[str]:
        """The names of the models that it has; raises as `generate`."""
        with _connected():
            async with self._place() as at:
                return [one.name for one in await self._listed(at)]

    @asynccontextmanager
    async def _place(self) -> AsyncGenerator[Place]:
        url = await self._where()
        async with self._sessions.borrowed(url) as session:
            yield Place(url, session)

    async def _choose(self, at: Place) -> str:
        """The loaded one, or the first; the same one as long as this lives, so that pictures match."""
        if at.url not in self._chosen:
            models = await self._listed(at)
            if not models:
                raise ModelNotFound("SwarmUI has no models", system=SYSTEM)
            chosen = next((one for one in models if one.loaded), models[0])
            self._chosen[at.url] = chosen.name
        return self._chosen[at.url]

    async def _listed(self, at: Place) -> Sequence[Model]:
        answer = await self._sessions.ask(
            at.url, at.session, "ListModels", _MODELS, most=_MODELS_BYTES
        )
        return read(Models, answer).files


@asynccontextmanager
async def open_swarm_image_backend(
    where: Where,
    *,
    model: str | None = None,
    notes: ImageStore | None = None,
    patience: Patience | None = None,
) -> AsyncGenerator[SwarmImageBackend]:
    """One with a client of its own, for as long as it is needed; nothing is asked yet."""
    async with open_swarm_http() as http:
        yield SwarmImageBackend(http, where, model=model, notes=notes, patience=patience)


@contextmanager
def _connected() -> Generator[None]:
    """A SwarmUI that ends in the middle of an answer does not answer; the next one may."""
    try:
        yield
    except BrokenAnswer as fault:
        why = type(fault.__cause__).__name__
        raise Unreachable(f"the connection to SwarmUI broke ({why})", system=SYSTEM) from fault


def _media_type(request: ImageRequest) -> MediaType:
    for kind in request.accept or _KINDS:
        if kind in _KINDS:
            return kind
    raise Unsupported("SwarmUI's pictures are PNG or JPEG files.", system=NAME)
