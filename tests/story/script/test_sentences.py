"""Sentences, told from abbreviations, numbers and dots that end nothing."""

import pytest

from storyloom.story.script.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Vance paid $4.5M at no. 7 Mill St. before noon.", "She left."],
        ["He came at 5 p.m. on foot.", "They left at 6 a.m.", "Nobody spoke."],
        ['"Wait!" she says.', "So... they go.", "What?!", "No."],
        ["J. K. Rowe waves.", "It was I.", "Then dark."],
        ["“Where?” asked Tom.", "“Here.”", "He points."],
        ["He opens foo.txt.", "Visit www.x.example now.", "End"],
        ["He stops…", "A dog (no. 9) barks.", "[It is dark.]", "Go"],
        ["Mr. and Mrs. Lane stop.", "It is 3.14 metres."],
    ],
)
def test_a_paragraph_is_split(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_full_stops_of_east_asia_end_sentences_without_a_space() -> None:
    assert sentences("她走进房间\u3002灯灭了\uff01“谁\uff1f”他问\u3002") == [
        "她走进房间\u3002",
        "灯灭了\uff01",
        "“谁\uff1f”",
        "他问\u3002",
    ]


def test_nothing_has_no_sentences() -> None:
    assert sentences("  ") == []
