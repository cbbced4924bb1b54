"""The SwarmUI routes: parse, call one method, return.

No route takes anything that has a part in what is run: that comes from settings alone.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from storyloom.automation.errors import LaunchedTooSoon, NotStopped, SwarmUiFailed
from storyloom.automation.schemas import (
    SwarmLog,
    SwarmRefused,
    SwarmStarted,
    SwarmStatus,
    SwarmStopped,
)
from storyloom.automation.swarmui import SwarmUiService

MOST_LINES = 200
_FAILED, _TOO_SOON, _CONFLICT = 500, 429, 409
_RETRY_AFTER = {"description": "Seconds until the next launch", "schema": {"type": "string"}}
_START: dict[int | str, dict[str, Any]] = {
    _TOO_SOON: {
        "model": SwarmRefused,
        "description": "It was launched less than a minute ago",
        "headers": {"Retry-After": _RETRY_AFTER},
    },
    _FAILED: {"model": SwarmRefused, "description": "It did not start; `error` says why"},
}
_STOP: dict[int | str, dict[str, Any]] = {
    _CONFLICT: {"model": SwarmRefused, "description": "It is not ours, or it is generating"}
}
router = APIRouter(prefix="/api/v1/swarmui", tags=["swarmui"])


async def _swarmui(request: Request) -> SwarmUiService:
    return request.state.swarmui


SwarmUi = Annotated[SwarmUiService, Depends(_swarmui)]


@router.post("/start", response_model=SwarmStarted, responses=_START)
async def start_swarmui(swarmui: SwarmUi) -> SwarmStarted | JSONResponse:
    """Return when SwarmUI answers: one that runs is taken as it is, otherwise one is launched."""
    try:
        return await swarmui.start()
    except LaunchedTooSoon as fault:
        wait = {"Retry-After": f"{fault.retry_after_s:.0f}"}
        return _refused(fault.message, _TOO_SOON, wait)
    except SwarmUiFailed as fault:
        return _refused(fault.message, _FAILED)


@router.get("/status")
async def swarmui_status(swarmui: SwarmUi) -> SwarmStatus:
    """Tell how far SwarmUI is, what it has to do, and what it printed."""
    return await swarmui.status()


@router.get("/log")
async def swarmui_log(
    swarmui: SwarmUi,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES, description="How many lines")] = MOST_LINES,
) -> SwarmLog:
    """Tell the last lines that a SwarmUI printed which was launched here, without secrets."""
    return await swarmui.log(limit)


@router.post("/stop", response_model=SwarmStopped, responses=_STOP)
async def stop_swarmui(
    swarmui: SwarmUi,
    *,
    force: Annotated[bool, Query(description="Stop it also while it generates")] = False,
) -> SwarmStopped | JSONResponse:
    """End the SwarmUI that was launched here, its memory freed before."""
    try:
        return await swarmui.stop(force=force)
    except NotStopped as fault:
        return _refused(fault.message, _CONFLICT)


def _refused(error: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(SwarmRefused(error=error).model_dump(by_alias=True), status, headers)
