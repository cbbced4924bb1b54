"""A shot frame as the plain data that its template reads."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache

from pydantic import JsonValue

from storyloom.adapters.typst._cast import Figure
from storyloom.adapters.typst._fonts import Wardrobe, choose, showable
from storyloom.adapters.typst._page import colours_data, field_of, language_code
from storyloom.adapters.typst._shot import NEAR, Shot, shot_of
from storyloom.boards.icons import icon_svg, resolve_icon
from storyloom.boards.text import (
    clean,
    guess_language,
    language_direction,
    shorten,
    takes_hyphens,
    takes_tracking,
)
from storyloom.imaging.schemas import ImageRequest

_CAPTION = 400  #: characters, of which an upright frame shows the most


@dataclass(frozen=True, slots=True)
class Frame:
    """The data for the template, which fonts it needs, and what is drawn."""

    data: Mapping[str, object]
    wardrobe: Wardrobe
    shot: Shot
    is_cut: bool  #: the caption is too long for any frame

    def told(self, truncated: tuple[str, ...]) -> dict[str, JsonValue]:
        """What a picture tells of how it was made; `truncated` are fields cut while typesetting."""
        told = self.shot.told
        if self.wardrobe.missing:
            told["missing_glyphs"] = [*sorted(self.wardrobe.missing)]
        if truncated or self.is_cut:
            told["truncated"] = ["caption"]
        return told


def frame_of(request: ImageRequest, *, system_fonts: bool) -> Frame:
    """The frame that the request's words suggest, with its caption set over it if that is asked for."""
    full = clean(request.caption) if request.shows_caption else ""
    caption = shorten(full, _CAPTION)
    language = language_code(guess_language(caption))
    wardrobe = choose([caption], language, system_fonts=system_fonts)
    shot = shot_of(request)
    data: dict[str, object] = {
        **{name: getattr(shot, name) for name in Shot.__slots__},
        "cast": [_drawn(figure) for figure in shot.cast],
        **_staged(shot),
        "w": request.width,
        "h": request.height,
        "take": request.seed or 0,
        "colours": colours_data(request.palette),
        "icons": {"hero": icon_svg(resolve_icon(shot.icon))},
        "caption": field_of("caption", showable(caption, wardrobe.missing), language),
        "lang": language,
        "dir": language_direction(language),
        "spaced": takes_tracking(language),
        "hyphenate": takes_hyphens(language),
        "fonts": wardrobe.families,
        "pictures": "".join(sorted(wardrobe.pictures)),
    }
    return Frame(data, wardrobe, shot, is_cut=len(full) > _CAPTION)


def _staged(shot: Shot) -> dict[str, object]:
    """The set and who stands in it, and what is near before it."""
    if shot.grammar not in NEAR:
        return {"set": shot.grammar, "near": "", "close": 0}
    behind, _, place = shot.behind.partition("-")
    return {
        "set": behind,
        "place": place,
        "people": 0,
        "near": shot.grammar,
        "close": shot.people,
    }


@lru_cache(maxsize=1024)
def _drawn(figure: Figure) -> Mapping[str, object]:
    return asdict(figure)
