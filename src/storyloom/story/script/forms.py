"""Tells a screenplay from prose, and reads either."""

from collections.abc import Sequence

from storyloom.errors import InvalidInput
from storyloom.story.script.elements import Form, RawScript
from storyloom.story.script.fountain import is_cue, read_fountain, without_remarks
from storyloom.story.script.hygiene import safe
from storyloom.story.script.prose import is_chapter, read_prose
from storyloom.story.script.slugs import is_slug

MAX_SCENES = 4000
_FEW_CUES = 2
_CUES_PER_BLOCK = 0.15


def read_script(script: str) -> RawScript:
    """Read a script of either form.

    Raises `InvalidInput` when it is larger than 4 MiB, says nothing, or has too many scenes.
    """
    text = safe(script)
    read = read_fountain(text) if form_of(text) is Form.FOUNTAIN else read_prose(text)
    if not any(scene.parts for scene in read.scenes):
        raise InvalidInput("The script says nothing", loc=("script",), kind="script_empty")
    if len(read.scenes) > MAX_SCENES:
        raise InvalidInput(
            f"The script has too many scenes: it may have {MAX_SCENES}",
            loc=("script",),
            kind="script_too_long",
        )
    return read


def form_of(text: str) -> Form:
    """A screenplay has a slug line, or names over what is said."""
    lines = without_remarks(text).split("\n")
    if any(is_slug(line) and _is_plain_slug(line) for line in lines):
        return Form.FOUNTAIN
    cues, blocks = _cues(lines)
    is_screenplay = cues >= _FEW_CUES and cues >= blocks * _CUES_PER_BLOCK
    return Form.FOUNTAIN if is_screenplay else Form.PROSE


def _is_plain_slug(line: str) -> bool:
    """Not a forced one: prose may begin a line with a stop."""
    return not line.strip().startswith(".")


def _cues(lines: Sequence[str]) -> tuple[int, int]:
    """How many names stand over something that is said, and how many blocks there are."""
    cues = blocks = 0
    is_free = True
    for place, line in enumerate(lines):
        if is_free and line.strip():
            blocks += 1
            below = lines[place + 1].strip() if place + 1 < len(lines) else ""
            is_said = bool(below) and not below.isupper()
            cues += is_said and is_cue(line) and not is_chapter(line)
        is_free = not line.strip()
    return cues, blocks
