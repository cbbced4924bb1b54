"""The tool that makes the pictures of a story."""
# ruff: noqa: PLR0913 - a tool has the parameters it has

from pathlib import PurePath
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from storyloom.automation.runs.starting import SCRIPT_LENGTH
from storyloom.cli.mcp import wishes as w
from storyloom.cli.mcp.desk import Desk
from storyloom.cli.mcp.schemas import Told
from storyloom.cli.sources import as_text
from storyloom.cli.story_options import AspectName, BackendName, StoryOptions
from storyloom.errors import InvalidInput

_MOST_BYTES = 4 * SCRIPT_LENGTH


class StoryTools:
    """The method's docstring is what a model is told."""

    def __init__(self, desk: Desk) -> None:
        """Take what all tools have at hand."""
        self._desk = desk

    async def story_run(
        self,
        context: Context[Any, Any],
        *,
        path: Annotated[
            str | None, Field(description="A script below the root, in Fountain or in prose")
        ] = None,
        script: Annotated[
            str | None, Field(description="The script itself, in place of a path")
        ] = None,
        title: Annotated[str, Field(max_length=300, description="The story's title")] = "",
        backend: Annotated[
            BackendName,
            Field(description="What makes the pictures; auto: the best that is configured"),
        ] = "auto",
        aspect: Annotated[AspectName, Field(description="The shape of the pictures")] = "cinematic",
        style: Annotated[str, Field(description="Words for every prompt, such as 35mm film")] = "",
        images: Annotated[int, Field(ge=1, le=8, description="Pictures of each beat")] = 1,
        stop_after: Annotated[
            Literal["beats", "prompts", "images"],
            Field(description="The last thing to be done"),
        ] = "images",
        output: Annotated[
            str | None,
            Field(description="The folder for the pictures, below the root. [NAME.story]"),
        ] = None,
        wait_s: w.WaitS = w.USUAL_WAIT_S,
    ) -> Annotated[CallToolResult, Told]:
        """Make all pictures of a story: a script goes in; beats, prompts and pictures are made.

        It may take minutes or hours and goes on by itself: job_status tells how far it is, and with
        an output writes the pictures. Answers with the report's headline and the first pictures.
        """
        text, stem = await self._script(path, script)
        keeping = await self._desk.folder(output or f"{stem}.story")
        options = StoryOptions(
            backend=backend, aspect=aspect, style=style, images=images, title=title
        )
        config = options.config | {"stopAfter": stop_after}
        server = await self._desk.service.server()
        accepted = await server.api.runs.start(script=text, title=title, config=config)
        return await self._desk.result(accepted.run_id, keeping, context, wait_s)

    async def _script(self, path: str | None, script: str | None) -> tuple[str, str]:
        if path is not None and script is None:
            raw = await self._desk.read(path, _MOST_BYTES)
            return as_text(raw), PurePath(path).stem
        if script is not None and path is None:
            return script, "story"
        raise InvalidInput("Give either path or script.")
