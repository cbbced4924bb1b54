"""The stories' questions, from the files in `prompts`."""

from collections.abc import Mapping
from pathlib import Path

from storyloom.llm.prompts import Prompt, load_prompts

FOLDER = Path(__file__).parent / "prompts"
FIND_BEATS = "find_beats"
WRITE_PROMPT = "write_prompt"


def prompts() -> Mapping[str, Prompt]:
    """All of them by name. The first call reads the files: make it in a thread."""
    return load_prompts(FOLDER)
