"""Where an option belongs that stands before the command which knows it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from typer.exceptions import TyperException

#: The names that lead to a command.
Path = tuple[str, ...]
#: What a command is called that changes nothing.
_LOOKS = "status"


def hint(fault: TyperException, words: Collection[str]) -> str:
    """A sentence where the option was given to a group of commands, and one of them knows it; else "".

    Of several commands it names the one that most of the words on the line speak of. Where they speak of
    none more than of others, it names none: whoever copies the example does what it does.
    """
    # Typer's own class for it, and that of groups, are private.
    told = cast("Any", fault)
    option, context = getattr(told, "option_name", None), getattr(told, "ctx", None)
    if option is None or context is None:
        return ""
    paths = list(_knowing(context.command, option))
    if not paths:
        return ""
    meant = _meant(paths, words)
    if meant is None:
        return "It belongs after the command."
    line = " ".join((context.command_path, *meant, option))
    return f"It belongs after the command, as in `{line}`."


def _meant(paths: Sequence[Path], words: Collection[str]) -> Path | None:
    """The command that is meant; of several of one group, the one that only looks."""
    spoken = [sum(name in words for name in path) for path in paths]
    may_be = [path for path, count in zip(paths, spoken, strict=True) if count == max(spoken)]
    if len(may_be) == 1:
        return may_be[0]
    if len({path[:-1] for path in may_be}) > 1:
        return None
    return next((path for path in may_be if path[-1] == _LOOKS), None)


def _knowing(command: Any, option: str) -> Iterator[Path]:
    """The names that lead to each command with such an option."""
    below: Mapping[str, Any] = getattr(command, "commands", {})
    for name, one in below.items():
        if any(option in (*known.opts, *known.secondary_opts) for known in one.params):
            yield (name,)
        for rest in _knowing(one, option):
            yield (name, *rest)
