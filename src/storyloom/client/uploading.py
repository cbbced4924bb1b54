"""Handing in a file as it is: streamed from where it lies, and not written as JSON."""

from collections.abc import Mapping
from pathlib import Path

import storyloom.client.operations as ops
from storyloom.client.bodies import given
from storyloom.client.forms import form_of
from storyloom.client.line import Line
from storyloom.work.schemas import PriorityName, Work, WorkKind


async def upload(  # noqa: PLR0913 - a form has the fields it has
    line: Line,
    kind: WorkKind,
    file: Path | bytes,
    name: str,
    *,
    asked: Mapping[str, object] | None = None,
    priority: PriorityName | None = None,
    labels: Mapping[str, str] | None = None,
) -> Work:
    """Make work of a file; raises as `Line.send` does, and `OSError` where it cannot be read."""
    fields = given(kind=kind, input=asked, priority=priority, labels=labels)
    return await line.ask(ops.CREATE_JOB, body=await form_of(fields, file, name))
