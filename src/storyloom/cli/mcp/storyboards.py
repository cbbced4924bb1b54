"""The tools that make storyboards."""
# ruff: noqa: PLR0913 - a tool has the parameters it has

from base64 import b64encode
from pathlib import PurePath
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from storyloom.cli.mcp import wishes as w
from storyloom.cli.mcp.desk import Desk, Keeping
from storyloom.cli.mcp.following import known
from storyloom.cli.mcp.results import plain
from storyloom.cli.mcp.schemas import Told
from storyloom.cli.sources import as_text
from storyloom.cli.wording import one_line
from storyloom.client import operations as ops
from storyloom.client.bodies import given
from storyloom.client.line import Names
from storyloom.client.operations import Operation
from storyloom.errors import InvalidInput
from storyloom.storyboard.schemas import (
    MAX_IMAGE_BYTES,
    MAX_SOURCE_BYTES,
    JobAccepted,
    PresetList,
)

Answer = Annotated[CallToolResult, Told]
_FOLDER = "storyboards"


class StoryboardTools:
    """One method for each tool; its docstring is what a model is told."""

    def __init__(self, desk: Desk) -> None:
        """Take what all tools have at hand."""
        self._desk = desk

    async def list_presets(self) -> Annotated[CallToolResult, PresetList]:
        """List what audience, stage and icp may be, those of the operator included."""
        server = await self._desk.service.server()
        found = await server.api.storyboards.presets()
        groups = {"icp": found.icp_presets, "stage": found.stages, "audience": found.audiences}
        lines = [
            f"{name} {one.key}: {one_line(one.description)}"
            for name, presets in groups.items()
            for one in presets
        ]
        return plain("\n".join(lines), found)

    async def code_to_storyboard(
        self,
        context: Context[Any, Any],
        *,
        path: Annotated[
            str | None, Field(description="A code file below the root, at most 256 KiB")
        ] = None,
        content: Annotated[
            str | None, Field(description="The code itself, in place of a path; give a name too")
        ] = None,
        name: Annotated[
            str | None,
            Field(
                description="The name of what content holds, such as roi.py: it tells the language"
            ),
        ] = None,
        audience: w.Audience = None,
        stage: w.Stage = None,
        icp: w.Icp = None,
        headline: w.Headline = None,
        page_format: w.PageFormat = None,
        render: w.Render = None,
        output: w.Output = None,
        wait_s: w.WaitS = w.USUAL_WAIT_S,
    ) -> Answer:
        """Draw a one-page storyboard that says what a code file does for a business.

        For managers and customers who do not read code. Answers with the understanding (headline,
        what it does, its value, who benefits), the picture, and the path of the file that was
        written: `output`, else storyboards/NAME.storyboard.png. Secrets in the code are taken out.
        """
        text, called = await self._source(path, content, name)
        chosen = given(
            audience=audience,
            stage=stage,
            icp_preset=icp,
            custom_headline=headline,
            format=page_format,
            render=render,
        )
        keeping = await self._keeping(output, called)
        body = chosen | {"file_content": text, "file_name": called}
        return await self._made(
            ops.CREATE_FROM_CODE, body, keeping=keeping, context=context, wait_s=wait_s
        )

    async def roadmap_to_storyboard(
        self,
        context: Context[Any, Any],
        *,
        path: Annotated[
            str, Field(description="A screenshot below the root: PNG, JPEG, WebP or GIF, 10 MiB")
        ],
        sanitize: Annotated[
            bool,
            Field(description="Keep names, dates, prices, versions and code names out of it"),
        ] = True,
        audience: w.Audience = None,
        stage: w.Stage = None,
        icp: w.Icp = None,
        headline: w.Headline = None,
        page_format: w.PageFormat = None,
        render: w.Render = None,
        output: w.Output = None,
        wait_s: w.WaitS = w.USUAL_WAIT_S,
    ) -> Answer:
        """Draw a one-page storyboard from the screenshot of a roadmap.

        Answers as code_to_storyboard does.
        """
        raw = await self._desk.read(path, MAX_IMAGE_BYTES)
        chosen = given(
            audience=audience,
            stage=stage,
            icp_preset=icp,
            custom_headline=headline,
            format=page_format,
            render=render,
        )
        keeping = await self._keeping(output, PurePath(path).name)
        body = chosen | {"image_data": b64encode(raw).decode(), "sanitize_ip": sanitize}
        return await self._made(
            ops.CREATE_FROM_ROADMAP, body, keeping=keeping, context=context, wait_s=wait_s
        )

    async def revise_storyboard(
        self,
        context: Context[Any, Any],
        *,
        job_id: w.JobName,
        audience: w.Audience = None,
        stage: w.Stage = None,
        icp: w.Icp = None,
        headline: w.Headline = None,
        found_headline: Annotated[
            bool, Field(description="The headline that was found, in place of one of your own")
        ] = False,
        wording: Annotated[
            dict[str, str] | None,
            Field(description="Your own words for fields of the understanding, by their names"),
        ] = None,
        page_format: w.PageFormat = None,
        render: w.Render = None,
        new_art: Annotated[
            bool, Field(description="Ask an image model for another picture; it costs one call")
        ] = False,
        output: w.Output = None,
        wait_s: w.WaitS = w.USUAL_WAIT_S,
    ) -> Answer:
        """Make another storyboard from a finished one: other words, audience or shape.

        What is left out stays as it was. No language model is asked: for another audience, stage or
        icp, rules write the words anew where they wrote them before, and a model's words stay.
        Answers as code_to_storyboard does, with a job_id of its own.
        """
        if headline is not None and found_headline:
            raise InvalidInput("Give either headline or found_headline.")
        body = given(
            audience=audience,
            stage=stage,
            icp_preset=icp,
            custom_headline=headline,
            format=page_format,
            render=render,
        )
        body |= {"custom_headline": None} if found_headline else {}
        body |= {"new_art": True} if new_art else {}
        body |= {"wording": dict(wording)} if wording else {}
        keeping = await self._keeping(output, f"revision-{PurePath(job_id).name[:8]}")
        names = {"job_id": known(job_id)}
        return await self._made(
            ops.REVISE, body, names, keeping=keeping, context=context, wait_s=wait_s
        )

    async def _made(
        self,
        operation: Operation[JobAccepted],
        body: dict[str, object],
        names: Names | None = None,
        *,
        keeping: Keeping,
        context: Context[Any, Any],
        wait_s: float,
    ) -> CallToolResult:
        server = await self._desk.service.server()
        accepted = await server.api.line.ask(operation, names, body=body)
        return await self._desk.result(accepted.job_id, keeping, context, wait_s)

    async def _source(
        self, path: str | None, content: str | None, name: str | None
    ) -> tuple[str, str]:
        if path is not None and content is None:
            raw = await self._desk.read(path, MAX_SOURCE_BYTES)
            return as_text(raw), name or PurePath(path).name
        if content is not None and path is None:
            return content, name or "code.txt"
        raise InvalidInput("Give either path or content.")

    async def _keeping(self, output: str | None, called: str) -> Keeping:
        stem = PurePath(PurePath(called).name).stem or "code"
        return await self._desk.file(output or f"{_FOLDER}/{stem}.storyboard.png")
