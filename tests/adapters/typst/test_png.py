"""The note inside a PNG."""

import io

from PIL import Image

from storyloom.adapters.typst._png import with_note


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(out, "PNG")
    return out.getvalue()


def test_a_png_says_what_made_it() -> None:
    with Image.open(io.BytesIO(with_note(_png(), "Gelesen aus Größe.py"))) as image:
        image.load()

        assert image.info["Software"] == "Storyloom"
        assert image.info["Comment"] == "Gelesen aus Größe.py"
        assert image.getpixel((1, 1)) == (255, 0, 0)


def test_without_a_comment_there_is_only_the_name() -> None:
    with Image.open(io.BytesIO(with_note(_png(), ""))) as image:
        image.load()

        assert "Comment" not in image.info
