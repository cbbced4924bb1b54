"""Where errors become one line and an exit status."""

import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from storyloom.cli.misplaced import hint
from storyloom.cli.wording import one_line, sentence_of
from storyloom.errors import InvalidInput, StoryloomError

# Both may stand anywhere on the line, so that they can be added to a command that went wrong.
DEBUG, JSON = "--debug", "--json"


class Commands(TyperGroup):
    """The commands of `storyloom`. Each returns its exit status, or None for success."""

    def main(  # noqa: PLR0917 - the signature is Typer's
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002, FBT001 - as above
        windows_expand_args: bool = True,  # noqa: FBT001 - as above
        **extra: Any,
    ) -> Any:
        """Run a command and leave with its exit status."""
        given = list(sys.argv[1:] if args is None else args)
        if DEBUG in given:
            logging.basicConfig()
            logging.getLogger("storyloom").setLevel(logging.DEBUG)
        try:
            status = super().main(
                [word for word in given if word != DEBUG],
                prog_name or "storyloom",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except Exception as fault:  # the top of the command line: whatever it was, say so
            if DEBUG in given:
                raise
            status = _tell(fault, given)
        sys.exit(status or 0)


def unexpected(fault: Exception) -> StoryloomError:
    """A fault of ours in one line; its traceback is shown to those who ask."""
    logging.getLogger(__name__).debug("unexpected", exc_info=fault)
    return StoryloomError(
        f"Something unexpected happened: {type(fault).__name__}: {fault} "
        f"(the same command with {DEBUG} shows more)."
    )


def _tell(fault: Exception, given: Sequence[str]) -> int:
    told = _as_ours(fault, given)
    sentence = sentence_of(told)
    typer.secho(f"storyloom: {one_line(sentence)}", fg="red", err=True)
    if JSON in given:
        typer.echo(json.dumps({"error": {"code": told.code, "message": sentence}}, indent=2))
    return told.exit_status


def _as_ours(fault: Exception, given: Sequence[str]) -> StoryloomError:
    match fault:
        case StoryloomError():
            return fault
        case TyperException():
            where = hint(fault, given)
            return InvalidInput(". ".join(filter(None, (fault.format_message(), where))))
        case ExceptionGroup(exceptions=(first, *_)):
            # It was raised while other work went on beside the command.
            return _as_ours(first, given)
        case _:
            return unexpected(fault)
