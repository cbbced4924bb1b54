"""Lets a model at a provider paint. Every picture is one request; nothing is tried again here."""

from dataclasses import replace

from anyio import to_thread

from storyloom.adapters.pydantic_ai._link import Link
from storyloom.errors import BadAnswer, InvalidInput, Unsupported
from storyloom.imaging.fitting import fitted
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture
from storyloom.llm.names import ModelName
from storyloom.outbound.schemas import Usage

_KINDS = (MediaType.JPEG, MediaType.PNG)
_MAX_SIDE = 4096
_AT_ONCE = 8


class PydanticAiImageBackend:
    """A `PaidImageBackend` for Gemini's image models, and for servers with OpenAI's `/images`.

    Whatever size the model paints, the picture is cut and resized to the one that was asked for.
    """

    def __init__(self, link: Link, model: str) -> None:
        """Take the link to the provider, and the model's name there; load nothing yet."""
        self._link = link
        self._name = ModelName(link.connection.provider, model)

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return str(self._name)

    @property
    def provider(self) -> str:
        """Who runs it, such as `google`."""
        return self._name.provider

    @property
    def model(self) -> str:
        """Its name there, such as `gemini-3.1-flash-image`."""
        return self._name.model

    @property
    def destination(self) -> str:
        """The host that gets the prompt."""
        return self._link.connection.destination

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        return Capabilities(
            media_types=frozenset(_KINDS),
            max_width=_MAX_SIDE,
            max_height=_MAX_SIDE,
            supports_seed=False,
            supports_negative_prompt=True,
            is_local=not self._link.connection.is_hosted,
            is_free=False,
            at_once=_AT_ONCE,
        )

    async def generate(
        self,
        request: ImageRequest,
        watch: Watch = unwatched,  # noqa: ARG002 - providers do not tell
    ) -> Picture:
        """Ask for one picture, and bring it to the size that was asked for."""
        media_type = _media_type(request, self.provider)
        sdk = await self._link.sdk()
        from storyloom.adapters.pydantic_ai._painting import paint  # noqa: PLC0415 - loaded by now

        painted, usage = await paint(sdk, self._name, request)
        picture = await to_thread.run_sync(self._fitted, painted, request, media_type)
        return replace(picture, usage=usage)

    async def ping(self) -> None:
        """Return when the provider knows us and the model; raise what `generate` would raise."""
        await self._link.look_for(self.model)

    async def free(self) -> None:
        """Do nothing: the GPU is the provider's."""

    def _fitted(self, painted: bytes, request: ImageRequest, media_type: MediaType) -> Picture:
        try:
            data, media_type = fitted(painted, request.width, request.height, media_type=media_type)
        except InvalidInput as fault:
            who = self._link.connection.who
            raise BadAnswer(f"{who} gave a picture that cannot be used: {fault}") from fault
        return Picture(
            data=data,
            media_type=media_type,
            width=request.width,
            height=request.height,
            backend=self.name,
            model=self.name,
            usage=Usage(),
        )


def _media_type(request: ImageRequest, provider: str) -> MediaType:
    for kind in request.accept or _KINDS:
        if kind in _KINDS:
            return kind
    raise Unsupported("Models make JPEG or PNG files.", system=provider)
