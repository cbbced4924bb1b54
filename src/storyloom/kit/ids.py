"""Ids as types of their own."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
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


# A list, so that whoever takes the id takes it from everybody: what is begun meanwhile has the same.
_promised: ContextVar[list[JobId] | None] = ContextVar("storyloom_promised", default=None)


@contextmanager
def promising(job_id: JobId) -> Generator[None]:
    """Let the job that is made inside the block have this id."""
    promise = [job_id]
    before = _promised.set(promise)
    try:
        yield
    finally:
        promise.clear()
        _promised.reset(before)


def promised_job_id() -> JobId | None:
    """The id that the job of this request has to have, for the first who asks; else None.

    A job of that id may be there already: then the request was accepted before.
    """
    promise = _promised.get()
    return promise.pop() if promise else None
