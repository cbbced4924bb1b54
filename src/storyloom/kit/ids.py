"""Ids as types of their own."""

import re
from typing import NewType
from uuid import uuid4

JobId = NewType("JobId", str)
# Python's own reader takes full-width digits, braces and blanks too, which no header can carry.
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_job_id() -> JobId:
    """A fresh id: a random UUID in its canonical form."""
    return JobId(str(uuid4()))


def parse_job_id(text: str) -> JobId | None:
    """The id in its canonical form, or None where the text is no UUID."""
    canonical = text.lower()
    return JobId(canonical) if _UUID.fullmatch(canonical) else None
