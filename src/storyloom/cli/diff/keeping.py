"""What is kept beside a picture: the words on it, and what was asked for them."""

import json
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from storyloom.cli.makers import Made, Order
from storyloom.cli.places import Places
from storyloom.errors import NotFound

#: The fields whose words are on a page, in the order in which people read them.
FieldName = Literal[
    "headline",
    "what_it_does",
    "business_value",
    "who_benefits",
    "differentiator",
    "pain_point_addressed",
    "suggested_icon",
]
FIELDS = get_args(FieldName)
_MOST_BYTES = 1024 * 1024


class Change(BaseModel):
    """A field whose words are others now; None where there were none."""

    field: str
    old: str | None
    new: str


class Kept(BaseModel):
    """The note beside a picture. Where in the code a claim comes from is not in it: lines move."""

    model_config = ConfigDict(frozen=True)

    storyloom: int = 1
    source: str = Field(description="The file that it was drawn from")
    asked: dict[str, JsonValue] = Field(description="The wishes, as the API has them")
    understanding: dict[str, str]

    @classmethod
    def of(cls, source: str, order: Order, made: Made) -> Self:
        """What is to be kept of a new picture."""
        words = made.understanding
        return cls(
            source=source,
            asked=asked_of(order),
            understanding={name: str(words.get(name, "")) for name in FIELDS},
        )

    def changes(self, old: "Kept | None") -> list[Change]:
        """Which words are others than before."""
        before = {} if old is None else old.understanding
        return [
            Change(field=name, old=before.get(name), new=text)
            for name, text in self.understanding.items()
            if before.get(name) != text
        ]

    @property
    def data(self) -> bytes:
        """As a file, the same for the same words."""
        fields = self.model_dump(mode="json")
        return json.dumps(fields, indent=2, ensure_ascii=False).encode() + b"\n"


def asked_of(order: Order) -> dict[str, JsonValue]:
    """What was asked: with another wish, another picture is due."""
    return order.wishes.model_dump(mode="json", exclude={"fresh"})


def note_of(picture: str) -> str:
    """Where the note of a picture is."""
    return f"{picture}.json"


def kept_at(places: Places, picture: str) -> Kept | None:
    """The note of a picture that is there; None where either is not, or cannot be read."""
    if not places.picture(picture).is_file():
        return None
    try:
        return Kept.model_validate_json(places.read(note_of(picture), _MOST_BYTES))
    except (ValidationError, NotFound):
        return None
