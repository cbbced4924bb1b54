"""The shape of the answers that a language model gives about a source.

The limits here are wide: they keep an answer small. What a page has room for is judged later, field
by field, so that a model can be told which one was too long.
"""

from pydantic import BaseModel, Field

from storyloom.storyboard.capabilities import LONGEST

MAX_HEADLINE = 80
MAX_WHAT = 200
MAX_TEXT = LONGEST
TEXTS = (
    "what_it_does",
    "business_value",
    "who_benefits",
    "differentiator",
    "pain_point_addressed",
)
FIELDS = ("headline", *TEXTS)
LIMITS = {"headline": MAX_HEADLINE, **dict.fromkeys(TEXTS, MAX_TEXT), "what_it_does": MAX_WHAT}
WHOLE = 1000  #: the width and the height of a picture, in the model's measure
_MOST_CITED = 40
_WIDEST = 600


class _Citation(BaseModel):
    field: str = Field(
        description="The field that rests on it", json_schema_extra={"enum": list(FIELDS)}
    )


class LineCitation(_Citation):
    """Lines of the file behind a field, counted from 1."""

    first_line: int
    last_line: int


class BoxCitation(_Citation):
    """A place in the picture behind a field, in thousandths of its width and height."""

    left: int = Field(description="0 to 1000")
    top: int = Field(description="0 to 1000")
    right: int = Field(description="0 to 1000")
    bottom: int = Field(description="0 to 1000")


class SevenFields(BaseModel):
    """What a model says about a source."""

    headline: str = Field(
        max_length=200, description=f"At most {MAX_HEADLINE} characters, without a full stop"
    )
    what_it_does: str = Field(max_length=_WIDEST, description=f"At most {MAX_WHAT} characters")
    business_value: str = Field(max_length=_WIDEST, description=f"At most {MAX_TEXT} characters")
    who_benefits: str = Field(max_length=_WIDEST, description=f"At most {MAX_TEXT} characters")
    differentiator: str = Field(max_length=_WIDEST, description=f"At most {MAX_TEXT} characters")
    pain_point_addressed: str = Field(
        max_length=_WIDEST, description=f"At most {MAX_TEXT} characters"
    )
    suggested_icon: str = Field(max_length=60, description="One plain noun for a pictogram")


class CodeAnswer(SevenFields):
    """What a model says about a code file."""

    evidence: list[LineCitation] = Field(
        max_length=_MOST_CITED, description="The lines behind the fields"
    )


class RoadmapAnswer(SevenFields):
    """What a model says about a roadmap screenshot."""

    evidence: list[BoxCitation] = Field(
        max_length=_MOST_CITED, description="The places behind the fields"
    )
