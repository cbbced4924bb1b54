"""A PNG that fits keeps its pixels as they are compressed, and nothing else."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from storyloom.imaging.bare_png import bare_png

NOISE = Image.effect_noise((64, 48), 60).convert("RGB")


def encoded(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def with_chunk(kind: bytes, data: bytes) -> bytes:
    whole = encoded(NOISE)
    checksum = struct.pack("!I", zlib.crc32(kind + data))
    return whole[:33] + struct.pack("!I", len(data)) + kind + data + checksum + whole[33:]


def test_pixels_stay_and_words_go() -> None:
    told = PngInfo()
    told.add_text("parameters", "secret")
    told.add_itxt("more", "secret too", zip=True)

    bare = bare_png(encoded(NOISE, pnginfo=told, dpi=(72, 72)) + b"secret", 64, 48)

    assert bare == encoded(NOISE)
    assert bare is not None
    assert Image.open(io.BytesIO(bare)).tobytes() == NOISE.tobytes()


@pytest.mark.parametrize(
    "data",
    [
        encoded(NOISE.convert("RGBA")),
        encoded(NOISE.convert("L")),
        encoded(NOISE.convert("P")),
        encoded(NOISE, transparency=(0, 0, 0)),
        with_chunk(b"eXIf", b"MM"),
        with_chunk(b"acTL", bytes(8)),
        encoded(NOISE.resize((48, 64))),
        encoded(NOISE)[33:],
        encoded(NOISE)[:8] + encoded(NOISE)[33:],
        b"\xff\xd8\xff",
        b"",
    ],
)
def test_what_would_look_otherwise_is_left_to_others(data: bytes) -> None:
    assert bare_png(data, 64, 48) is None


@pytest.mark.parametrize("cut", [9, 20, 60, -1, -13])
def test_half_a_file_is_none(cut: int) -> None:
    assert bare_png(encoded(NOISE)[:cut], 64, 48) is None


def test_a_wrong_checksum_is_none() -> None:
    data = bytearray(encoded(NOISE))
    data[50] ^= 1

    assert bare_png(bytes(data), 64, 48) is None
