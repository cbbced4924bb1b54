"""How a picture was made, written into the picture: its pixels stay as they are, byte for byte.

A PNG gets texts, `parameters` in the customary form and `storyloom` in ours; a JPEG the first as
EXIF's UserComment and the second as XMP. What another program has written there stays, also its own
`parameters` or EXIF. Nothing here decodes pixels, and nothing that is found is believed.
"""

from dataclasses import dataclass

from storyloom.imaging.jpeg_notes import START as JPEG_START
from storyloom.imaging.jpeg_notes import notes_of, with_notes
from storyloom.imaging.png_texts import START as PNG_START
from storyloom.imaging.png_texts import texts_of, with_texts
from storyloom.imaging.recipes import SIGNATURE, Recipe, from_json, to_json, to_text

OURS = "storyloom"
CUSTOMARY = "parameters"


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a picture tells of how it was made."""

    recipe: Recipe | None  #: in our form
    parameters: str  #: in the customary form, whoever wrote it; may be empty


def with_recipe(picture: bytes, recipe: Recipe) -> bytes:
    """The picture with its recipe, in place of the one that we wrote before.

    Files of other kinds than PNG and JPEG, and broken ones, are given back as they are.
    """
    if picture.startswith(PNG_START):
        return _in_png(picture, recipe)
    return _in_jpeg(picture, recipe) if picture.startswith(JPEG_START) else picture


def embedded_in(picture: bytes) -> Embedded | None:
    """What the picture tells of how it was made; None when it tells nothing."""
    ours = customary = ""
    if picture.startswith(PNG_START):
        texts = texts_of(picture)
        ours, customary = texts.get(OURS, ""), texts.get(CUSTOMARY, "")
    elif picture.startswith(JPEG_START):
        notes = notes_of(picture)
        ours, customary = notes.data, notes.comment
    found = Embedded(from_json(ours), customary)
    return found if found.recipe or found.parameters else None


def _in_png(png: bytes, recipe: Recipe) -> bytes:
    texts = {OURS: to_json(recipe)}
    if texts_of(png).get(CUSTOMARY, SIGNATURE).endswith(SIGNATURE):
        texts = {CUSTOMARY: to_text(recipe), **texts}
    return with_texts(png, texts, without=texts)


def _in_jpeg(jpeg: bytes, recipe: Recipe) -> bytes:
    written = notes_of(jpeg)
    is_free = written.comment.endswith(SIGNATURE) or not written.has_exif
    return with_notes(jpeg, comment=to_text(recipe) if is_free else None, data=to_json(recipe))
