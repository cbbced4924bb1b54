"""Words for search and for listeners, in the root of an SVG."""

from xml.etree import ElementTree as ET

from storyloom.adapters.typst._svg import with_words

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">\n<g/></svg>'
NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_the_words_are_the_first_children_of_the_root() -> None:
    told = ET.fromstring(with_words(SVG, "A <b> & ]]> c", 'Größe "x"'))  # noqa: S314 - our own

    assert [child.tag.removeprefix(NAMESPACE) for child in told] == ["title", "desc", "g"]
    assert [told[0].text, told[1].text] == ["A <b> & ]]> c", 'Größe "x"']


def test_no_words_leave_the_svg_as_it_is() -> None:
    assert with_words(SVG, "", "") == SVG
