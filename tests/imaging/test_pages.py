"""A painted page as a file of each kind."""

from io import BytesIO

import pytest
from PIL import Image

from storyloom.errors import InvalidInput
from storyloom.imaging.pages import as_pdf, as_png, as_svg


def painted(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, kind, comment=b"canary")
    return out.getvalue()


def test_a_photograph_becomes_a_png_without_metadata() -> None:
    png = as_png(painted("JPEG"))

    picture = Image.open(BytesIO(png))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (40, 30), "RGB")
    assert b"canary" not in png


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(InvalidInput):
        as_png(b"%PDF-1.7")


def test_an_svg_holds_the_picture_and_its_words_as_text() -> None:
    svg = as_svg(b"png", size=(40, 30), title="<b>&", description='"Words"')

    assert svg.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert b"<title>&lt;b&gt;&amp;</title><desc>&quot;Words&quot;</desc>" in svg
    assert b'width="40" height="30" xlink:href="data:image/png;base64,cG5n"' in svg


def test_a_pdf_is_one_page_of_the_pictures_size_and_the_same_every_time() -> None:
    pdf = as_pdf(painted(), title="Payback")

    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [ 0 0 40.0 30.0 ]" in pdf
    assert pdf == as_pdf(painted(), title="Payback")
    assert b"Date" not in pdf
