"""Pictures drawn with Typst: free, local, the same for the same request."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from pydantic import JsonValue

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._frame import frame_of
from storyloom.adapters.typst._page import colours_data, icons_data
from storyloom.boards.icons import resolve_icon
from storyloom.boards.text import clean
from storyloom.errors import Unsupported
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture

_KINDS: dict[MediaType, Literal["svg", "png"]] = {MediaType.SVG: "svg", MediaType.PNG: "png"}
_MAX_SIDE = 4096


@dataclass(frozen=True, slots=True)
class _Drawn:
    data: bytes
    told: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


class _DrawnPictures(ABC):
    """What both backends have in common: all but the drawing."""

    #: What kind of file is drawn where nobody asks for one, and what else can be.
    kinds = (MediaType.SVG, MediaType.PNG)

    def __init__(self, *, threads: int = 2) -> None:
        """Draw so many pictures at a time."""
        self._threads = threads
        self._typesetter = Typesetter(threads)

    @property
    @abstractmethod
    def name(self) -> str:
        """The name in settings and in job records."""

    @abstractmethod
    def _draw(self, request: ImageRequest, media_type: MediaType) -> _Drawn: ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        return Capabilities(
            media_types=frozenset(self.kinds),
            max_width=_MAX_SIDE,
            max_height=_MAX_SIDE,
            supports_seed=True,
            supports_negative_prompt=False,
            is_local=True,
            is_free=True,
            at_once=self._threads,
        )

    async def generate(
        self,
        request: ImageRequest,
        watch: Watch = unwatched,  # noqa: ARG002 - it is done at once
    ) -> Picture:
        """Draw what the request's words suggest."""
        media_type = self._media_type(request)
        drawn = await self._typesetter.run(partial(self._draw, request, media_type))
        return Picture(
            data=drawn.data,
            media_type=media_type,
            width=request.width,
            height=request.height,
            backend=self.name,
            model=f"typst-{self.name}-1",
            seed=request.seed,
            parameters=drawn.told,
        )

    async def ping(self) -> None:
        """Return when it is ready; raise `Unavailable` when it is not."""
        await self._typesetter.ping()

    async def free(self) -> None:  # noqa: B027 - true of every drawing
        """Do nothing: it holds no GPU memory."""

    def _media_type(self, request: ImageRequest) -> MediaType:
        for kind in request.accept or self.kinds:
            if kind in self.kinds:
                return kind
        raise Unsupported("Drawn pictures are SVG or PNG files.", system=self.name)


class TypstImageBackend(_DrawnPictures):
    """An `ImageBackend` that draws text-free scenes around the icon of the subject."""

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return "scenes"

    def _draw(self, request: ImageRequest, media_type: MediaType) -> _Drawn:
        data: dict[str, object] = {
            "w": request.width,
            "h": request.height,
            "colours": colours_data(request.palette),
            "scene": clean(request.scene),
            "seed": request.seed or 0,
            "icons": icons_data(request.icon or resolve_icon(request.prompt)),
        }
        return _Drawn(self._typesetter.compile("illustration", data, _KINDS[media_type]).data)


class TypstFrameBackend(_DrawnPictures):
    """An `ImageBackend` that draws the shots of a story, each with its caption set over it."""

    kinds = (MediaType.PNG, MediaType.SVG)

    def __init__(self, *, threads: int = 2, system_fonts: bool = True) -> None:
        """Draw so many frames at a time; leave the system's fonts alone if told to."""
        super().__init__(threads=threads)
        self._system_fonts = system_fonts

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return "frames"

    def _draw(self, request: ImageRequest, media_type: MediaType) -> _Drawn:
        frame = frame_of(request, system_fonts=self._system_fonts)
        sheet = self._typesetter.compile(
            "frame",
            frame.data,
            _KINDS[media_type],
            system_fonts=frame.wardrobe.needs_system_fonts,
        )
        return _Drawn(sheet.data, frame.told(sheet.truncated))
