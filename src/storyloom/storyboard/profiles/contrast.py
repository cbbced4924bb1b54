"""What of a palette cannot be read, and what boards draw in its place."""

from collections.abc import Iterator

from storyloom.boards.colours import TEXT_CONTRAST, Colours, contrast, legible, nearest
from storyloom.imaging.schemas import Palette
from storyloom.storyboard.profiles.schemas import PaletteWarning

_SHAPES = 3.0
_WHITE = "#ffffff"
_PRIMARY, _ACCENT = "brand.palette.primary", "brand.palette.accent"


def warnings_of(palette: Palette) -> list[PaletteWarning]:
    """A warning for each use of a colour in which it is drawn otherwise."""
    drawn = legible(palette)
    found = [*_of_primary(palette, drawn), *_of_accent(palette.accent.lower(), drawn)]
    better = {_PRIMARY: drawn.primary, _ACCENT: None}
    if any(one.field == _ACCENT for one in found):
        better[_ACCENT] = nearest(palette.accent, lambda one: not [*_of_accent(one, drawn)])
    return [one.model_copy(update={"suggestion": better[one.field]}) for one in found]


def _of_primary(palette: Palette, drawn: Colours) -> Iterator[PaletteWarning]:
    primary = palette.primary.lower()
    if drawn.primary != primary:
        seen = contrast(primary, _WHITE)
        says = f"White words on the primary colour reach {seen:.1f} : 1"
        yield _warning(_PRIMARY, says, (seen, TEXT_CONTRAST), drawn.primary)


def _of_accent(accent: str, drawn: Colours) -> Iterator[PaletteWarning]:
    seen = contrast(accent, drawn.primary)
    if seen < _SHAPES:
        says = f"On the primary colour the accent reaches {seen:.1f} : 1"
        yield _warning(_ACCENT, says, (seen, _SHAPES), drawn.accent)
    seen = contrast(accent, _WHITE)
    if seen < TEXT_CONTRAST:
        says = f"As the colour of words on paper the accent reaches {seen:.1f} : 1"
        yield _warning(_ACCENT, says, (seen, TEXT_CONTRAST), drawn.accent_ink)


def _warning(field: str, says: str, ratios: tuple[float, float], drawn_as: str) -> PaletteWarning:
    seen, needed = ratios
    return PaletteWarning(
        field=field,
        says=f"{says}; so that it can be read, boards draw {drawn_as} there.",
        contrast=round(seen, 2),
        needed=needed,
        drawn_as=drawn_as,
        suggestion=None,
    )
