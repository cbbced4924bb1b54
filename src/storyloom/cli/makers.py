"""What makes a storyboard for the command line, here or at a server."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue, ValidationError

from storyloom.cli.options import DrawOptions
from storyloom.cli.sources import Kind
from storyloom.errors import InvalidInput
from storyloom.kit.ids import JobId
from storyloom.kit.sentences import sentence_of
from storyloom.outbound.costs import Cost
from storyloom.storyboard.schemas import BoardFile, Wishes

# Takes a few words that say what is being done now.
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is wished of every storyboard of one command."""

    kind: Kind
    wishes: Wishes
    file_format: BoardFile
    sanitize_ip: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A finished storyboard: the file's bytes, and what is to be said about it."""

    data: bytes
    headline: str
    understanding: dict[str, JsonValue]
    warnings: tuple[str, ...]
    job_id: JobId | None = None
    cost: Cost | None = None


class Maker(Protocol):
    """Makes storyboards. Raises `StoryloomError` with a sentence for a person."""

    async def code(self, name: str, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a code file."""
        ...

    async def roadmap(self, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a screenshot."""
        ...


def order_of(kind: Kind, options: DrawOptions, file_format: BoardFile) -> Order:
    """Read the options; what is left out is as in the API. Raises `InvalidInput`."""
    asked = {
        "icp_preset": options.icp,
        "stage": options.stage,
        "audience": options.audience,
        "custom_headline": options.headline,
        "format": options.page_format,
        "render": options.render,
        "model": options.model,
        "fresh": options.fresh,
    }
    try:
        wishes = Wishes.model_validate({k: v for k, v in asked.items() if v is not None})
    except ValidationError as fault:
        first = fault.errors()[0]
        raise InvalidInput(sentence_of(first), loc=first["loc"]) from fault
    return Order(kind, wishes, file_format, options.sanitize)


def sentences(understanding: dict[str, JsonValue], warnings: Iterable[str]) -> tuple[str, ...]:
    """Everything that was not done as well as usual."""
    degraded = understanding.get("degraded")
    own = [str(one) for one in degraded] if isinstance(degraded, list) else []
    return tuple(dict.fromkeys([*own, *warnings]))
