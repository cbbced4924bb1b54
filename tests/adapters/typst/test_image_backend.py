"""What the drawn illustrations show."""

import pytest

from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.errors import Unsupported
from storyloom.imaging.schemas import ImageRequest, MediaType, Palette

SCENES = ("teaser", "demo", "announcement", "an operator's own")


def _request(**changes: object) -> ImageRequest:
    plain = {"prompt": "a calculator", "width": 320, "height": 200, "seed": 1, **changes}
    return ImageRequest.model_validate(plain)


async def _drawn(**changes: object) -> bytes:
    return (await TypstImageBackend().generate(_request(**changes))).data


async def test_every_scene_looks_different() -> None:
    assert len({await _drawn(scene=scene) for scene in SCENES}) == len(SCENES)


@pytest.mark.parametrize("scene", SCENES)
async def test_the_icon_the_seed_and_the_palette_change_the_picture(scene: str) -> None:
    pictures = {
        await _drawn(scene=scene),
        await _drawn(scene=scene, icon="truck"),
        await _drawn(scene=scene, seed=2),
        await _drawn(scene=scene, palette=Palette(primary="#0B6E4F")),
    }

    assert len(pictures) == 4


async def test_the_prompt_suggests_the_icon_when_none_is_named() -> None:
    assert await _drawn(prompt="a truck on its way") == await _drawn(icon="truck")


async def test_the_first_acceptable_kind_is_drawn() -> None:
    backend = TypstImageBackend()

    chosen = await backend.generate(_request(accept=(MediaType.WEBP, MediaType.PNG)))

    assert chosen.media_type is MediaType.PNG
    assert (await backend.generate(_request())).media_type is MediaType.SVG


async def test_kinds_beyond_it_are_unsupported() -> None:
    with pytest.raises(Unsupported):
        await TypstImageBackend().generate(_request(accept=(MediaType.GIF,)))
