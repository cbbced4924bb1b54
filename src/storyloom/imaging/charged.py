"""Pictures that are paid once, written down, and asked of the next model when one fails."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from pydantic import BaseModel, JsonValue, ValidationError

from storyloom.errors import NotFound
from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import ImageStore, PaidImageBackend, Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture
from storyloom.outbound.account import current_account
from storyloom.outbound.desk import Desk
from storyloom.outbound.digest import input_hash_of
from storyloom.outbound.fallback import Candidate, first_that_works
from storyloom.outbound.providers import spoken
from storyloom.outbound.schemas import Account, Call, Paid, Usage

_FOLDER = "art"
# Fewer than any tokenizer needs for prose, so that the estimate is not too low.
_BYTES_PER_TOKEN = 3
# What one picture takes at the most. OpenAI's models choose the quality themselves, and the highest
# takes four times as many tokens as the middle one.
_TOKENS_OF_A_PICTURE = {"google": 1600}
_MOST_TOKENS = 6300


class ChargedImageBackend:
    """Lets the first of its backends that works paint, through the desk, on the caller's account.

    An equal request of the same organisation gets the picture that the same model made before.
    """

    def __init__(
        self, backends: Sequence[PaidImageBackend], desk: Desk, images: ImageStore
    ) -> None:
        """Take the backends, the wanted one first; there is at least one."""
        self._backends = backends
        self._desk = desk
        self._memory = _PictureMemory(images)

    @property
    def name(self) -> str:
        """The name of the wanted backend."""
        return self._backends[0].name

    @property
    def capabilities(self) -> Capabilities:
        """What the wanted backend can do."""
        return self._backends[0].capabilities

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        """Make one picture; raises what a backend raises, `BudgetUsedUp`, `Resting` or `Busy`."""
        given = await first_that_works(
            [
                Candidate(
                    f"{backend.provider}:{backend.model}",
                    partial(self._generate, backend, request, watch),
                )
                for backend in self._backends
            ]
        )
        return replace(given.value, stand_in=given.stand_in)

    async def ping(self) -> None:
        """Ping the wanted backend."""
        await self._backends[0].ping()

    async def free(self) -> None:
        """Let every backend give back what it holds."""
        for backend in self._backends:
            await backend.free()

    async def _generate(
        self, backend: PaidImageBackend, request: ImageRequest, watch: Watch
    ) -> Picture:
        async def work() -> Paid[Picture]:
            picture = await backend.generate(request, watch)
            return Paid(picture, picture.usage)

        call, most = _call_of(current_account(), backend, request)
        paid = await self._desk.call(
            call, work, self._memory, who=spoken(backend.provider), most=most
        )
        return replace(paid.value, usage=paid.usage)


class _KeptPicture(BaseModel):
    """What the ledger holds of a picture."""

    key: str
    media_type: MediaType
    width: int
    height: int
    backend: str
    model: str
    seed: int | None = None


class _PictureMemory:
    """Keeps pictures in the image store, and in the ledger where they are."""

    def __init__(self, images: ImageStore) -> None:
        self._images = images

    async def keep(self, value: Picture) -> JsonValue:
        """Put the picture into the store, and say where."""
        key = await asyncio.to_thread(key_of, _FOLDER, value.data, value.media_type)
        await self._images.put(key, value.data)
        kept = _KeptPicture(
            key=key,
            media_type=value.media_type,
            width=value.width,
            height=value.height,
            backend=value.backend,
            model=value.model,
            seed=value.seed,
        )
        return kept.model_dump(mode="json")

    async def again(self, kept: JsonValue) -> Picture | None:
        """The picture, whose file is as young as a new one from now on."""
        try:
            found = _KeptPicture.model_validate(kept)
            data = await self._images.get(found.key)
        except (ValidationError, NotFound):
            return None
        # Files are kept by the time of their last writing, and this one is in use again.
        await self._images.put(found.key, data)
        return Picture(data, **found.model_dump(exclude={"key"}))


def _call_of(
    account: Account, backend: PaidImageBackend, request: ImageRequest
) -> tuple[Call, Usage]:
    """The call, and the most that it should use."""
    decides: dict[str, JsonValue] = {
        "provider": backend.provider,
        "model": backend.model,
        # The name of the work says nothing about the picture.
        "request": request.model_dump(mode="json", exclude={"work"}),
    }
    size_bytes = len((request.prompt + request.negative_prompt).encode("utf-8", "replace"))
    call = Call(
        account=account,
        provider=backend.provider,
        model=backend.model,
        purpose=request.purpose,
        prompt_version=request.prompt_version,
        input_hash=input_hash_of(decides),
        size_bytes=size_bytes,
        destination=backend.destination,
    )
    most = Usage(
        input_tokens=size_bytes // _BYTES_PER_TOKEN + 1,
        output_tokens=_TOKENS_OF_A_PICTURE.get(backend.provider, _MOST_TOKENS),
    )
    return call, most
