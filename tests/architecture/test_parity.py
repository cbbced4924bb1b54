"""Every operation of the API can be reached by the client, the command line and coding agents.

Or it stands here with the reason why not. A row that is missing, stale or wrong fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import anyio
import pytest
from typer.core import TyperGroup
from typer.main import get_command

from storyloom.api.application import create_app
from storyloom.cli.app import app
from storyloom.cli.mcp.desk import Desk
from storyloom.cli.mcp.service import Service
from storyloom.cli.mcp.tools import server_of
from storyloom.cli.places import Places
from storyloom.client.operations import OPERATIONS


@dataclass(frozen=True)
class Not:
    """It is not there, and why."""

    reason: str


@dataclass(frozen=True)
class Reach:
    """Where an operation is: a command, and a tool of agents. The client has a table of its own."""

    cli: str | Not
    mcp: str | Not


SAME = Not("`GET /livez` under another name, for older probes")
PROBE = Not("for probes of machines; people have `doctor`")
PROGRAM = Not("for a program that goes on holding what it took; a command ends at once")
OPERATOR = Not("for operators, and not for agents")
READER = Not("an agent reads what it has made, and nothing that others tell each other")
OWN_KIND = Not("each kind has a command of its own, which makes the same job")
SHOTS = Not("asked of one picture of a run while somebody looks at it: by the client or over HTTP")
CONFIG = Not("the defaults of an organisation are set once, by the client or over HTTP")
DETAIL = Not("`story_run` and `job_status` bring what an agent needs of a run")
STEER = Not("an agent starts and stops; pausing is for people who share the machine")
PAGE = Not("for the page in a browser; programs send their key with each request")
STREAM = Not("tools answer when there is something to tell, and report progress meanwhile")
LOOK = Not("for whoever looks at one job on a page; `jobs show` and `job_status` tell the rest")

EDITOR = Not("for whoever looks at a brand while it is edited: by a page, the client or over HTTP")

_BOARD = "/storyboard/jobs/{job_id}"
_RUNS = "/api/v1/automation/runs"
_RUN = f"{_RUNS}/{{run_id}}"
_SHOT = f"{_RUN}/shots/{{shot_id}}"
_SESSION = "/api/v1/session"
_ONE = f"{_SESSION}/{{session_timestamp}}"
_LEASES = "/api/v1/gpu/leases"
_SWARM = "/api/v1/swarmui"
_HOOK = "/v1/webhooks/{webhook_id}"
_JOB = "/v1/jobs/{job_id}"

PARITY = {
    "POST /storyboard/code": Reach("code", "code_to_storyboard"),
    "POST /storyboard/roadmap": Reach("roadmap", "roadmap_to_storyboard"),
    f"POST {_BOARD}/revise": Reach("revise", "revise_storyboard"),
    "GET /storyboard/jobs": Reach("jobs list", "list_jobs"),
    f"GET {_BOARD}": Reach("jobs show", "job_status"),
    f"GET {_BOARD}/image": Reach("code", "job_status"),
    "GET /storyboard/costs": Reach("costs", OPERATOR),
    "GET /storyboard/presets": Reach("presets", Not("the tools name what may be chosen")),
    "GET /v1/previews/board": Reach(EDITOR, Not("an agent makes the board itself")),
    "POST /v1/jobs": Reach(OWN_KIND, OWN_KIND),
    "GET /v1/jobs": Reach("jobs all", "list_jobs"),
    f"GET {_JOB}": Reach("jobs watch", "job_status"),
    f"GET {_JOB}/explain": Reach("jobs explain", "explain_job"),
    f"GET {_JOB}/cost": Reach("jobs cost", Not("`job_status` tells it with the result")),
    f"GET {_JOB}/timeline": Reach(LOOK, LOOK),
    f"GET {_JOB}/source": Reach(LOOK, LOOK),
    f"GET {_JOB}/evidence": Reach(LOOK, LOOK),
    f"POST {_JOB}/cancel": Reach("jobs cancel", "cancel_job"),
    f"POST {_JOB}/retry": Reach("jobs retry", Not("an agent makes another job")),
    f"GET {_JOB}/events": Reach("events follow", STREAM),
    "GET /v1/events": Reach("events list", STREAM),
    "GET /v1/queues": Reach("queues list", OPERATOR),
    "POST /v1/queues/{name}/pause": Reach("queues pause", OPERATOR),
    "POST /v1/queues/{name}/resume": Reach("queues resume", OPERATOR),
    "GET /api/v1/automation/config": Reach(CONFIG, CONFIG),
    "PUT /api/v1/automation/config": Reach(CONFIG, CONFIG),
    f"POST {_RUNS}": Reach(Not("`story` makes the same here"), "story_run"),
    f"GET {_RUNS}": Reach("runs list", "list_jobs"),
    f"POST {_RUNS}/preflight": Reach("runs preflight", DETAIL),
    f"GET {_RUN}": Reach("runs show", DETAIL),
    f"GET {_RUN}/report": Reach("runs show", "job_status"),
    f"POST {_RUN}/pause": Reach("runs pause", STEER),
    f"POST {_RUN}/resume": Reach("runs resume", STEER),
    f"POST {_RUN}/cancel": Reach("runs cancel", "cancel_job"),
    f"POST {_RUN}/retry": Reach("runs retry", STEER),
    f"GET {_SHOT}/image": Reach(SHOTS, "job_status"),
    f"POST {_SHOT}/cancel": Reach(SHOTS, SHOTS),
    f"POST {_SHOT}/regenerate": Reach("runs redraw", SHOTS),
    f"POST {_SHOT}/restore": Reach("runs restore", SHOTS),
    f"POST {_RUN}/exports": Reach("runs export", DETAIL),
    f"GET {_RUN}/exports": Reach("runs export", DETAIL),
    f"GET {_RUN}/exports/{{export_name}}": Reach("runs export", DETAIL),
    f"POST {_SESSION}/save": Reach("sessions save", READER),
    f"GET {_SESSION}/list": Reach("sessions list", READER),
    f"GET {_SESSION}/latest": Reach(Not("`sessions list` shows it first"), READER),
    f"GET {_ONE}": Reach("sessions show", READER),
    f"DELETE {_ONE}": Reach("sessions delete", READER),
    f"GET {_ONE}/prompts-status": Reach("sessions show", READER),
    f"POST {_ONE}/prompts": Reach("sessions prompts", READER),
    "POST /api/v1/trigger/beats-ready": Reach(
        Not("said by the service that has written the beats"), READER
    ),
    "GET /api/v1/notifications/check": Reach("notifications check", READER),
    "POST /api/v1/notifications/{notification_id}/ack": Reach("notifications ack", READER),
    "GET /api/v1/gpu/status": Reach("gpu", OPERATOR),
    f"GET {_LEASES}": Reach(PROGRAM, PROGRAM),
    f"POST {_LEASES}": Reach(PROGRAM, PROGRAM),
    f"PUT {_LEASES}/{{lease_id}}": Reach(PROGRAM, PROGRAM),
    f"DELETE {_LEASES}/{{lease_id}}": Reach(PROGRAM, PROGRAM),
    f"POST {_SWARM}/start": Reach("swarmui start", OPERATOR),
    f"GET {_SWARM}/status": Reach("swarmui status", OPERATOR),
    f"GET {_SWARM}/log": Reach("swarmui log", OPERATOR),
    f"POST {_SWARM}/stop": Reach("swarmui stop", OPERATOR),
    "GET /v1/webhooks": Reach("webhooks list", OPERATOR),
    "POST /v1/webhooks": Reach("webhooks add", OPERATOR),
    f"GET {_HOOK}": Reach("webhooks list", OPERATOR),
    f"PATCH {_HOOK}": Reach("webhooks enable", OPERATOR),
    f"DELETE {_HOOK}": Reach("webhooks remove", OPERATOR),
    f"POST {_HOOK}/test": Reach("webhooks test", OPERATOR),
    f"POST {_HOOK}/rotate": Reach("webhooks rotate", OPERATOR),
    f"GET {_HOOK}/deliveries": Reach("webhooks deliveries", OPERATOR),
    f"GET {_HOOK}/deliveries/{{delivery_id}}": Reach("webhooks deliveries", OPERATOR),
    f"POST {_HOOK}/deliveries/{{delivery_id}}/replay": Reach("webhooks replay", OPERATOR),
    "GET /v1/keys": Reach("keys list", OPERATOR),
    "POST /v1/keys": Reach("keys create", OPERATOR),
    "DELETE /v1/keys/{key_id}": Reach("keys revoke", OPERATOR),
    "GET /v1/session": Reach(PAGE, PAGE),
    "POST /v1/session": Reach(PAGE, PAGE),
    "DELETE /v1/session": Reach(PAGE, PAGE),
    "GET /v1/doctor": Reach("doctor", OPERATOR),
    "GET /healthz": Reach(PROBE, PROBE),
    "GET /livez": Reach(PROBE, PROBE),
    "GET /readyz": Reach("doctor", PROBE),
    "GET /version": Reach(PROBE, PROBE),
}
#: What the client goes without.
NOT_IN_CLIENT = {
    "GET /healthz": SAME,
    "GET /v1/session": PAGE,
    "POST /v1/session": PAGE,
    "DELETE /v1/session": PAGE,
}


@cache
def operations() -> frozenset[str]:
    paths: dict[str, dict[str, Any]] = create_app().openapi()["paths"]
    return frozenset(
        f"{method.upper()} {path}" for path, methods in paths.items() for method in methods
    )


def commands(group: TyperGroup, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


def test_every_operation_has_its_row_and_no_other() -> None:
    assert set(PARITY) == operations()


def test_the_client_asks_for_every_operation() -> None:
    asked = {f"{one.method} {one.path}" for one in OPERATIONS.values()}

    assert asked | set(NOT_IN_CLIENT) == operations()
    assert not asked & set(NOT_IN_CLIENT)


def test_every_command_that_is_named_is_there() -> None:
    root = get_command(app)
    assert isinstance(root, TyperGroup)

    named = {reach.cli for reach in PARITY.values() if isinstance(reach.cli, str)}

    assert named - set(commands(root)) == set()


def test_every_tool_is_named_and_is_there(tmp_path: Path) -> None:
    def opens() -> Any:
        raise AssertionError

    tools = anyio.run(server_of(Desk(Service(opens), Places(tmp_path))).list_tools)

    named = {reach.mcp for reach in PARITY.values() if isinstance(reach.mcp, str)}

    assert named == {tool.name for tool in tools}


@pytest.mark.parametrize("name", sorted(PARITY))
def test_what_is_not_there_has_a_reason(name: str) -> None:
    reach = PARITY[name]

    assert all(isinstance(one, str) or one.reason for one in (reach.cli, reach.mcp))
