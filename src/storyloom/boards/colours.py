"""A brand's two colours, turned into a set in which every word can be read.

The arithmetic is OKLCH (Björn Ottosson, https://bottosson.github.io/posts/oklab/), where changing
the lightness keeps the hue; the contrast ratio is WCAG 2's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from storyloom.imaging.schemas import Palette

TEXT_CONTRAST = 4.5
_SHAPE_CONTRAST = 3.0
_LIGHT = 0.72  #: OKLCH lightness above which a colour is a light one
_NIGHT = 0.30  #: and the lightness of the ground that stands in for it
_GREY = 0.04  #: OKLCH chroma below which a colour is grey
_STEP = 0.01
_STEPS = 101
_LINEAR_BELOW = 0.0031308  #: sRGB is a straight line this near to black
_INK = "#030408"  #: on any colour, this or white reaches 4.5
_WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours of one board, as `#rrggbb`."""

    primary: str  #: the ground of the hero; white reads on it
    accent: str  #: for shapes: stands out on `primary`
    accent_text: str  #: for words: reads on `primary`
    on_accent: str  #: reads on `accent`
    accent_ink: str  #: the accent, dark enough to read on white


def legible(palette: Palette) -> Colours:
    """The palette with lightness moved just as far as words on it need."""
    primary, accent = palette.primary.lower(), palette.accent.lower()
    lightness, chroma, hue = _oklch(primary)
    if lightness > _LIGHT:
        # A light brand colour darkened until white reads on it would be mud. It becomes the accent
        # on a dark ground of its own hue, where everyone still knows it.
        # White and grey are nobody's mark: then the accent stays what it was.
        accent = primary if chroma > _GREY else accent
        primary = _hex(_NIGHT, min(chroma, 0.06), hue)
    # The hero's ground is up to 6 % lighter than its colour in one corner.
    primary = _shift(primary, against=_WHITE, step=-_STEP, ratio=TEXT_CONTRAST * 1.12)
    accent = _shift(accent, against=primary, step=_STEP, ratio=_SHAPE_CONTRAST)
    return Colours(
        primary=primary,
        accent=accent,
        accent_text=_shift(accent, against=primary, step=_STEP, ratio=TEXT_CONTRAST),
        on_accent=max((_INK, _WHITE), key=lambda colour: contrast(colour, accent)),
        accent_ink=_shift(accent, against=_WHITE, step=-_STEP, ratio=TEXT_CONTRAST * 1.12),
    )


def contrast(first: str, second: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: str, passes: Callable[[str], bool]) -> str | None:
    """Of all colours that differ from this one in lightness alone, the nearest that passes."""
    lightness, chroma, hue = _oklch(colour)
    shifts = (sign * number * _STEP for number in range(1, _STEPS) for sign in (1, -1))
    reached = (lightness + shift for shift in shifts)
    others = (_hex(one, chroma, hue) for one in reached if 0 <= one <= 1)
    return next(filter(passes, others), None)


def _shift(colour: str, *, against: str, step: float, ratio: float) -> str:
    lightness, chroma, hue = _oklch(colour)
    # It ends at black or white at the latest, and they reach every ratio that is asked for here.
    while contrast(colour, against) < ratio:
        lightness += step
        colour = _hex(lightness, chroma, hue)
    return colour


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def _to_linear(channel: float) -> float:
    return (
        channel / 12.92 if channel <= _LINEAR_BELOW * 12.92 else ((channel + 0.055) / 1.055) ** 2.4
    )


def _to_byte(channel: float) -> int:
    bounded = min(1.0, max(0.0, channel))
    curved = 12.92 * bounded if bounded <= _LINEAR_BELOW else 1.055 * bounded ** (1 / 2.4) - 0.055
    return round(curved * 255)


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    green_red = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(green_red, blue_yellow), math.atan2(blue_yellow, green_red)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    green_red, blue_yellow = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_to_byte(channel):02x}" for channel in channels)
