"""Pictures from outside: what is let in, what is refused, and what is left of it."""

import base64
import random
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from storyloom.errors import InvalidInput
from storyloom.imaging.schemas import MediaType
from storyloom.imaging.uploads import CheckedImage, check_image, decode_base64_image

MIB = 1024 * 1024
SECRET = b"confidential-canary"


def picture(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 1).save(out, kind, **options)
    return out.getvalue()


def check(raw: bytes, max_pixels: int = 1_000_000) -> CheckedImage:
    return check_image(raw, max_bytes=MIB, max_pixels=max_pixels)


def refusal(raw: bytes, max_pixels: int = 1_000_000) -> str:
    with pytest.raises(InvalidInput) as caught:
        check(raw, max_pixels)
    assert caught.value.message.endswith(".")
    return caught.value.kind


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_announcing(width: int, height: int) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + png_chunk(b"IDAT", zlib.compress(b"\0"))
        + png_chunk(b"IEND", b"")
    )


# --- base64


@pytest.mark.parametrize(
    "text",
    [
        "/+8BAg==",
        "data:image/png;base64,/+8BAg==",
        "DATA:IMAGE/PNG;charset=utf-8;BASE64,/+8BAg==",
        "data:;base64,/+8BAg==",
        "_-8BAg==",
        "/+8BAg",
        "\r\n /+8\n\tBAg= =\n",
    ],
)
def test_base64_is_taken_in_every_usual_shape(text: str) -> None:
    assert decode_base64_image(text, 4) == b"\xff\xef\x01\x02"


@pytest.mark.parametrize(
    "text", ["", "   ", "====", "data:image/png;base64,", "A", "AAAAA", "AA!A", "AAAÄ", "AA=A",
             "data:image/png,AAAA", "https://example.com/roadmap.png", "\ud800"],
)  # fmt: skip
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not valid base64") as caught:
        decode_base64_image(text, 100)

    assert caught.value.kind == "base64_invalid"


def test_a_picture_of_exactly_the_limit_is_taken() -> None:
    assert decode_base64_image(base64.b64encode(bytes(1000)).decode(), 1000) == bytes(1000)


@pytest.mark.parametrize("size", [1001, 1003, 1500, 100_000])
def test_a_picture_over_the_limit_is_refused(size: int) -> None:
    with pytest.raises(InvalidInput, match="larger than 1000 bytes") as caught:
        decode_base64_image(base64.b64encode(bytes(size)).decode(), 1000)

    assert caught.value.kind == "image_too_large"


def test_the_length_is_checked_before_anything_is_decoded() -> None:
    with pytest.raises(InvalidInput) as caught:
        decode_base64_image("!" * 20 * MIB, 10 * MIB)

    assert caught.value.kind == "image_too_large"
    assert "10 MiB" in caught.value.message


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_what_was_encoded_comes_back(raw: bytes) -> None:
    assert decode_base64_image(base64.encodebytes(raw).decode(), 200) == raw
    assert decode_base64_image(base64.urlsafe_b64encode(raw).decode().rstrip("="), 200) == raw


# --- kinds and limits


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("PNG", "RGB", MediaType.PNG),
        ("PNG", "RGBA", MediaType.PNG),
        ("PNG", "P", MediaType.PNG),
        ("PNG", "1", MediaType.PNG),
        ("PNG", "LA", MediaType.PNG),
        ("PNG", "I;16", MediaType.PNG),
        ("GIF", "P", MediaType.PNG),
        ("WEBP", "RGB", MediaType.PNG),
        ("WEBP", "RGBA", MediaType.PNG),
        ("JPEG", "RGB", MediaType.JPEG),
        ("JPEG", "L", MediaType.JPEG),
        ("JPEG", "CMYK", MediaType.JPEG),
    ],
)
def test_the_four_kinds_are_taken_in_every_colour_mode(
    kind: str, mode: str, expected: MediaType
) -> None:
    checked = check(picture(kind, mode))

    assert (checked.media_type, checked.width, checked.height) == (expected, 40, 30)
    with Image.open(BytesIO(checked.data)) as again:
        assert Image.MIME[again.format or ""] == expected
        assert again.size == (40, 30)


def test_a_lossless_webp_is_taken() -> None:
    assert check(picture("WEBP", "RGB", lossless=True)).width == 40


def test_sixteen_bit_greys_keep_their_brightness() -> None:
    out = BytesIO()
    Image.new("I;16", (4, 4), 0x8000).save(out, "PNG")

    with Image.open(BytesIO(check(out.getvalue()).data)) as again:
        assert again.convert("L").getpixel((0, 0)) == 0x7F


