"""The routes about the defaults of runs: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from storyloom.access.callers import Org
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.defaults import RunDefaults

_AWAY: dict[int | str, dict[str, Any]] = {
    503: {
        "description": "The store of defaults is away for now",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["detail"],
                    "properties": {"detail": {"type": "string"}, "code": {"type": "string"}},
                }
            }
        },
    }
}
router = APIRouter(prefix="/api/v1/automation", tags=["automation"], responses=_AWAY)


async def _defaults(request: Request) -> RunDefaults:
    return request.state.run_defaults


Defaults = Annotated[RunDefaults, Depends(_defaults)]


@router.get("/config")
async def run_config(defaults: Defaults, org: Org) -> RunConfig:
    """Tell what holds for a run that does not say otherwise."""
    return await defaults.of(org)


@router.put("/config")
async def choose_run_config(config: RunConfig, defaults: Defaults, org: Org) -> RunConfig:
    """Replace what holds for runs from now on; what is left out is as it was delivered."""
    return await defaults.choose(org, config)
