"""What SwarmUI printed, as others may read it: without secrets."""

from collections.abc import Sequence

from anyio import to_thread

from storyloom.automation.schemas import SwarmLog


async def shown(lines: Sequence[str]) -> SwarmLog:
    """The lines without what looks like a secret."""
    return SwarmLog(lines=await to_thread.run_sync(_without_secrets, lines))


def _without_secrets(lines: Sequence[str]) -> tuple[str, ...]:
    from storyloom.llm.redaction import redacted  # noqa: PLC0415 - a megabyte of patterns

    return tuple(redacted("\n".join(lines)).text.split("\n")) if lines else ()
