"""Where beats are, what they are called, what they need."""

from typing import Any

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.beats import Beat, beats_of, check


def names(episode: object) -> list[str]:
    return [beat.id for beat in beats_of({"analyzedEpisode": episode})]


EPISODES: list[tuple[object, list[str]]] = [
    ({"scenes": [{"beats": [{"beatId": "s1-b1"}, {}]}, {"beats": [{}]}]}, ["s1-b1", "2", "3"]),
    ({"beats": [{"beatId": "a"}, {"beatId": 7}]}, ["a", "7"]),
    ({"scenes": [{"beats": [{}]}], "beats": [{}]}, ["1", "2"]),
    ([{"beats": [{}]}, {}], ["1", "2"]),
    ({"scenes": [{"sceneNumber": 1}, {"sceneNumber": 2, "beats": None}]}, []),
    ({"beats": [{"beatId": True}, {"beatId": ""}, {"beatId": 1.5}]}, ["1", "2", "3"]),
    ({"scenes": "none", "beats": 5}, []),
    ({"beats": ["a", None, [], {"beatId": "b"}]}, ["b"]),
    (None, []),
    ("text", []),
    ({}, []),
]


@pytest.mark.parametrize(("episode", "found"), EPISODES)
def test_beats_are_found_in_scenes_or_alone(episode: object, found: list[str]) -> None:
    assert names(episode) == found


@pytest.mark.parametrize(
    ("decision", "needed"),
    [
        ({"type": "NEW_IMAGE"}, True),
        ({"type": "REUSE_IMAGE"}, False),
        ({"type": "NO_IMAGE"}, False),
        ({"type": ["NO_IMAGE"]}, True),
        ({}, True),
        ("NO_IMAGE", True),
        (None, True),
    ],
)
def test_a_beat_without_a_picture_of_its_own_needs_no_prompt(
    decision: object, *, needed: bool
) -> None:
    assert Beat("a", {"imageDecision": decision}).needs_prompts is needed


@pytest.mark.parametrize(
    ("prompts", "there"),
    [
        ({"cinematic": "wide shot"}, True),
        ({"vertical": {"prompt": "x", "seed": 1}}, True),
        ({"prompt": "x", "width": 512}, True),
        ("wide shot", True),
        ({"cinematic": ""}, False),
        ({"cinematic": {"prompt": " "}}, False),
        ({"cinematic": {"model": "flux"}}, False),
        ({"cinematic": None}, False),
        ({"cinematic": {"prompt": {"prompt": "x"}}}, False),
        ({}, False),
        (" ", False),
        (["x"], False),
        (None, False),
        (1, False),
    ],
)
def test_prompts_are_there_when_one_can_be_used(prompts: object, *, there: bool) -> None:
    assert Beat("a", {"prompts": prompts}).has_prompts is there


@pytest.mark.parametrize(
    "episode", [None, [], {}, {"scenes": None, "beats": []}, {"scenes": [], "x": "y"}]
)
def test_episodes_that_can_be_read(episode: Any) -> None:
    check({"analyzedEpisode": episode})


@pytest.mark.parametrize(
    ("episode", "path"),
    [
        ("text", ("body", "analyzedEpisode")),
        ({"scenes": {}}, ("body", "analyzedEpisode", "scenes")),
        ({"beats": "a"}, ("body", "analyzedEpisode", "beats")),
    ],
)
def test_episodes_that_cannot_be_read(episode: Any, path: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as fault:
        check({"analyzedEpisode": episode})

    assert fault.value.loc == path
