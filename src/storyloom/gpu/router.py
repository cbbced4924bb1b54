"""The GPU route: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from storyloom.gpu.schemas import GpuStatus
from storyloom.gpu.status import GpuService

_FAILED = 500
_RESPONSES: dict[int | str, dict[str, Any]] = {
    _FAILED: {
        "model": GpuStatus,
        "description": "nvidia-smi is missing, failed or hung; `error` says which",
    }
}
router = APIRouter(prefix="/api/v1/gpu", tags=["gpu"])


async def _gpu(request: Request) -> GpuService:
    return request.state.gpu


@router.get("/status", responses=_RESPONSES)
async def gpu_status(response: Response, gpu: Annotated[GpuService, Depends(_gpu)]) -> GpuStatus:
    """Tell whether a GPU is available here, how busy it is and how hot. Five seconds old at most."""
    answer = await gpu.status()
    if answer.failed:
        response.status_code = _FAILED
    return answer.status
