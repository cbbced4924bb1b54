"""What a shot frame shows, read from the words of a beat: the place, the light, who is there.

It is a drawing that stands in for a picture, so it errs on the plain side: what the words do not
say clearly is drawn neutrally, and where they say nothing that can be drawn, a sign stands.
"""

from dataclasses import dataclass
from hashlib import sha256

from pydantic import JsonValue

from storyloom.adapters.typst._brief import Brief, brief_of
from storyloom.adapters.typst._cast import Figure, cast_of
from storyloom.adapters.typst._words import Kinds, first, has, inorder, said, tables
from storyloom.imaging.schemas import ImageRequest

_MANY = 4  #: people from here on are a crowd where no place is named
_OUTSIDE = frozenset({"street", "alley", "skyline", "landscape", "sky", "space", "vehicle"})
_SIGNS = ("film-slate", "video-camera", "film-strip", "film-reel", "frame-corners")
_DRAWN = "drawn-"  #: before the name of a thing that the templates draw themselves
#: What is seen of a place from the other side of its walls.
_FROM_OUTSIDE = {
    "room-living": "landscape-house",
    "room-kitchen": "landscape-house",
    "room-bedroom": "landscape-house",
    "room-bathroom": "landscape-house",
    "room-lamp": "landscape-lighthouse",
    "room-church": "landscape-church",
    "room-hall": "landscape-castle",
    "room-ship": "vehicle-ship",
    "room-cave": "landscape-mountains",
}
_FROM_INSIDE = {
    "landscape-lighthouse": "room-lamp",
    "landscape-house": "room-living",
    "landscape-church": "room-church",
    "landscape-castle": "room-hall",
    "vehicle-car": "room-car",
    "vehicle-truck": "room-car",
    "vehicle-bus": "room-train",
    "vehicle-train": "room-train",
    "vehicle-plane": "room-train",
    "vehicle-ship": "room-ship",
    "vehicle-rocket": "room-ship",
    "landscape-sea": "room-ship",
}
_TOLD = (
    *("grammar", "place", "time", "weather", "people", "outside", "wide", "icon"),
    *("behind", "size", "pose", "thing", "held"),
)
_ALLEY = {"street": "alley"}  #: the same in another view
_BRIGHT = frozenset({"day", "dawn"})  #: times at which no lamp burns unless it is told
_BEFORE = 2  #: words before a thing that may tell its colour
_PLAIN = "room-plain"
_WIDE = frozenset({"wide", "extreme"})
_NEAR_SHOTS = frozenset({"close", "portrait", "two", "shoulder"})
NEAR = frozenset({"prop", "portrait", "two", "shoulder"})  #: drawn large, before a place


@dataclass(frozen=True, slots=True)
class Shot:
    """What is drawn.

    `place` tells the furniture of a room, the kind of land or of vehicle; `behind` is what lies
    behind a near shot, as `room-kitchen`. `thing` is what the templates draw, `icon` the sign for
    anything else; `held` says that somebody has it in their hands, `tint` is its colour where it is
    told, `lit` is false for a lamp that is out.
    """

    grammar: str
    place: str
    time: str
    weather: str
    people: int
    outside: bool
    wide: bool
    icon: str
    behind: str
    size: str
    pose: str
    thing: str
    held: bool
    tint: str
    lit: bool
    cast: tuple[Figure, ...]  #: those who are there, then strangers
    seed: int  #: of the place, which looks the same in all its shots

    @property
    def told(self) -> dict[str, JsonValue]:
        """What a picture tells of what was read."""
        names: list[JsonValue] = [figure.name for figure in self.cast[: self.people]]
        return {name: getattr(self, name) for name in _TOLD} | {"cast": names}


