"""What is asked of a language model, and what it answers."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from storyloom.outbound.schemas import StandIn, Usage

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture that belongs to a question."""

    data: bytes
    media_type: str  #: such as `image/png`


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """One question. `instructions` are ours; `material` is somebody else's, and only data."""

    name: str  #: such as `understand_code`; the name of its prompt file
    version: str  #: of the prompt
    instructions: str
    material: str
    answer: type[A]  #: the shape of the answer
    attachments: tuple[Attachment, ...] = ()
    complaint: str = ""  #: what was wrong with an earlier answer to the same question
    max_output_tokens: int = 4096
    temperature: float = 0.2


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """A typed answer, and what it used."""

    value: A
    model: str  #: `provider:name` of the model that gave it
    usage: Usage
    stand_in: StandIn | None = None  #: where that is not the wanted one
