"""Ids as types of their own."""

from typing import NewType
from uuid import UUID, uuid4

JobId = NewType("JobId", str)


def new_job_id() -> JobId:
    """A fresh id: a random UUID in its canonical form."""
    return JobId(str(uuid4()))


def parse_job_id(text: str) -> JobId | None:
    """The id in its canonical form, or None where the text is no UUID."""
    try:
        return JobId(str(UUID(text)))
    except ValueError:
        return None
