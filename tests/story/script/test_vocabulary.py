"""The words by which scripts are read."""

import pytest

from storyloom.story.script.vocabulary import forms_of, phrases, signs, states, times, words


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("lift", {"lift", "lifts", "lifted", "lifting"}),
        ("raise", {"raise", "raises", "raised", "raising"}),
        ("carry", {"carry", "carries", "carried", "carrying"}),
        ("push", {"push", "pushes", "pushed", "pushing"}),
        ("grip", {"grip", "grips", "griped", "griping", "gripped", "gripping"}),
        ("play", {"play", "plays", "played", "playing"}),
    ],
)
def test_verbs_have_their_forms(verb: str, forms: set[str]) -> None:
    assert forms_of([verb]) == forms


def test_the_file_holds_what_is_asked_of_it() -> None:
    assert "whispered" in words("verbs", "say")
    assert "said" in words("verbs", "said")
    assert "lantern" in words("nouns", "props")
    assert phrases("pictures", "cues")[-1] == "on"
    assert times()["midday"] == "noon"
    assert "downpour" in signs("weather")["rain"]
    assert {state.words for state in states("people")} >= {"wet", "dead"}
    assert {state.group for state in states("props")} >= {"light"}
