"""What every image backend promises; `COMFYUI_URL` and `SWARMUI_URL` name real ones to try it on."""

import io
import os
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
from PIL import Image

from storyloom.adapters.comfyui._api import open_comfy_api
from storyloom.adapters.comfyui._workflow import load_workflow
from storyloom.adapters.comfyui.image_backend import ComfyImageBackend
from storyloom.adapters.swarmui.image_backend import open_swarm_image_backend
from storyloom.adapters.typst.image_backend import TypstFrameBackend, TypstImageBackend
from storyloom.errors import Unsupported
from storyloom.imaging.ports import ImageBackend
from storyloom.imaging.schemas import ImageRequest, MediaType, Picture
from tests.comfyui.double import comfy_double
from tests.swarmui.double import Behaviour, swarm_double

COMFYUI = "COMFYUI_URL"
SWARMUI = "SWARMUI_URL"
WORKFLOW = load_workflow(None)


@pytest.fixture(params=["typst scenes", "typst frames", "comfyui", "swarmui"])
async def backend(request: pytest.FixtureRequest) -> AsyncGenerator[ImageBackend]:
    openers = {
        "typst scenes": _scenes,
        "typst frames": _frames,
        "comfyui": _comfyui,
        "swarmui": _swarmui,
    }
    async with AsyncExitStack() as stack:
        yield await openers[request.param](stack)


async def _scenes(_: AsyncExitStack) -> ImageBackend:
    return TypstImageBackend()


async def _frames(_: AsyncExitStack) -> ImageBackend:
    return TypstFrameBackend()


async def _comfyui(stack: AsyncExitStack) -> ImageBackend:
    url = os.environ.get(COMFYUI)  # noqa: TID251
    if url is None:
        url = (await stack.enter_async_context(comfy_double())).url
    api = await stack.enter_async_context(open_comfy_api(url))
    return ComfyImageBackend(api, WORKFLOW)


async def _swarmui(stack: AsyncExitStack) -> ImageBackend:
    url = os.environ.get(SWARMUI)  # noqa: TID251
    if url is None:
        url = (await stack.enter_async_context(swarm_double(Behaviour()))).url

    async def where() -> str:
        return url

    return await stack.enter_async_context(open_swarm_image_backend(where))


def _request(**changes: object) -> ImageRequest:
    plain = {"prompt": "a truck at dawn", "width": 384, "height": 256, "seed": 7, **changes}
    return ImageRequest.model_validate(plain)


def _size(picture: Picture) -> tuple[int, int]:
    if picture.media_type is MediaType.SVG:
        found = re.search(rb'viewBox="0 0 (\d+) (\d+)"', picture.data)
        assert found is not None
        return int(found[1]), int(found[2])
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.get_format_mimetype() == picture.media_type
        return image.size


@pytest.mark.parametrize(("width", "height"), [(64, 64), (384, 256), (256, 1024), (1152, 640)])
async def test_pictures_have_exactly_the_size_asked_for(
    backend: ImageBackend, width: int, height: int
) -> None:
    for media_type in backend.capabilities.media_types:
        picture = await backend.generate(_request(width=width, height=height, accept=(media_type,)))

        assert picture.media_type is media_type
        assert _size(picture) == (picture.width, picture.height) == (width, height)


async def test_a_picture_tells_what_made_it(backend: ImageBackend) -> None:
    picture = await backend.generate(_request())

    assert picture.backend == backend.name
    assert picture.model
    assert picture.seed == 7


async def test_the_same_seed_gives_the_same_picture(backend: ImageBackend) -> None:
    if not backend.capabilities.supports_seed:
        pytest.skip("takes no seed")
    first = await backend.generate(_request())

    assert (await backend.generate(_request())).data == first.data
    assert (await backend.generate(_request(seed=8))).data != first.data


async def test_a_kind_beyond_its_capabilities_is_unsupported(backend: ImageBackend) -> None:
    kinds = tuple(set(MediaType) - backend.capabilities.media_types)

    with pytest.raises(Unsupported):
        await backend.generate(_request(accept=kinds))


async def test_an_acceptable_kind_is_chosen(backend: ImageBackend) -> None:
    picture = await backend.generate(_request(accept=tuple(MediaType)))

    assert picture.media_type in backend.capabilities.media_types


async def test_it_is_ready(backend: ImageBackend) -> None:
    await backend.ping()


async def test_it_gives_back_what_it_holds(backend: ImageBackend) -> None:
    await backend.free()

    assert (await backend.generate(_request())).data
