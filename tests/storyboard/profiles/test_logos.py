"""Logos from outside: pixels alone get through."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from storyloom.errors import InvalidInput
from storyloom.storyboard.profiles.logos import MAX_BYTES, check_logo


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (300, 100),
    ink: str = "#112233",
    *,
    opaque: bool = False,
) -> bytes:
    mode, ground = ("RGB", "white") if opaque else ("RGBA", (0, 0, 0, 0))
    image = Image.new(mode, size, ground)
    ImageDraw.Draw(image).ellipse((50, 20, 249, 79), fill=ink)
    out = BytesIO()
    image.save(out, kind, **({"comment": b"hidden"} if kind == "JPEG" else {}))
    return out.getvalue()


def test_it_is_cropped_to_what_can_be_seen() -> None:
    logo = check_logo(picture())

    assert (logo.width, logo.height) == (200, 60)
    assert Image.open(BytesIO(logo.data)).mode == "RGBA"
    assert not logo.is_light


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_becomes_a_small_png(kind: str) -> None:
    logo = check_logo(picture(kind, (4000, 3000), opaque=True) + b"<script>hidden</script>")

    assert logo.data.startswith(b"\x89PNG")
    assert (logo.width, logo.height) == (213, 160)
    assert b"hidden" not in logo.data


def test_what_would_not_be_seen_on_white_is_known() -> None:
    assert check_logo(picture(ink="white")).is_light
    assert not check_logo(picture(ink="white", opaque=True)).is_light


@pytest.mark.parametrize(
    ("raw", "kind", "says"),
    [
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            "image_type_unsupported",
            "PNG, JPEG or WebP",
        ),
        (picture("GIF"), "image_type_unsupported", "PNG, JPEG or WebP"),
        (b"", "image_type_unsupported", "PNG, JPEG or WebP"),
        (picture()[:200], "image_broken", "broken"),
        (b"\x89PNG" + bytes(MAX_BYTES), "image_too_large", "2 MiB"),
        (picture(size=(4001, 4000)), "image_too_many_pixels", "16,000,000"),
        (picture(ink="#00000000"), "image_broken", "Nothing of the logo can be seen"),
    ],
    ids=["svg", "gif", "empty", "cut off", "large", "many pixels", "unseen"],
)
def test_what_is_no_logo_is_refused(raw: bytes, kind: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        check_logo(raw)

    assert (refused.value.kind, refused.value.loc) == (kind, ("body",))
