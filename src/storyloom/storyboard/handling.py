"""How a storyboard job is to be handled, as its parameters say."""

from collections.abc import Mapping

from pydantic import JsonValue

from storyloom.jobs.schemas import HANDLING, Handling


def handling_of(params: Mapping[str, JsonValue]) -> Handling:
    """How the job of these parameters is to be handled."""
    return Handling.of(params.get(HANDLING))
