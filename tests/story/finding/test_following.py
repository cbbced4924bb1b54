"""Who a sentence is about."""

from collections.abc import Sequence

import pytest

from storyloom.story.finding.cast import Cast
from storyloom.story.finding.following import Followed, Follower
from storyloom.story.script.elements import Action, Cut, Form, Part, RawScene, Speech
from storyloom.story.script.units import units_of


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    for name, sex in (("Nora", "she"), ("Teo", "he"), ("Lin", "")):
        made.add(name).sex = sex
    return made


def follow(cast: Cast, parts: Sequence[Part], form: Form = Form.FOUNTAIN) -> list[Followed]:
    return list(Follower(cast).follow(units_of(RawScene(parts=list(parts)), form)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nora waits.", (["nora"], "nora", "Nora waits.")),
        ("In the end, Nora waits.", (["nora"], "nora", "In the end, Nora waits.")),
        (
            "The wind in the old trees moves Nora.",
            (["nora"], "", "The wind in the old trees moves Nora."),
        ),
        ("Nora waits. She smiles.", (["nora"], "nora", "Nora smiles.")),
        ("Nora waits. Then she smiles.", (["nora"], "nora", "Then Nora smiles.")),
        ("Nora sees Teo. He smiles.", (["teo"], "teo", "Teo smiles.")),
        ("Nora sees Teo. Her hands shake.", (["nora"], "nora", "Nora's hands shake.")),
        (
            "Teo waits. Nora hands him the key.",
            (["nora", "teo"], "nora", "Nora hands him the key."),
        ),
        ("Nora waits. Teo hands her the key.", (["teo", "nora"], "teo", "Teo hands her the key.")),
        ("Nora waits. The lamp stands beside her.", (["nora"], "", "The lamp stands beside her.")),
        ("Nora waits. Rain runs down her coat.", (list[str](), "", "Rain runs down her coat.")),
        ("Nora and Teo wait. They smile.", (["nora", "teo"], "teo", "They smile.")),
        (
            "Nora sees Teo. The two of them smile.",
            (["nora", "teo"], "teo", "The two of them smile."),
        ),
        ("She smiles.", (list[str](), "", "She smiles.")),
        ("They smile.", (list[str](), "", "They smile.")),
        ("Lin waits. She smiles.", (["lin"], "lin", "Lin smiles.")),
    ],
)
def test_pronouns_are_followed(text: str, told: tuple[list[str], str, str], cast: Cast) -> None:
    last = follow(cast, [Action(text)])[-1]

    assert (list(last.people), last.subject, last.action) == told


def test_a_speaker_is_seen_unless_they_are_only_heard(cast: Cast) -> None:
    said = follow(
        cast,
        [Speech("NORA", "Hello."), Speech("TEO", "No.", is_unseen=True), Speech("NOBODY", "Hm.")],
    )

    assert [(one.speaker, one.people) for one in said] == [
        ("nora", ("nora",)),
        ("teo", ()),
        ("", ()),
    ]


def test_several_speak_at_once(cast: Cast) -> None:
    assert follow(cast, [Speech("NORA AND TEO", "Hello.")])[0].people == ("nora", "teo")


def test_who_speaks_in_prose_is_told_by_tags_subjects_and_turns(cast: Cast) -> None:
    said = follow(
        cast,
        [
            Action("“One,” said Nora."),
            Action("“Two,” said Teo, lifting the key."),
            Action("“Three.”"),
            Action("“Four.”"),
            Action("Teo sat down. “Five.”"),
            Action("“Six,” he said."),
            Action("“Seven,” they said."),
        ],
        Form.PROSE,
    )

    told = ["nora", "teo", "nora", "teo", "", "teo", "teo", "nora"]
    assert [one.speaker for one in said] == told
    assert said[1].action == "Teo speaks, lifting the key."


def test_cuts_are_about_nobody(cast: Cast) -> None:
    assert follow(cast, [Cut("CUT TO:")])[0].people == ()