def shot_of(request: ImageRequest) -> Shot:
    """The shot that the request's words suggest; its prompt says more of it than its caption."""
    brief, words = brief_of(request), tables("shot_words")
    misleading = words[""]["misleading"]
    setting = said(f"{brief.setting} {brief.heading} {brief.scene}", misleading)
    text = said(" ".join((brief.setting, *brief.told)), misleading)
    seed = _seed(request, brief)
    cast, people = cast_of(brief, seed)
    heading = first(text, words["heading"])
    place = _place(setting, text, heading)
    thing = request.icon or _thing(brief)
    kind = first(text, words["shot"])
    drawn = _near(kind, people, thing) or place or _placeless(heading, people, thing)
    if seed % 3 == 1:
        drawn, place = _ALLEY.get(drawn, drawn), _ALLEY.get(place, place)
    grammar, _, detail = drawn.partition("-")
    action = said(f"{brief.caption} {brief.action}", misleading)
    time = first(setting, words["time"]) or first(text, words["time"])
    time = time or ("day" if heading == "inside" else "dusk")
    return Shot(
        grammar=grammar,
        place=detail,
        time=time,
        weather=first(text, words["weather"]) or "clear",
        people=people,
        outside=grammar in _OUTSIDE
        or heading == "outside"
        or (not heading and _lies_outside(place)),
        wide=kind in _WIDE,
        icon=_SIGNS[seed % len(_SIGNS)] if not thing or thing.startswith(_DRAWN) else thing,
        behind=place if place and place != drawn else "",
        size=kind if kind in _WIDE else "near" if kind in _NEAR_SHOTS else "medium",
        pose=first(action, words["poses"]),
        thing=thing.removeprefix(_DRAWN) if thing.startswith(_DRAWN) else "",
        held=people > 0 and has(action, words[""]["handled"]),
        tint=_tint(text, thing),
        lit=has(text, words[""]["burning"]) or not (time in _BRIGHT or has(text, words[""]["out"])),
        cast=cast,
        seed=seed,
    )


def _seed(request: ImageRequest, brief: Brief) -> int:
    """The same for the same place, so that a room keeps its walls from shot to shot."""
    place = brief.setting.partition(",")[0].strip().casefold()
    if not place:
        return request.seed or 0
    return int.from_bytes(sha256(place.encode()).digest()[:4], "big")


def _lies_outside(place: str) -> bool:
    return place.partition("-")[0] in _OUTSIDE


def _place(setting: str, text: str, heading: str) -> str:
    """Where it is, seen from the side that the heading tells. What the setting names comes first."""
    places = tables("shot_words")["places"]
    found = inorder(setting, places) or inorder(text, places)
    if not found or not heading:
        return found[0] if found else ""
    fitting = [one for one in found if _lies_outside(one) == (heading == "outside")]
    if heading == "inside" and inorder(setting, places):
        # The cabin of a boat is no cabin in the woods.
        known = (_FROM_INSIDE[one] for one in found if one in _FROM_INSIDE)
        fitting = [one for one in fitting if one != _PLAIN] or [next(known, _PLAIN)]
    if fitting:
        return fitting[0]
    if heading == "inside":
        return ""
    return _FROM_OUTSIDE.get(found[0], "street")


def _near(kind: str, people: int, thing: str) -> str:
    """How a near shot is drawn; nothing for any other."""
    if kind == "shoulder" and people > 0:
        return kind
    if kind in ("close", "portrait"):
        if people == 0:
            return "prop" if thing else ""
        return "portrait" if people == 1 else "two"
    return "two" if kind == "two" and people > 0 else ""


def _placeless(heading: str, people: int, thing: str) -> str:
    """How a shot is drawn whose place is not known."""
    if heading == "inside":
        return "room"
    if heading == "outside":
        return "street" if people else "landscape"
    if people >= _MANY:
        return "crowd"
    if people:
        return "portrait" if people == 1 else "two"
    return "prop" if thing else "emblem"


def _thing(brief: Brief) -> str:
    """The thing that the words name, as `drawn-lantern` or an icon; empty when they name none."""
    words = tables("shot_words")
    kinds = {**words["props"], **_named()}
    # A heading tells where it is, and of no thing.
    action = brief.action.replace(brief.heading, " ") if brief.heading else brief.action
    for text in (brief.caption, action):
        if thing := first(said(text, words[""]["misleading"]), kinds):
            return thing
    return ""


def _tint(text: str, thing: str) -> str:
    """The colour of a thing that stands before its word: `a red kite`."""
    for form in tables("shot_words")["props"].get(thing, ()):
        for before in text.split(form)[:-1]:
            near = " ".join(before.split()[-_BEFORE:])
            if colour := first(f" {near} ", tables("look_words")["colours"]):
                return colour
    return ""


def _named() -> Kinds:
    """Icons that words call by their own names."""
    named: dict[str, tuple[str, ...]] = {}
    for form in tables("shot_words")[""]["named"]:
        name = form.strip().replace(" ", "-")
        known = name.removesuffix("s") if name.removesuffix("s") in named else name
        named[known] = (*named.get(known, ()), form)
    return named