@pytest.mark.parametrize(
    "raw",
    [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", b"BM" + bytes(60),
     b"II*\0" + bytes(60), b"\0\0\0\x18ftypheic", b"RIFF\0\0\0\0WAVE", b"GIF88a"],
)  # fmt: skip
def test_other_kinds_are_refused_by_their_content(raw: bytes) -> None:
    assert refusal(raw) == "image_type_unsupported"


def test_a_picture_with_too_many_bytes_is_refused() -> None:
    assert refusal(picture("PNG") + bytes(MIB)) == "image_too_large"


@pytest.mark.parametrize(
    "raw",
    [
        png_announcing(60_000, 60_000),
        png_announcing(10_000, 9_500),
        picture("GIF", "P", (1100, 1000)),
        picture("JPEG", "L", (1100, 1000)),
        picture("WEBP", "RGB", (1100, 1000)),
        picture("WEBP", "RGB", (1100, 1000), lossless=True),
        picture("WEBP", "RGBA", (1100, 1000)),
        b"RIFF\x1e\0\0\0WEBPVP8X\n\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff",
    ],
    ids=["png", "png warned about", "gif", "jpeg", "webp", "webp lossless", "webp alpha", "webp extended"],
)  # fmt: skip
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(raw: bytes) -> None:
    assert refusal(raw) == "image_too_many_pixels"


@pytest.mark.parametrize("extension", [b"", b"!\xfe\x03abc\x02de\0"])
@pytest.mark.parametrize(("flags", "colours"), [(0, b""), (0x80, bytes(6))])
def test_a_gif_whose_first_frame_outgrows_its_screen_is_refused(
    extension: bytes, flags: int, colours: bytes
) -> None:
    screen = struct.pack("<HHBBB", 1, 1, flags, 0, 0) + colours
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, 60_000, 60_000, 0)

    assert refusal(b"GIF89a" + screen + extension + frame + b"\x02\0;") == "image_too_many_pixels"


@pytest.mark.parametrize(
    "raw",
    [
        png_announcing(0, 10),
        png_announcing(100, 100),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"\0,",
        b"RIFF\0\0\0\0WEBPVP8 ",
        picture("JPEG")[:300],
    ],
)
def test_a_broken_picture_is_refused(raw: bytes) -> None:
    assert refusal(raw) == "image_broken"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_damage_anywhere_is_either_survived_or_refused(kind: str) -> None:
    noise = random.Random(7)  # noqa: S311 - repeatable damage, not secrets
    out = BytesIO()
    Image.frombytes("RGB", (24, 24), noise.randbytes(24 * 24 * 3)).save(out, kind)
    whole, kinds = out.getvalue(), set[str]()

    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(noise.randint(1, 6)):
            damaged[noise.randrange(12, len(damaged))] = noise.randrange(256)
        try:
            check(bytes(damaged[: noise.randrange(13, len(damaged) + 200)]))
        except InvalidInput as refused:
            kinds.add(refused.kind)

    assert kinds <= {"image_broken", "image_too_many_pixels"}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"]),
    st.binary(max_size=80),
)
def test_any_bytes_behind_a_known_start_are_either_taken_or_refused(
    start: bytes, rest: bytes
) -> None:
    assert refusal(start + rest).startswith("image_")


# --- what is left


def test_no_metadata_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    raws = [
        picture("PNG", pnginfo=text, exif=exif, icc_profile=SECRET),
        picture("JPEG", exif=exif, comment=SECRET, icc_profile=SECRET, xmp=SECRET),
        picture("WEBP", exif=exif, xmp=SECRET, icc_profile=SECRET),
        picture("GIF", "P", comment=SECRET),
    ]

    for raw in raws:
        assert SECRET in raw or b"eXIf" in raw
        checked = check(raw)
        with Image.open(BytesIO(checked.data)) as again:
            again.load()
            assert not again.getexif()
            assert not {"icc_profile", "exif", "xmp", "comment", "Comment"} & set(again.info)
        assert SECRET not in checked.data


def test_what_hides_behind_the_picture_does_not_survive() -> None:
    polyglot = picture("PNG") + b"PK\x03\x04 <script>alert(1)</script>"

    assert b"<script>" not in check(polyglot).data


def test_a_turned_photograph_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    checked = check(picture("JPEG", size=(40, 30), exif=exif))

    assert (checked.width, checked.height) == (30, 40)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_only_the_first_frame_of_an_animation_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], lossless=True)

    with Image.open(BytesIO(check(out.getvalue()).data)) as again:
        assert getattr(again, "n_frames", 1) == 1
        assert again.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


def test_transparency_is_kept() -> None:
    out = BytesIO()
    Image.new("P", (8, 8), 0).save(out, "PNG", transparency=0)

    with Image.open(BytesIO(check(out.getvalue()).data)) as again:
        assert again.mode == "RGBA"
        assert again.getpixel((0, 0)) == (0, 0, 0, 0)
