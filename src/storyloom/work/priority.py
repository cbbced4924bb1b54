"""The priority of a request that makes work: the header `X-Priority`."""

from typing import Annotated

from fastapi import Depends, Header

from storyloom.jobs.schemas import Priority
from storyloom.work.schemas import PriorityName

PriorityHeader = Annotated[
    PriorityName | None,
    Header(description="Who goes first where jobs wait, as `priority` of `POST /v1/jobs`"),
]


async def asked_priority(x_priority: PriorityHeader = None) -> Priority:
    """The priority that a request asks for; without a word it is `normal`."""
    return Priority[(x_priority or "normal").upper()]


AskedPriority = Annotated[Priority, Depends(asked_priority)]
