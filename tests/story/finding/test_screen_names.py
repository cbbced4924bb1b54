"""The cast of a screenplay."""

from storyloom.story.finding.cast import Cast
from storyloom.story.finding.screen_names import cast_of_screenplay, names_in_cue
from storyloom.story.script.fountain import read_fountain


def cast(text: str) -> Cast:
    return cast_of_screenplay(read_fountain(f"INT. YARD\n\n{text}"))


def names(text: str) -> dict[str, set[str]]:
    return {one.name: one.aliases for one in cast(text).people.values()}


def test_who_is_introduced_and_who_speaks_are_one() -> None:
    text = "MARIA LOPEZ (38, foreman) waits. Bob Lane (50s) nods.\n\nMARIA\nHello.\n\nDEV\nHello."

    assert names(text) == {
        "Maria Lopez": {"Maria", "Lopez"},
        "Bob Lane": {"Bob", "Lane"},
        "Dev": set(),
    }


def test_a_noise_is_nobody_and_a_word_for_people_is_somebody() -> None:
    text = "BANG! A LANTERN falls. THE STRANGER turns. An OLD WOMAN (hooded) sits.\n\nLIN\nHm."

    assert set(names(text)) == {"Stranger", "Old Woman", "Lin"}


def test_names_are_written_as_the_text_writes_them() -> None:
    text = "McKay sits.\n\nMCKAY\nNo.\n\nO'BRIEN\nYes.\n\nDR. VANCE\nYes.\n\nANNA-LENA\nNo."

    assert set(names(text)) == {"McKay", "O'Brien", "Dr. Vance", "Anna-Lena"}


def test_a_part_of_two_names_names_nobody_alone() -> None:
    found = cast("ANN LANE (30) and TOM LANE (31) sit.\n\nLANE\nWho, me?\n\nTOM\nNo.")

    assert [one.id for one in map(found.named, ["Ann", "Tom", "Lane"]) if one] == [
        "ann_lane",
        "tom_lane",
        "lane",
    ]


def test_several_may_speak_at_once() -> None:
    assert names_in_cue("MARIA AND TEO") == ["MARIA", "TEO"]
    assert names_in_cue("MARIA/TEO") == ["MARIA", "TEO"]
    assert names_in_cue("ALL") == []
    assert set(names("MARIA & TEO\nNow!\n\nBOTH\nYes.")) == {"Maria", "Teo"}


def test_names_in_other_scripts_are_found() -> None:
    found = cast("@\u5f20\u4e09\n\u4f60\u597d\u3002")

    assert found.ids_in("\u706f\u4eae\u4e86\uff0c\u5f20\u4e09\u7ad9\u8d77\u6765\u3002") == (
        "somebody",
    )
