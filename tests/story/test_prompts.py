"""What is read in the prompts of a beat."""

from typing import Any

import pytest

from storyloom.story.beats import Beat
from storyloom.story.prompts import Aspect, PromptSet, prompt_of


def _read(prompts: Any, aspect: Aspect = Aspect.CINEMATIC) -> PromptSet | None:
    return prompt_of(Beat("b1", {"prompts": prompts}), aspect)


def test_a_plain_text_is_the_cinematic_prompt() -> None:
    assert _read(" a truck at dawn ") == PromptSet(prompt="a truck at dawn")
    assert _read("a truck at dawn", Aspect.VERTICAL) is None


def test_each_shape_has_its_own() -> None:
    prompts = {"cinematic": "wide", "vertical": {"prompt": "tall"}}

    assert _read(prompts) == PromptSet(prompt="wide")
    assert _read(prompts, Aspect.VERTICAL) == PromptSet(prompt="tall")


def test_the_values_of_a_set_are_kept_as_they_are() -> None:
    given = {
        "prompt": "a truck",
        "negativeprompt": "people",
        "width": "1024",
        "height": 576,
        "seed": 7,
        "model": "flux",
        "steps": 20,
        "loras": ["a", "b"],
    }

    assert _read({"cinematic": given}) == PromptSet(
        prompt="a truck",
        negative_prompt="people",
        width=1024,
        height=576,
        seed=7,
        parameters={"model": "flux", "steps": 20, "loras": ["a", "b"]},
    )


def test_a_lone_set_is_the_cinematic_one() -> None:
    lone = {"prompt": "a truck", "steps": 20}

    assert _read(lone) == PromptSet(prompt="a truck", parameters={"steps": 20})
    assert _read(lone, Aspect.VERTICAL) is None


@pytest.mark.parametrize("seed", [-1, "any", None, 1.5, 2**40])
def test_a_seed_that_names_none_is_any(seed: Any) -> None:
    read = _read({"cinematic": {"prompt": "a truck", "seed": seed, "negativeprompt": 3}})

    assert read is not None
    assert (read.seed, read.negative_prompt) == (None, "")


@pytest.mark.parametrize("prompts", [None, "", " ", 3, [], {}, {"cinematic": " "}])
def test_what_cannot_be_used_is_none(prompts: Any) -> None:
    assert _read(prompts) is None


def test_the_shapes_are_wide_and_tall() -> None:
    assert Aspect.CINEMATIC.size == (1344, 768)
    assert Aspect.VERTICAL.size == (768, 1344)
