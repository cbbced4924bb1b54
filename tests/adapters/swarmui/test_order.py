"""What SwarmUI is asked for."""

from typing import Any

import pytest

from storyloom.adapters.swarmui._order import model_of, order_of, parameters_of
from tests.adapters.swarmui.painting import asked

HUGE = 10**5


def test_parameters_go_by_swarmuis_names() -> None:
    given: dict[str, Any] = {"CFG Scale": 5, "T5-XXL Model": "x", "loras": ["a", "b"], "vae": None}

    assert parameters_of(asked(parameters=given)) == {
        "cfgscale": 5,
        "txxlmodel": "x",
        "loras": ["a", "b"],
    }


@pytest.mark.parametrize(
    "name",
    [
        *("session_id", "images", "Images", "webhooks", "exactbackendid", "Internal Backend Type"),
        *("overrideoutpathformat", "Override_Outpath-Format", "donotsave", "initimage"),
        *("promptimages", "controlnetimageinput", "batchsize", "presets", "extra_metadata"),
        *("comfyuicustomworkflow", "videomodel", "aspectratio", "prompt", "width", "7", ""),
    ],
)
def test_what_is_ours_cannot_be_overridden(name: str) -> None:
    request = asked(parameters={name: "theirs"})

    assert parameters_of(request) == {}
    assert "theirs" not in order_of(request, "m").body.values()


@pytest.mark.parametrize(
    "value", [None, {"a": 1}, [{"a": 1}], [[1]], "x" * HUGE, [1] * HUGE, 1e999]
)
def test_only_plain_values_pass(value: Any) -> None:
    assert parameters_of(asked(parameters={"steps": value, "sampler": "euler"})) == {
        "sampler": "euler"
    }


def test_a_prompt_is_passed_on_as_it_is() -> None:
    body = order_of(asked("a <lora:x> (cat:1.2)", negative_prompt="<b>"), "m").body

    assert (body["prompt"], body["negativeprompt"]) == ("a <lora:x> (cat:1.2)", "<b>")


def test_one_picture_of_the_asked_size_is_ordered() -> None:
    body = order_of(asked(work="w"), "m").body

    assert body["images"] == 1
    assert (body["width"], body["height"], body["model"]) == (96, 64, "m")
    assert body["overrideoutpathformat"] == "storyloom/w"
    assert "donotsave" not in body
    assert order_of(asked(), "m").body["donotsave"] is True


@pytest.mark.parametrize(
    ("request_seed", "told", "seed"),
    [(7, 9, 7), (0, 9, 0), (None, 2**40, 2**40), (None, 0, 0)],
)
def test_the_seed_is_the_requests_or_a_parameter(
    request_seed: int | None, told: int, seed: int
) -> None:
    assert order_of(asked(seed=request_seed, parameters={"seed": told}), "m").seed == seed


@pytest.mark.parametrize("told", [-1, "7", True, 2**63])
def test_a_seed_of_the_same_work_is_the_same(told: Any) -> None:
    seeds = [
        order_of(asked(work=work, parameters={"seed": told}), "m").seed for work in ("a", "a", "b")
    ]

    assert seeds[0] == seeds[1] != seeds[2]
    assert all(0 <= seed < 2**32 for seed in seeds)


@pytest.mark.parametrize(("told", "model"), [(" m ", "m"), ("", ""), (7, "7")])
def test_a_request_may_name_its_model(told: Any, model: str) -> None:
    assert model_of(asked(parameters={"model": told})) == model
