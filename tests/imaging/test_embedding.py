"""A recipe goes into a picture and comes out again, and no pixel changes."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from storyloom.imaging.embedding import Embedded, embedded_in, with_recipe
from storyloom.imaging.recipes import Recipe, to_text

RECIPE = Recipe(prompt="駅 <a'b&c>\n--", seed=7, model="sdxl", parameters={"steps": 20})
KINDS = pytest.mark.parametrize("kind", ["PNG", "JPEG"])
_COMMENT = 0x9286
_EXIF = 0x8769


def _picture(kind: str, **more: object) -> bytes:
    out = BytesIO()
    noise = Image.effect_noise((48, 32), 60).convert("RGB")
    noise.save(out, kind, **more)
    return out.getvalue()


def _open(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture))
    image.load()
    return image


@KINDS
def test_a_recipe_comes_back_and_no_pixel_changes(kind: str) -> None:
    plain = _picture(kind)

    told = with_recipe(plain, RECIPE)

    assert embedded_in(told) == Embedded(RECIPE, to_text(RECIPE))
    assert _open(told).tobytes() == _open(plain).tobytes()
    assert len(told) - len(plain) < 2000


@KINDS
def test_a_second_recipe_takes_the_place_of_the_first(kind: str) -> None:
    second = RECIPE.model_copy(update={"prompt": "plain", "seed": 8})

    told = with_recipe(with_recipe(_picture(kind), RECIPE), second)

    assert embedded_in(told) == Embedded(second, to_text(second))
    assert told == with_recipe(told, second)


def test_programs_of_the_field_find_it() -> None:
    png = _open(with_recipe(_picture("PNG"), RECIPE))
    jpeg = _open(with_recipe(_picture("JPEG"), RECIPE))

    assert png.info["parameters"] == to_text(RECIPE)
    comment = jpeg.getexif().get_ifd(_EXIF)[_COMMENT]
    assert comment.removeprefix(b"UNICODE\0").decode("utf-16-be") == to_text(RECIPE)
    assert b"storyloom:recipe" in jpeg.info["xmp"]
    assert jpeg.info["jfif"]


def test_what_others_have_written_stays() -> None:
    theirs = PngImagePlugin.PngInfo()
    theirs.add_text("parameters", '{"sui_image_params": {}}')
    theirs.add_itxt("workflow", "駅")
    exif = Image.Exif()
    exif[0x010E] = "a description"

    png = with_recipe(with_recipe(_picture("PNG", pnginfo=theirs), RECIPE), RECIPE)
    jpeg = with_recipe(_picture("JPEG", exif=exif), RECIPE)

    assert _open(png).info["parameters"] == '{"sui_image_params": {}}'
    assert _open(png).info["workflow"] == "駅"
    assert _open(jpeg).getexif()[0x010E] == "a description"
    assert embedded_in(jpeg) == Embedded(RECIPE, "")


def test_what_others_tell_is_read() -> None:
    theirs = PngImagePlugin.PngInfo()
    theirs.add_text("parameters", "a cat\nSteps: 20", zip=False)

    assert embedded_in(_picture("PNG", pnginfo=theirs)) == Embedded(None, "a cat\nSteps: 20")


def test_compressed_and_torn_texts_are_not_read() -> None:
    theirs = PngImagePlugin.PngInfo()
    theirs.add_itxt("parameters", "a bomb", zip=True)
    torn = PngImagePlugin.PngInfo()
    torn.add(b"iTXt", b"parameters\0\0\0en")

    assert embedded_in(_picture("PNG", pnginfo=theirs)) is None
    assert embedded_in(_picture("PNG", pnginfo=torn)) is None


@KINDS
def test_pictures_that_tell_nothing(kind: str) -> None:
    assert embedded_in(_picture(kind)) is None
    assert embedded_in(b"GIF89a") is None
    assert with_recipe(b"GIF89a", RECIPE) == b"GIF89a"


@KINDS
def test_torn_pictures_are_left_alone_or_read_as_far_as_they_go(kind: str) -> None:
    told = with_recipe(_picture(kind), RECIPE)

    for end in range(0, len(told), 41):
        embedded_in(told[:end])
        with_recipe(told[:end], RECIPE)
    assert with_recipe(b"\x89PNG\r\n\x1a\nIDAT", RECIPE) == b"\x89PNG\r\n\x1a\nIDAT"


def test_no_picture_has_more_parts_than_are_looked_at() -> None:
    empty_chunk = b"\0\0\0\0abcd\0\0\0\0"
    empty_segment = b"\xff\xe2\x00\x02"

    assert embedded_in(b"\x89PNG\r\n\x1a\n" + 20_000 * empty_chunk) is None
    assert embedded_in(b"\xff\xd8" + 5_000 * empty_segment) is None


def test_a_hostile_recipe_in_a_picture_is_none() -> None:
    told = with_recipe(_picture("JPEG"), RECIPE)
    hostile = told.replace(b'"seed": 7', b'"seed": [')

    found = embedded_in(hostile)

    assert found is not None
    assert found.recipe is None


def test_a_comment_beyond_a_segment_is_cut() -> None:
    told = with_recipe(_picture("JPEG"), RECIPE.model_copy(update={"prompt": "😀" * 23_990}))

    assert _open(told).size == (48, 32)
    assert embedded_in(told) is not None
