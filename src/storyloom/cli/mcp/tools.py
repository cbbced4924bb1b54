"""All tools on one server, and their errors as sentences that a model can act on."""

from collections.abc import Awaitable, Callable
from functools import wraps
from importlib.metadata import version
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, ToolAnnotations

from storyloom.cli.faults import unexpected
from storyloom.cli.mcp.desk import Desk
from storyloom.cli.mcp.jobs import JobTools
from storyloom.cli.mcp.stories import StoryTools
from storyloom.cli.mcp.storyboards import StoryboardTools
from storyloom.cli.wording import sentence_of
from storyloom.errors import StoryloomError

_INSTRUCTIONS = """\
Storyloom turns source material into finished pictures. code_to_storyboard and \
roadmap_to_storyboard draw one page that an executive understands; revise_storyboard changes its \
words, audience or shape without asking a model; story_run makes all pictures of a script. Every \
one answers with a job_id. A job that takes longer than wait_s goes on: ask job_status. \
Files are read and written only below {root}."""

Tool = Callable[..., Awaitable[CallToolResult]]
_MAKES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False)
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
#: It writes only where it is told to.
_LOOKS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True)
_STOPS = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True)


def server_of(desk: Desk) -> MCPServer[Any]:
    """The MCP server with its ten tools."""
    server: MCPServer[Any] = MCPServer(
        "storyloom",
        title="Storyloom",
        version=version("storyloom"),
        instructions=_INSTRUCTIONS.format(root=desk.places.root),
        log_level="WARNING",
    )
    boards, stories, jobs = StoryboardTools(desk), StoryTools(desk), JobTools(desk)
    tools: list[tuple[Tool, str, ToolAnnotations]] = [
        (boards.code_to_storyboard, "Storyboard from code", _MAKES),
        (boards.roadmap_to_storyboard, "Storyboard from a roadmap", _MAKES),
        (boards.revise_storyboard, "Revise a storyboard", _MAKES),
        (stories.story_run, "Pictures of a story", _MAKES),
        (jobs.job_status, "How far a job is", _LOOKS),
        (jobs.list_jobs, "List jobs", _READS),
        (jobs.cancel_job, "Cancel a job", _STOPS),
        (jobs.retry_job, "Try a job again", _MAKES),
        (jobs.explain_job, "Why a job is where it is", _READS),
        (boards.list_presets, "What wishes may name", _READS),
    ]
    for tool, title, annotations in tools:
        server.add_tool(_told(tool), title=title, annotations=annotations)
    return server


def _told(tool: Tool) -> Tool:
    """The tool, whose errors a model is told in a sentence, with the code for programs."""

    @wraps(tool)
    async def told(*args: Any, **given: Any) -> CallToolResult:
        try:
            return await tool(*args, **given)
        except StoryloomError as fault:
            raise _error(fault) from fault
        except Exception as fault:
            raise _error(unexpected(fault)) from fault

    return told


def _error(fault: StoryloomError) -> ToolError:
    # Options of the command line are parameters here.
    sentence = sentence_of(fault).removeprefix("--")
    return ToolError(f"{sentence} ({fault.code})")
