"""The routes of queues, for operators: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from storyloom.jobs.queues import Queues
from storyloom.jobs.schemas import QueueState
from storyloom.work.schemas import QueueList

_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such queue"}}
router = APIRouter(
    prefix="/v1/queues",
    tags=["queues"],
    responses={503: {"description": "A store is away for now"}},
)


async def _queues(request: Request) -> Queues:
    return request.state.works.queues


AllQueues = Annotated[Queues, Depends(_queues)]


@router.get("")
async def list_queues(queues: AllQueues) -> QueueList:
    """List the queues, and which of them are paused."""
    return QueueList(data=await queues.all())


@router.post("/{name}/pause", responses=_NOT_FOUND)
async def pause_queue(name: str, queues: AllQueues) -> QueueState:
    """Let nothing more of a queue begin, also after a restart; what runs goes on."""
    return await queues.pause(name)


@router.post("/{name}/resume", responses=_NOT_FOUND)
async def resume_queue(name: str, queues: AllQueues) -> QueueState:
    """Let a queue go on."""
    return await queues.resume(name)
