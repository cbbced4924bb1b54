"""The shape of an answer, with everything that the real ones hold."""

from pydantic import BaseModel, Field


class Claim(BaseModel):
    text: str = Field(max_length=200, description="One sentence")
    lines: list[int] = Field(default=[], max_length=3)


class Seven(BaseModel):
    headline: str = Field(min_length=3, max_length=90)
    claims: list[Claim]
    mood: str | None = None
