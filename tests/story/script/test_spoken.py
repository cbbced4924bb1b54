"""Who says what in prose, and does what meanwhile."""

import pytest

from storyloom.story.script.spoken import Said, said_in


def said(paragraph: str) -> list[tuple[str, str, str, str]]:
    """Words, speaker, manner and action; of what is told only the last."""
    return [
        (one.words, one.speaker, one.manner, one.action)
        if isinstance(one, Said)
        else ("", "", "", one)
        for one in said_in(paragraph)
    ]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (
            "“Hold this,” said Nora, lifting the lantern. She went.",
            [
                ("Hold this,", "Nora", "", "Nora speaks, lifting the lantern."),
                ("", "", "", "She went."),
            ],
        ),
        (
            "Nora lifted the lantern and said, “Look.” Teo looked.",
            [("Look.", "Nora", "", "Nora lifted the lantern."), ("", "", "", "Teo looked.")],
        ),
        (
            "“Come,” said the old keeper quietly, “now.”",
            [("Come, now.", "the old keeper", "quietly", "")],
        ),
        ('"Stop!" Teo shouted as he ran.', [("Stop!", "Teo", "", "He ran.")]),
        ('"Stop!" shouted Mr. Ott, and he ran.', [("Stop!", "Mr. Ott", "", "He ran.")]),
        (
            "\u2018I can\u2019t,\u2019 she said, and turned away.",
            [("I can\u2019t,", "she", "", "She turned away.")],
        ),
        ("“Maybe,” he added with a smile.", [("Maybe,", "he", "with a smile", "")]),
        ("“Yes,” Nora said to Teo.", [("Yes,", "Nora", "", "")]),
        ("“No.” “Yes.”", [("No.", "", "", ""), ("Yes.", "", "", "")]),
        ("“Ah,” and she was gone.", [("Ah,", "", "", "She was gone.")]),
        ("Teo, to himself: “No.”", [("No.", "Teo", "", "Teo, to himself.")]),
        ("He said: “No.” ", [("No.", "He", "", "")]),
        ("„Ich komme“, sagte Anna.", [("Ich komme", "Anna", "", "")]),
        ("»Nein«, sagte Anna.", [("Nein", "Anna", "", "")]),
        ('The sign read "open" in red.', [("", "", "", 'The sign read "open" in red.')]),
        ('"Never closed', [("Never closed", "", "", "")]),
        ('"" He left.', [("", "", "", '"" He left.')]),
        ("“谁\uff1f”他问。", [("谁\uff1f", "", "", ""), ("", "", "", "他问。")]),
        ("“Hm,” — “ha,”", [("Hm,", "", "", ""), ("ha,", "", "", "")]),
    ],
)
def test_what_is_said_is_told_from_what_is_done(
    paragraph: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert said(paragraph) == expected


def test_the_text_stays_as_it_is() -> None:
    paragraph = "“Come,” said Nora, “now.”"

    assert [one.text for one in said_in(paragraph) if isinstance(one, Said)] == [paragraph]


def test_reading_takes_time_that_grows_with_the_text_alone() -> None:
    for piece in ('"', "“", "“a.” ", "\u2019", "\u2018a", "“a,” said B. ", "« ", "said, "):
        list(said_in(piece * (20_000 // len(piece))))
