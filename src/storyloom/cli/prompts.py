"""`storyloom prompts`."""

from storyloom.boards.text import shorten
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.errors import NotFound
from storyloom.llm.prompts import Prompt
from storyloom.story.asked.prompting import prompts as story_prompts
from storyloom.storyboard.prompting import prompts as storyboard_prompts

_FIRST_WORDS = 60


def prompts() -> dict[str, Prompt]:
    """All of them, those of storyboards first."""
    return {**storyboard_prompts(), **story_prompts()}


def show_all(*, as_json: bool) -> None:
    """List what models are asked with."""
    if as_json:
        print_json({"prompts": [_plain(one) for one in prompts().values()]})
        return
    table = new_table("Prompt", "Version", "What for", "Begins with")
    for one in prompts().values():
        begins = shorten(" ".join(one.text.split()), _FIRST_WORDS)
        table.add_row(f"[bold]{one.name}[/]", one.version, one.purpose, begins.replace("[", r"\["))
    print_table(table)


def show_one(name: str, *, as_json: bool) -> None:
    """Print one prompt's text; raises `NotFound` that lists what there is."""
    one = prompts().get(name)
    if one is None:
        raise NotFound(f"There is no prompt {name!r}. There are: {', '.join(prompts())}.")
    if as_json:
        print_json(_plain(one) | {"text": one.text})
    else:
        print(one.text)


def _plain(one: Prompt) -> dict[str, object]:
    return {
        "name": one.name,
        "version": one.version,
        "purpose": one.purpose,
        "slots": sorted(one.slots),
    }
