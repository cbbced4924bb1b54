"""Text-free illustrations drawn with Typst: free, local, the same for the same request."""

from functools import partial
from typing import Literal

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._page import colours_data, icons_data
from storyloom.boards.icons import resolve_icon
from storyloom.boards.text import clean
from storyloom.errors import Unsupported
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture

TEMPLATE = "illustration"
_KINDS: dict[MediaType, Literal["svg", "png"]] = {MediaType.SVG: "svg", MediaType.PNG: "png"}
_MAX_SIDE = 4096


class TypstImageBackend:
    """An `ImageBackend` that draws vector scenes around the icon of the subject."""

    def __init__(self, *, threads: int = 2) -> None:
        """Draw so many pictures at a time."""
        self._typesetter = Typesetter(threads)

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return "scenes"

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        return Capabilities(
            media_types=frozenset(_KINDS),
            max_width=_MAX_SIDE,
            max_height=_MAX_SIDE,
            supports_seed=True,
            supports_negative_prompt=False,
            is_local=True,
            is_free=True,
            at_once=2,
        )

    async def generate(
        self,
        request: ImageRequest,
        watch: Watch = unwatched,  # noqa: ARG002 - it is done at once
    ) -> Picture:
        """Draw the request's scene, with its icon or the one that its prompt suggests."""
        media_type = _media_type(request)
        return Picture(
            data=await self._typesetter.run(partial(self._draw, request, media_type)),
            media_type=media_type,
            width=request.width,
            height=request.height,
            backend=self.name,
            model="typst-scenes-1",
            seed=request.seed,
        )

    async def ping(self) -> None:
        """Return when it is ready; raise `Unavailable` when it is not."""
        await self._typesetter.ping()

    async def free(self) -> None:
        """Do nothing: it holds no GPU memory."""

    def _draw(self, request: ImageRequest, media_type: MediaType) -> bytes:
        return self._typesetter.compile(TEMPLATE, _data(request), _KINDS[media_type]).data


def _media_type(request: ImageRequest) -> MediaType:
    for kind in request.accept or tuple(_KINDS):
        if kind in _KINDS:
            return kind
    raise Unsupported("Drawn scenes are SVG or PNG files.", system="scenes")


def _data(request: ImageRequest) -> dict[str, object]:
    return {
        "w": request.width,
        "h": request.height,
        "colours": colours_data(request.palette),
        "scene": clean(request.scene),
        "seed": request.seed or 0,
        "icons": icons_data(request.icon or resolve_icon(request.prompt)),
    }
