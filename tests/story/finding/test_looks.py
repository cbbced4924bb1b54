"""Looks, from what a script says of people."""

import pytest

from storyloom.story.finding.looks import MAX_LOOK, describe, look_of
from storyloom.story.finding.screen_names import cast_of_screenplay
from storyloom.story.script.elements import Form
from storyloom.story.script.fountain import read_fountain
from storyloom.story.script.units import units_of


def look(action: str) -> str:
    script = read_fountain(f"INT. YARD\n\n{action}\n\nMARIA\nHello.\n\nTOM\nHello.")
    cast = cast_of_screenplay(script)
    describe(cast, units_of(script.scenes[0], Form.FOUNTAIN))
    return look_of(cast.people["maria"])


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("MARIA (38, foreman, red cap) waits.", "38, foreman, red cap"),
        ("MARIA (V.O.) sings.", ""),
        (
            "MARIA (38), a foreman in a red cap, scar on the chin, climbs.",
            "38, a foreman in a red cap, scar on the chin",
        ),
        ("MARIA, 38, tall and lean, waits.", "38, tall and lean"),
        ("MARIA, a hand on the door, waits.", ""),
        ("MARIA, waiting, sits.", ""),
        ("MARIA waits. She wears a red cap and runs. Her hands shake.", "woman, a red cap"),
        ("MARIA (9) waits. She runs. She falls.", "girl, 9"),
        ("MARIA (#1, red cap) waits. She runs. She falls.", "woman, #1, red cap"),
        ("MARIA (sixteen) waits. He runs. He falls.", "teenage boy, sixteen"),
        ("MARIA (old woman) waits. She runs. She falls.", "old woman"),
        (
            "MARIA waits. She was nine. A thin girl. She has black curls. She has an idea.",
            "girl, nine, black curls",
        ),
        ("MARIA stood there, a broad man with a beard.", "a broad man with a beard"),
        ("MARIA waits. She and he go. He runs.", ""),
        ("MARIA and TOM wait. She wears a red cap.", ""),
        ("MARIA gives her one. She gives him one.", "woman"),
        ("MARIA (38) waits.\n\nMARIA (39, blue) waits.", "38"),
    ],
)
def test_looks_are_what_the_script_says(action: str, expected: str) -> None:
    assert look(action) == expected


def test_looks_have_an_end() -> None:
    action = "MARIA waits. " + "".join(f"She wears a coat number {n}. " for n in range(99))

    assert MAX_LOOK - 40 < len(look(action)) <= MAX_LOOK
