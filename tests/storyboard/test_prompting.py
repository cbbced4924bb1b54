"""The packaged prompts: a text belongs to its version."""

import hashlib
import json
from pathlib import Path

import pytest

from storyloom.storyboard import prompting

HASHES = Path(__file__).parent / "prompt_hashes.json"
NAMES = [
    prompting.ILLUSTRATE,
    prompting.PAINT_PAGE,
    prompting.UNDERSTAND_CODE,
    prompting.UNDERSTAND_ROADMAP,
]


def test_they_are_all_there() -> None:
    assert list(prompting.prompts()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_text_has_a_new_version(name: str) -> None:
    """When this fails: raise the file's version, and add the new row to the list."""
    prompt = prompting.prompt(name)

    known = json.loads(HASHES.read_text("utf-8"))

    text_hash = hashlib.sha256(prompt.text.encode()).hexdigest()
    assert known.get(f"{name} {prompt.version}") == text_hash
