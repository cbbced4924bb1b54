"""The storyboards' prompts, from the files in `prompts`."""

from collections.abc import Mapping
from pathlib import Path

from storyloom.llm.prompts import Prompt, load_prompts

FOLDER = Path(__file__).parent / "prompts"
UNDERSTAND_CODE = "understand_code"
UNDERSTAND_ROADMAP = "understand_roadmap"
ILLUSTRATE = "illustrate"
PAINT_PAGE = "paint_page"


def prompts() -> Mapping[str, Prompt]:
    """All of them by name. The first call reads the files: make it in a thread."""
    return load_prompts(FOLDER)


def prompt(name: str) -> Prompt:
    """One of them; `KeyError` when there is none by that name."""
    return prompts()[name]
