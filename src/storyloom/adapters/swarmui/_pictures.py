"""SwarmUI's pictures: fetched, decoded, and brought to the size that was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from json import loads
from urllib.parse import quote

from anyio import to_thread
from pydantic import BaseModel, Field, JsonValue, ValidationError

from storyloom.adapters.swarmui._hearing import Told
from storyloom.adapters.swarmui._http import STRANGER, SwarmHttp, judged
from storyloom.adapters.swarmui._order import Order
from storyloom.automation.errors import SYSTEM
from storyloom.errors import BadAnswer, InvalidInput, ServerFault
from storyloom.imaging.fitting import fitted
from storyloom.imaging.schemas import ImageRequest, MediaType, Picture
from storyloom.imaging.uploads import decode_base64_image, decode_image

MAX_BYTES = 192 << 20
NAME = "swarmui"
_OK, _REDIRECTION, _REFUSED, _MISSING = 200, 300, 400, 404
_METADATA_LENGTH = 256 << 10
_DATA = "data:"
_VIEWS = ("View/", "Output/")
_TIMES = ("prep_time", "generation_time")


@dataclass(frozen=True, slots=True)
class Made:
    """A file as SwarmUI gave it, and what it said of it."""

    data: bytes
    metadata: str = ""


class Pictures:
    """Fetches what SwarmUI has made."""

    def __init__(self, http: SwarmHttp, timeout_s: float) -> None:
        """Take what sends requests, and how long a file may take."""
        self._http = http
        self._timeout_s = timeout_s

    async def fetch(self, url: str, told: Told) -> Made:
        """The file of a picture that was told of; raises `BadAnswer` or `ServerFault`."""
        if told.image.startswith(_DATA):
            return Made(await to_thread.run_sync(_decoded, told.image), told.metadata)
        path = told.image
        if not path.startswith(_VIEWS) or ".." in path:
            raise BadAnswer("SwarmUI says that the picture lies where none of its files lie")
        data = await self.find(url, path)
        if data is None:
            raise ServerFault(
                "SwarmUI says that it has made the picture, and does not have it", system=SYSTEM
            )
        return Made(data, told.metadata)

    async def find(self, url: str, path: str) -> bytes | None:
        """The file at a path as SwarmUI tells it, or None."""
        # SwarmUI unescapes twice, which only a literal `%` would not survive.
        escaped = quote(path.replace("%", "%25"), safe="/")
        status, data = await self._http.get(url, escaped, timeout_s=self._timeout_s, most=MAX_BYTES)
        if status == _MISSING:
            return None
        if _REDIRECTION <= status < _REFUSED:
            raise BadAnswer(f"{STRANGER} (status {status})")
        return judged(status, data) if status != _OK else data


def found(data: bytes) -> Made | None:
    """A file that was kept under our name, with the metadata in it; None where it is no picture."""
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415 - Pillow loads on first use

    try:
        decode_image(data)
        with PngImageFile(BytesIO(data)) as picture:
            text = picture.info.get("parameters", "")
    except (InvalidInput, SyntaxError):  # half of it, where SwarmUI was ended meanwhile; or no PNG
        return None
    return Made(data, text if isinstance(text, str) else "")


def picture_of(made: Made, order: Order, request: ImageRequest, media_type: MediaType) -> Picture:
    """Decode an untrusted file, and bring it to size and kind; raises `BadAnswer`."""
    try:
        data, media_type = fitted(made.data, request.width, request.height, media_type=media_type)
    except InvalidInput as fault:
        raise BadAnswer(f"SwarmUI gave a picture that cannot be used: {fault}") from fault
    parameters = _parameters_in(made.metadata)
    model, seed = parameters.get("model"), parameters.get("seed")
    return Picture(
        data=data,
        media_type=media_type,
        width=request.width,
        height=request.height,
        backend=NAME,
        model=model if isinstance(model, str) and model else order.model,
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) else order.seed,
        parameters=parameters or {"model": order.model, "seed": order.seed},
    )


class _Metadata(BaseModel):
    """What SwarmUI writes into its pictures."""

    sui_image_params: dict[str, JsonValue]
    sui_extra_data: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])


def _parameters_in(metadata: str) -> Mapping[str, JsonValue]:
    if not metadata or len(metadata) > _METADATA_LENGTH:
        return {}
    try:
        told = _Metadata.model_validate(loads(metadata))
    except (ValidationError, ValueError, RecursionError):
        return {}
    times = {name: told.sui_extra_data[name] for name in _TIMES if name in told.sui_extra_data}
    return {**told.sui_image_params, **times}


def _decoded(image: str) -> bytes:
    try:
        return decode_base64_image(image, MAX_BYTES)
    except InvalidInput as fault:
        raise BadAnswer(f"SwarmUI gave a picture that cannot be used: {fault}") from fault
