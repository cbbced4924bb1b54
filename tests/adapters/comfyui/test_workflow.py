"""Workflows as files."""

import json
from pathlib import Path

import pytest

from storyloom.adapters.comfyui._workflow import load_workflow
from storyloom.errors import Misconfigured, Unsupported

GRAPH = {
    "1": {
        "class_type": "Any",
        "inputs": {
            "text": "{{prompt}}",
            "seed": "{{seed}}",
            "steps": "{{steps|24}}",
            "sampler": "{{sampler|euler}}",
            "file": "a/{{work}}-{{seed}}",
            "link": ["{{prompt}}", 0],
            "plain": "{not a place}",
        },
    }
}


def _file(folder: Path, text: str) -> Path:
    file = folder / "workflow.json"
    file.write_text(text)
    return file


def test_places_become_values_of_their_own_kind(tmp_path: Path) -> None:
    workflow = load_workflow(_file(tmp_path, json.dumps(GRAPH)))

    filled = workflow.filled({"prompt": "{{seed}}", "seed": 7, "work": "w"})

    assert filled["1"]["inputs"] == {
        "text": "{{seed}}",
        "seed": 7,
        "steps": 24,
        "sampler": "euler",
        "file": "a/w-7",
        "link": ["{{seed}}", 0],
        "plain": "{not a place}",
    }
    assert (
        workflow.filled({"prompt": "", "seed": 1, "work": "", "steps": 3})["1"]["inputs"]["steps"]
        == 3
    )


def test_a_place_without_a_value_is_named(tmp_path: Path) -> None:
    workflow = load_workflow(_file(tmp_path, json.dumps(GRAPH)))

    with pytest.raises(Unsupported, match="work"):
        workflow.filled({"prompt": "a", "seed": 1})


def test_the_usual_one_has_all_the_places() -> None:
    assert load_workflow(None).names >= {
        "prompt",
        "negative_prompt",
        "seed",
        "width",
        "height",
        "model",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("[]", "no graph"),
        ("{}", "no graph"),
        ('{"nodes": [], "links": []}', "Export"),
        ('{"1": {"inputs": {}}}', "Export"),
        ('{"1": {"class_type": "A", "inputs": {"text": "{{prompt}}"}}}', "{{seed}}"),
        ('{"1": {"class_type": "A", "inputs": {"seed": "{{seed}}"}}}', "{{prompt}}"),
        (" " * (4 << 20) + "{}", "no graph"),
    ],
)
def test_what_is_no_workflow_is_told_with_the_setting(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_COMFYUI_WORKFLOW") as raised:
        load_workflow(_file(tmp_path, text))

    assert said in raised.value.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        load_workflow(tmp_path / "none.json")
