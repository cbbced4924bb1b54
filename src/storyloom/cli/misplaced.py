"""Where an option belongs that stands before the command which knows it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from typer.exceptions import TyperException


def hint(fault: TyperException, words: Collection[str]) -> str:
    """A sentence where the option was given to a group of commands, and one of them knows it; else "".

    Of several commands it names the one that most of the words on the line speak of.
    """
    # Typer's own class for it, and that of groups, are private.
    told = cast("Any", fault)
    option, context = getattr(told, "option_name", None), getattr(told, "ctx", None)
    if option is None or context is None:
        return ""
    paths = list(_knowing(context.command, option))
    if not paths:
        return ""
    best = max(paths, key=lambda path: sum(name in words for name in path))
    line = " ".join((context.command_path, *best, option))
    return f"It belongs after the command, as in `{line}`."


def _knowing(command: Any, option: str) -> Iterator[tuple[str, ...]]:
    """The names that lead to each command with such an option."""
    below: Mapping[str, Any] = getattr(command, "commands", {})
    for name, one in below.items():
        if any(option in (*known.opts, *known.secondary_opts) for known in one.params):
            yield (name,)
        for rest in _knowing(one, option):
            yield (name, *rest)
