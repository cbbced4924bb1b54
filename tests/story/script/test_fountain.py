"""The subset of Fountain that is read."""

from storyloom.story.script.elements import Action, Card, Cut, Part, Speech
from storyloom.story.script.fountain import is_cue, read_fountain, without_marks, without_remarks


def parts(text: str) -> list[Part]:
    return [part for scene in read_fountain(text).scenes for part in scene.parts]


def test_the_title_page_is_read() -> None:
    script = read_fountain(
        "Title: _**The Last_\n   **Lamp**\nAuthor: A\nOdd: x\n\nINT. A\n\nShe waits."
    )

    assert script.title == "The Last Lamp"
    assert script.scenes[0].parts == [Action("She waits.")]


def test_a_title_page_needs_a_known_key_first() -> None:
    assert parts("Note: this is action.") == [Action("Note: this is action.")]
    assert read_fountain("Title: Only this").scenes == []


def test_scenes_have_headings_synopses_and_sections_are_left_out() -> None:
    script = read_fountain(
        "# Act one\n\nINT. YARD - DAY #1#\n\n= She is late.\n= Very.\n\n===\n\nShe waits.\n\n.FORCED\n\n!INT. ACTION"
    )

    assert [(scene.heading, scene.synopsis) for scene in script.scenes] == [
        ("INT. YARD - DAY #1#", "She is late. Very."),
        (".FORCED", ""),
    ]
    assert script.scenes[1].parts == [Action("INT. ACTION")]


def test_what_stands_before_the_first_slug_line_opens_it() -> None:
    script = read_fountain("FADE IN:\n\nINT. YARD\nShe waits.\nINT. HALL\n\nHe goes.")

    assert [scene.parts for scene in script.scenes] == [
        [Cut("FADE IN:"), Action("She waits.")],
        [Action("He goes.")],
    ]
    assert parts("FADE IN:\n\n> THE END <") == [Cut("FADE IN:"), Card("THE END")]


def test_dialogue_has_a_name_a_manner_and_words() -> None:
    said = parts(
        "MARIA (V.O.)\n(quietly)\nWe are *late*.\nVery.\n  \nStill she.\n\n@McKay ^\n~La la"
    )

    text = "MARIA (V.O.)\n(quietly)\nWe are late.\nVery.\nStill she."
    words = "We are late. Very. Still she."
    assert said == [
        Speech("MARIA", words, "quietly", text, is_unseen=True),
        Speech("McKay", "La la", text="@McKay ^\n~La la", is_dual=True),
    ]


def test_a_name_needs_words_below_it() -> None:
    assert parts("BANG!\nThe door flies open.") == [Action("BANG! The door flies open.")]
    assert parts("INT. A\n\nMARIA\n\nShe goes.") == [Action("MARIA"), Action("She goes.")]


def test_transitions_and_cards_are_no_action() -> None:
    text = "CUT TO:\n\n> Burn to white.\n\n> THE END <\n\nSUPER: Ten years later\n\nFADE OUT.\n\nCUT TO: the chase\nnow"

    assert parts(text) == [
        Cut("CUT TO:"),
        Cut("Burn to white."),
        Card("THE END"),
        Card("SUPER: Ten years later"),
        Cut("FADE OUT."),
        Action("CUT TO: the chase now"),
    ]


def test_notes_and_boneyards_are_left_out() -> None:
    assert without_remarks("a [[note\nmore]] b /* bone\n\nyard */ c") == "a  b  c"
    assert without_remarks("a [[no\n\nnote]] b [[open") == "a [[no\n\nnote]] b [[open"
    assert without_remarks("a /* open") == "a /* open"


def test_marks_of_emphasis_are_taken_off() -> None:
    assert without_marks("***Run***, _she_ said; 2 * 3 \\*star\\* snake_case") == (
        "Run, she said; 2 * 3 *star* snake_case"
    )


def test_names_are_told_from_shouts_and_slugs() -> None:
    assert all(map(is_cue, ["MARIA", "DR. VANCE (O.S.)", "MARIA ^", "@McKay", "GUARD #2"]))
    assert not any(
        map(
            is_cue,
            [
                "Maria",
                "STOP!",
                "INT. YARD",
                "FADE OUT",
                "@",
                "A" * 80,
                "1234",
                "ONE TWO THREE FOUR FIVE SIX SEVEN",
            ],
        )
    )


def test_reading_takes_time_that_grows_with_the_text_alone() -> None:
    for piece in (
        "[[",
        "/*",
        "(" * 50,
        "*" * 50,
        "_",
        "A ",
        "@\nx\n",
        "INT. \n",
        "[[\n\n",
        "=x\n",
        ">\n",
    ):
        read_fountain(piece * (20_000 // len(piece)))
