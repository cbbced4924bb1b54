"""The GPU routes: parse, call one method, return."""

from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from storyloom.access.callers import Org
from storyloom.gpu.errors import GpuHeld
from storyloom.gpu.lease_bodies import (
    GpuIsHeld,
    HeldLease,
    LeaseGrant,
    LeaseList,
    LeaseRenewal,
    LeaseRequest,
    LeaseView,
)
from storyloom.gpu.leases import GpuLeases
from storyloom.gpu.schemas import Claim, GpuStatus
from storyloom.gpu.status import GpuService

_FAILED, _CONFLICT = 500, 409
_RESPONSES: dict[int | str, dict[str, Any]] = {
    _FAILED: {
        "model": GpuStatus,
        "description": "nvidia-smi is missing, failed or hung; `error` says which",
    }
}
_DETAIL: dict[str, Any] = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string"}, "code": {"type": "string"}},
            }
        }
    }
}
_AWAY: dict[int | str, dict[str, Any]] = {
    503: {"description": "The store of leases is away for now", **_DETAIL}
}
_HELD: dict[int | str, dict[str, Any]] = {
    _CONFLICT: {
        "model": GpuIsHeld,
        "description": "Somebody else holds it; `lease` tells until when",
        "headers": {
            "Retry-After": {
                "description": "Seconds until their lease ends, unless they renew it",
                "schema": {"type": "string"},
            }
        },
    }
}
_NOT_YOURS: dict[int | str, dict[str, Any]] = {
    404: {
        "description": "There is no such lease, it was released, the GPU was granted to another "
        "since, or this is not its token",
        **_DETAIL,
    }
}
_LOST: dict[int | str, dict[str, Any]] = {
    _CONFLICT: {"description": "It has expired: another may hold the GPU now", **_DETAIL}
}
router = APIRouter(prefix="/api/v1/gpu", tags=["gpu"])


async def _gpu(request: Request) -> GpuService:
    return request.state.gpu


async def _leases(request: Request) -> GpuLeases:
    return request.state.gpu_leases


Leases = Annotated[GpuLeases, Depends(_leases)]
LeaseId = Annotated[str, Path(description="As it was granted")]
Token = Annotated[
    str, Header(alias="X-Lease-Token", max_length=200, description="The token of the lease")
]


@router.get("/status", responses=_RESPONSES)
async def gpu_status(response: Response, gpu: Annotated[GpuService, Depends(_gpu)]) -> GpuStatus:
    """Tell whether a GPU is available here, how busy it is and how hot. Five seconds old at most."""
    answer = await gpu.status()
    if answer.failed:
        response.status_code = _FAILED
    return answer.status


@router.get("/leases", responses=_AWAY)
async def list_leases(leases: Leases, org: Org) -> LeaseList:
    """Tell who holds which GPU. Of other organisations only that they do."""
    held = await leases.current()
    return LeaseList(leases=tuple(LeaseView.of(one, org) for one in held))


@router.post("/leases", status_code=201, response_model=LeaseGrant, responses=_HELD | _AWAY)
async def acquire_lease(
    body: LeaseRequest, leases: Leases, org: Org, response: Response
) -> LeaseGrant | JSONResponse:
    """Take a GPU for oneself, as runs do: before something heavy is begun on it.

    This keeps out those who ask for a lease, and nobody else.
    """
    claim = Claim(body.resource, org, body.holder)
    try:
        granted = await leases.acquire(claim, ttl_s=body.ttl_seconds)
    except GpuHeld as fault:
        return _is_held(fault, org)
    response.headers["Cache-Control"] = "no-store"
    return LeaseGrant.granted(granted.lease, granted.token)


@router.put("/leases/{lease_id}", responses=_NOT_YOURS | _LOST | _AWAY)
async def renew_lease(
    *, lease_id: LeaseId, token: Token, leases: Leases, org: Org, body: LeaseRenewal | None = None
) -> HeldLease:
    """Let a lease last so long from now on. To be done three times before it ends."""
    ttl_s = None if body is None else body.ttl_seconds
    return HeldLease.of(await leases.renew(lease_id, token, org_id=org, ttl_s=ttl_s))


@router.delete("/leases/{lease_id}", status_code=204, responses=_NOT_YOURS | _AWAY)
async def release_lease(lease_id: LeaseId, token: Token, leases: Leases, org: Org) -> None:
    """Give a GPU back. One that is no longer held is no error."""
    await leases.release(lease_id, token, org_id=org)


def _is_held(fault: GpuHeld, org_id: str) -> JSONResponse:
    answer = GpuIsHeld(detail=fault.message, code=fault.code, lease=LeaseView.of(fault.by, org_id))
    wait_s = max(1, ceil(fault.by.left_s))
    return JSONResponse(
        answer.model_dump(by_alias=True, mode="json"), _CONFLICT, {"Retry-After": str(wait_s)}
    )
