"""The smallest parts of scenes."""

from storyloom.story.script.elements import Action, Card, Cut, Form, Part, RawScene, Speech
from storyloom.story.script.units import Unit, UnitKind, units_of


def units(*parts: Part, form: Form = Form.FOUNTAIN) -> list[Unit]:
    return units_of(RawScene(parts=list(parts)), form)


def test_each_sentence_of_an_action_is_a_unit() -> None:
    found = units(Action("She waits. He comes."), Cut("CUT TO:"), Card("THE END"))

    assert [(unit.kind, unit.text, unit.begins) for unit in found] == [
        (UnitKind.ACTION, "She waits.", True),
        (UnitKind.ACTION, "He comes.", False),
        (UnitKind.CUT, "CUT TO:", True),
        (UnitKind.CARD, "THE END", True),
    ]


def test_a_long_speech_comes_in_parts_of_three_sentences() -> None:
    words = "One. Two. Three. Four."

    first, second = units(Speech("MARIA", words, "quietly", f"MARIA\n(quietly)\n{words}"))

    assert (first.text, first.manner, first.begins) == ("MARIA\nOne. Two. Three.", "quietly", True)
    assert (second.text, second.manner, second.begins) == ("MARIA\nFour.", "", False)
    assert units(Speech("MARIA", "One.", text="MARIA\nOne."))[0].text == "MARIA\nOne."


def test_prose_is_taken_apart_into_what_is_said_and_told() -> None:
    said, told = units(Action("“No,” said Nora. She left."), form=Form.PROSE)

    assert (said.kind, said.speaker, said.words) == (UnitKind.SPEECH, "Nora", "No,")
    assert (told.kind, told.action, told.begins) == (UnitKind.ACTION, "She left.", False)
