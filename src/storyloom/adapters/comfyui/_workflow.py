"""Workflows: graphs in ComfyUI's API format, as files with places to be filled.

A text that is nothing but `{{seed}}` becomes the value itself, `{{steps|24}}` the value or 24, and
`storyloom/{{work}}` a text with the value in it. The file is read as JSON first and filled
afterwards, so that a prompt stays a text whatever is written in it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue

from storyloom.errors import Misconfigured, Unsupported

SETTING = "STORYLOOM_COMFYUI_WORKFLOW"
_PLACE = re.compile(r"\{\{([a-z_]+)(?:\|([^{}]*))?\}\}")
_NEEDED = ("prompt", "seed")
_MAX_BYTES = 4 << 20
_API_FORMAT = "save it in ComfyUI with Export (API)"


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph with places; node ids and their nodes."""

    graph: Mapping[str, Any]
    names: frozenset[str]  #: of its places

    def filled(self, values: Mapping[str, JsonValue]) -> dict[str, Any]:
        """The graph with these values; raises `Unsupported` for a place that has none."""
        return {node: _filled(what, values) for node, what in self.graph.items()}


def load_workflow(file: Path | None) -> Workflow:
    """Read a workflow's file, or the usual one. It blocks; raises `Misconfigured`."""
    try:
        if file is None:
            text = files("storyloom.adapters.comfyui").joinpath("data", "txt2img.json").read_bytes()
        else:
            with file.open("rb") as opened:
                text = opened.read(_MAX_BYTES + 1)
        found: object = json.loads(text[: _MAX_BYTES + 1]) if len(text) <= _MAX_BYTES else None
    except (OSError, ValueError, RecursionError) as fault:
        raise _wrong(file, f"it cannot be read ({type(fault).__name__})") from fault
    return _checked(file, found)


def _checked(file: Path | None, found: object) -> Workflow:
    graph = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    nodes = [cast("dict[str, object]", n) for n in graph.values() if isinstance(n, dict)]
    if not nodes or len(nodes) != len(graph) or not all("class_type" in node for node in nodes):
        raise _wrong(file, f"it is no graph of nodes with a `class_type`: {_API_FORMAT}")
    names = frozenset(_names(graph))
    for name in _NEEDED:
        if name not in names:
            raise _wrong(file, f"it has no place {{{{{name}}}}}")
    return Workflow(graph, names)


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (found[1] for found in _PLACE.finditer(value))
    elif isinstance(value, list):
        for part in cast("list[object]", value):
            yield from _names(part)
    elif isinstance(value, dict):
        for part in cast("dict[str, object]", value).values():
            yield from _names(part)


def _filled(value: Any, values: Mapping[str, JsonValue]) -> Any:
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {name: _filled(part, values) for name, part in parts.items()}
    if isinstance(value, list):
        return [_filled(part, values) for part in cast("list[Any]", value)]
    if not isinstance(value, str):
        return value
    whole = _PLACE.fullmatch(value)
    if whole is not None:
        return _value(whole, values)
    return _PLACE.sub(lambda place: str(_value(place, values)), value)


def _value(place: re.Match[str], values: Mapping[str, JsonValue]) -> JsonValue:
    name, usual = place.groups()
    if name in values:
        return values[name]
    if usual is None:
        raise Unsupported(
            f"The workflow of ComfyUI wants a value for {name}, and none is given.",
            system="comfyui",
        )
    try:
        return json.loads(usual)
    except ValueError:
        return usual


def _wrong(file: Path | None, why: str) -> Misconfigured:
    return Misconfigured(f"{SETTING} names {file}: {why}.", setting=SETTING)
