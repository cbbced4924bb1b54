"""What every image backend at a provider promises, over the wires of all providers."""

import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
from PIL import Image

from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.errors import (
    BadAnswer,
    ContentBlocked,
    KeyRefused,
    ModelNotFound,
    StoryloomError,
    Unsupported,
)
from storyloom.imaging.ports import PaidImageBackend
from storyloom.imaging.schemas import ImageRequest, MediaType, Picture
from tests.providers.books import Reply, Seen
from tests.providers.routes import PAINTERS, linked
from tests.providers.server import Providers

CANARY = "canary-5f2c"
REFUSALS = {"google": "finish:IMAGE_SAFETY"}


def request_of(**changes: object) -> ImageRequest:
    plain = {"prompt": f"a van, {CANARY}", "width": 384, "height": 256, "purpose": "illustrate"}
    return ImageRequest.model_validate({**plain, **changes})


@dataclass
class Subject:
    backend: PaidImageBackend
    providers: Providers
    key: str

    @property
    def seen(self) -> list[Seen]:
        return self.providers.seen(self.key)

    async def picture(self, reply: Reply = "ok", **changes: object) -> Picture:
        self.providers.script(self.key, reply)
        return await self.backend.generate(request_of(**changes))

    async def fault(self, reply: Reply) -> StoryloomError:
        with pytest.raises(StoryloomError) as caught:
            await self.picture(reply)
        assert len(self.seen) == 1, "one picture is one request"
        assert CANARY not in caught.value.message
        return caught.value


@pytest.fixture(params=list(PAINTERS))
async def subject(request: pytest.FixtureRequest, providers: Providers) -> AsyncGenerator[Subject]:
    provider, key = request.param, providers.new_key()
    async with linked(providers, provider, key) as link:
        yield Subject(PydanticAiImageBackend(link, PAINTERS[provider]), providers, key)


def opened(picture: Picture) -> tuple[tuple[int, int], str | None]:
    with Image.open(io.BytesIO(picture.data)) as image:
        return image.size, image.get_format_mimetype()


@pytest.mark.parametrize("reply", ["ok", "jpeg", "size:333x222"])
@pytest.mark.parametrize("size", [(64, 64), (1140, 900), (256, 1024), (3840, 640)])
async def test_pictures_have_exactly_the_size_asked_for(
    subject: Subject, size: tuple[int, int], reply: str
) -> None:
    picture = await subject.picture(reply, width=size[0], height=size[1])

    assert opened(picture) == (size, picture.media_type)
    assert (picture.width, picture.height) == size


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ((), MediaType.JPEG),
        ((MediaType.SVG, MediaType.JPEG, MediaType.PNG), MediaType.JPEG),
        ((MediaType.PNG, MediaType.JPEG), MediaType.PNG),
    ],
)
async def test_the_best_kind_that_will_do_is_given(
    subject: Subject, accept: tuple[MediaType, ...], given: MediaType
) -> None:
    assert (await subject.picture(accept=accept)).media_type is given


async def test_a_kind_beyond_its_capabilities_costs_nothing(subject: Subject) -> None:
    with pytest.raises(Unsupported):
        await subject.picture(accept=(MediaType.SVG,))

    assert subject.seen == []


async def test_a_picture_tells_what_made_it_and_what_it_used(subject: Subject) -> None:
    picture = await subject.picture()

    backend = subject.backend
    assert picture.backend == picture.model == backend.name
    assert backend.name == f"{backend.provider}:{backend.model}"
    assert backend.destination == subject.providers.url.removeprefix("http://")
    assert picture.usage.output_tokens
    is_priced = picture.usage.cost_usd is not None and picture.usage.cost_usd > 0
    assert is_priced is (backend.provider != "local"), "unknown is not nothing"
    assert backend.capabilities.is_local is (backend.provider == "local")
    assert not backend.capabilities.is_free


async def test_what_is_not_wanted_is_said(subject: Subject) -> None:
    await subject.picture(negative_prompt="letters")

    sent = subject.seen[0].raw.decode()
    assert CANARY in sent
    assert "Do not show: letters" in sent


async def test_a_refusal_names_what_was_refused_and_when(subject: Subject) -> None:
    fault = await subject.fault(REFUSALS.get(subject.backend.provider, "moderation"))

    assert isinstance(fault, ContentBlocked)
    assert "the description of the picture at the stage of illustration" in fault.message
    assert fault.system == subject.backend.provider


@pytest.mark.parametrize("reply", ["broken", "text-only", b"<svg/>", b""])
async def test_what_is_no_picture_is_no_answer(subject: Subject, reply: Reply) -> None:
    assert isinstance(await subject.fault(reply), BadAnswer)


async def test_it_is_ready_when_its_provider_knows_the_model(
    subject: Subject, providers: Providers
) -> None:
    if subject.backend.provider == "local":
        subject.backend = renamed(subject, "llama4")

    await subject.backend.ping()

    with pytest.raises(ModelNotFound):
        await renamed(subject, "nobody").ping()
    providers.script(subject.key, "401")
    with pytest.raises(KeyRefused):
        await subject.backend.ping()
    assert subject.providers.charges(subject.key) == {"text": 0, "picture": 0}


def renamed(subject: Subject, name: str) -> PaidImageBackend:
    assert isinstance(subject.backend, PydanticAiImageBackend)
    return PydanticAiImageBackend(subject.backend._link, name)
