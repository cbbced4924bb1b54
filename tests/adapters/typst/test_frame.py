"""Shot frames: every grammar is drawn, and words stay words."""

import pytest

from storyloom.adapters.typst._words import tables
from storyloom.adapters.typst.image_backend import TypstFrameBackend
from storyloom.imaging.schemas import ImageRequest, MediaType, Palette, Picture

# One for each scene that the templates know, in different lights.
SHOTS = (
    *(f"INT. {room} - NIGHT, two people" for room in ("KITCHEN", "BEDROOM", "APARTMENT")),
    *(f"INT. {room} - NIGHT, a man" for room in ("LIGHTHOUSE", "SHIP", "CAVE", "SHOP", "BATHROOM")),
    *(f"INT. {room} - DAY, two people" for room in ("TRAIN", "CAR", "WORKSHOP")),
    *(f"INT. {room} - DAY, two people" for room in ("OFFICE", "BAR", "CAFE", "HOSPITAL")),
    *(f"INT. {room} - DUSK, rain" for room in ("LIBRARY", "CLASSROOM", "CELL", "CHURCH", "ROOM")),
    "INT. CAFE, nobody",
    "INT. CORRIDOR, a man",
    *(
        f"EXT. {place} - DUSK"
        for place in ("LIGHTHOUSE", "HARBOUR", "HOUSE", "CHURCH", "CASTLE", "ROOF")
    ),
    "a kite over the beach",
    "EXT. STREET - NIGHT, three people, rain",
    "EXT. ALLEY - DAY, a woman",
    "EXT. ROOFTOP - DUSK, a couple",
    "wide, a man in the hills, fog",
    *(f"a {land}, a man" for land in ("mountain", "forest, snow", "desert", "beach", "farm")),
    "the sea in a storm",
    "the night sky, a man",
    "stars at night",
    "outer space",
    *(f"a {ride} at night, two people" for ride in ("car", "bus", "truck", "train", "ship", "jet")),
    *(f"a {ride} by day" for ride in ("train", "rocket", "bicycle")),
    "close-up of a key",
    "portrait of a man, EXT.",
    "two-shot, three people",
    "over the shoulder, two men",
    "EXT. a crowd",
    "INT. THEATRE, five people",
    "",
)


def _request(**changes: object) -> ImageRequest:
    plain = {"prompt": "", "width": 160, "height": 90, "seed": 1, **changes}
    return ImageRequest.model_validate(plain)


async def _drawn(**changes: object) -> Picture:
    return await TypstFrameBackend().generate(_request(**changes))


async def test_every_scene_is_drawn_and_looks_different() -> None:
    backend = TypstFrameBackend()

    upright = {"width": 90, "height": 160}
    requests = [
        _request(prompt=shot, **(upright if place % 2 else {})) for place, shot in enumerate(SHOTS)
    ]
    pictures = {(await backend.generate(request)).data for request in requests}

    assert len(pictures) == len(SHOTS)


async def test_the_seed_and_the_palette_change_the_picture() -> None:
    pictures = {
        (await _drawn(prompt="a street")).data,
        (await _drawn(prompt="a street", seed=2)).data,
        (await _drawn(prompt="a street", palette=Palette(primary="#0B6E4F"))).data,
    }

    assert len(pictures) == 3


async def test_a_picture_tells_what_was_read() -> None:
    picture = await _drawn(prompt="INT. KITCHEN - NIGHT, a woman")

    assert picture.model == "typst-frames-1"
    assert picture.parameters == {
        "grammar": "room",
        "place": "kitchen",
        "time": "night",
        "weather": "clear",
        "people": 1,
        "outside": False,
        "wide": False,
        "icon": "video-camera",
        "behind": "",
        "size": "medium",
        "pose": "",
        "thing": "",
        "held": False,
        "cast": ["woman"],
    }


THINGS = [
    thing.removeprefix("drawn-")
    for thing in tables("shot_words")["props"]
    if thing.startswith("drawn-")
]


async def test_every_thing_that_the_words_know_is_drawn_alone_and_in_hand() -> None:
    words = {name: tables("shot_words")["props"][f"drawn-{name}"][-1] for name in THINGS}
    # The last word of a kind may be in a script without capitals: what counts is what was read.
    alone = [await _drawn(prompt=f"close-up of {words[name]}") for name in THINGS]
    held = [await _drawn(prompt=f"Medium shot. Mara holds {words[name]}.") for name in THINGS]

    assert [picture.parameters["thing"] for picture in alone] == THINGS
    assert [picture.parameters["held"] for picture in held] == [True] * len(THINGS)
    assert len({picture.data for picture in (*alone, *held)}) >= 2 * len(THINGS) - 4


LOOKS = (
    *(f"{hat} hat" for hat in ("woolly", "hard", "straw", "red")),
    *("red cap", "crown", "hood", "headscarf", "bald, beard", "moustache", "ponytail", "black bun"),
    *("curly red hair", "bob", "long hair, dress", "suit, glasses", "coat, freckles", "apron"),
)


async def test_every_look_is_drawn_from_near_from_far_and_from_behind() -> None:
    near = {(await _drawn(prompt=f"Close-up. Sam smiles. Sam: {look}.")).data for look in LOOKS}

    assert len(near) == len(LOOKS)
    for look in LOOKS:
        for told in ("Over-the-shoulder shot. Sam waits", "A corridor. Sam waits", "Sam sits"):
            said = f"{told}. Sam: {look}. Setting: corridor, interior."
            assert (await _drawn(prompt=said)).parameters["cast"] == ["Sam"]


@pytest.mark.parametrize(
    "caption",
    [
        'She says: #panic("x") $x$ *bold* \\ `raw` <script>alert(1)</script> \u202e\x00\ud800',
        "وصلت الرسالة متأخرة سبعين عاماً، ولم يفتحها أحد.",
        "Донаудампфшиффартсгезельшафтскапитэнсвитвенверзихерунг" * 2,
        "a" * 3000,
    ],
)
async def test_any_caption_is_set(caption: str) -> None:
    with_words = await _drawn(caption=caption, accept=(MediaType.SVG,))
    without = await _drawn(accept=(MediaType.SVG,))

    assert with_words.data.count(b"<use ") > 5
    assert without.data.count(b"<use ") == 0
    assert b"script" not in with_words.data


async def test_a_caption_may_say_what_is_drawn_without_being_shown() -> None:
    words = {"caption": "Mara runs along the platform.", "accept": (MediaType.SVG,)}

    drawn = await _drawn(shows_caption=False, **words)

    assert b"<use " not in drawn.data
    assert drawn.parameters["place"] == "train"


@pytest.mark.parametrize("caption", ["word after word " * 40, "WWWWWWWW " * 44])
async def test_words_beyond_the_room_are_cut_and_told(caption: str) -> None:
    told = (await _drawn(caption=caption, width=64, height=64)).parameters

    assert told["truncated"] == ["caption"]


async def test_letters_without_a_font_are_told() -> None:
    picture = await TypstFrameBackend(system_fonts=False).generate(_request(caption="Yes 駅 no"))

    assert picture.parameters["missing_glyphs"] == ["駅"]
