"""Turns a query's matches into facts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import tree_sitter

from storyloom.adapters.treesitter._parse import Matches
from storyloom.storyboard.code.facts import MAX_DEFINITIONS, Definition, Kind, Remark, Route
from storyloom.storyboard.code.languages import Language

_KINDS = {
    "type": Kind.TYPE,
    "scope": Kind.TYPE,
    "function": Kind.FUNCTION,
    "constant": Kind.CONSTANT,
    "table": Kind.TABLE,
    "view": Kind.VIEW,
}
_SCREENS = frozenset({"react", "preact", "solid-js", "react-native"})
_MAX_ITEMS = 2_000
_LONGEST_TEXT = 120
_LONGEST_TAKES = 160
_ROUTE = re.compile(
    r"(?:^|[^A-Za-z])(?:http)?(get|post|put|patch|delete|all|handle|handlefunc|route(?!::)|websocket|request|any"
    r"|api_route)(?:mapping)?[ \t]{0,4}\(?[^\"'/]{0,80}[\"'](?:[A-Z]{3,7} )?(/[^\"'\s]{0,120})[\"']",
    re.IGNORECASE,
)
_QUOTES = "\"'`<>"
_STRING_PREFIX = re.compile(r"^[rRuUbBfF]{0,2}(\"\"\"|'''|\"|')")


@dataclass(slots=True)
class Found:
    """What has been gathered from the matches so far."""

    definitions: list["Sighting"] = field(default_factory=list["Sighting"])
    imports: dict[str, None] = field(default_factory=dict[str, None])
    routes: list[Route] = field(default_factory=list[Route])
    texts: dict[str, None] = field(default_factory=dict[str, None])
    checks: set[int] = field(default_factory=set[int])
    concurrent: set[int] = field(default_factory=set[int])
    exported: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    exported_names: set[str] = field(default_factory=set[str])
    hidden_below: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    doc: Remark | None = None
    package_line: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A definition as the tree shows it, before owners and visibility are known."""

    kind: Kind
    is_scope: bool
    name: str
    start: int
    end: int
    first_line: int
    last_line: int
    head: str
    owner: str
    doc: str
    takes: str


def gathered(matches: Matches, data: bytes) -> Found:
    """Sort the matches' captures into kinds; what lies in a part to be ignored is left out."""
    found = Found()
    ignored = [one["ignored"][0] for _, one in matches if "ignored" in one]
    for _, captures in matches:
        first = next(iter(captures.values()))[0]
        if any(one.start_byte <= first.start_byte < one.end_byte for one in ignored):
            continue
        label = next((one for one in captures if one in _KINDS), "")
        if label:
            found.definitions.append(_sighting(label, captures, data))
        else:
            _note(found, captures)
    return found


def _sighting(label: str, captures: dict[str, list[tree_sitter.Node]], data: bytes) -> Sighting:
    node, name = captures[label][0], captures["name"][-1]
    head = data[node.start_byte : name.start_byte][-400:].decode("utf-8", "replace")
    doc = _text(captures["doc"][0]) if "doc" in captures else ""
    return Sighting(
        kind=_KINDS[label],
        is_scope=label == "scope",
        name=_text(name).strip(_QUOTES)[:_LONGEST_TEXT],
        start=node.start_byte,
        end=node.end_byte,
        first_line=node.start_point.row + 1,
        last_line=max(node.start_point.row + 1, node.end_point.row + (node.end_point.column > 0)),
        head=head,
        owner=_text(captures["owner"][0]).lstrip("*&") if "owner" in captures else "",
        doc=unquoted(doc),
        takes=_parameters(data[name.end_byte : name.end_byte + _LONGEST_TAKES]),
    )


def _parameters(tail: bytes) -> str:
    """Give what stands between the brackets after a name."""
    opened, _, rest = tail.decode("utf-8", "replace").partition("(")
    return rest.partition(")")[0] if not opened.strip() else ""


def _note(found: Found, captures: dict[str, list[tree_sitter.Node]]) -> None:
    for label, nodes in captures.items():
        node = nodes[0]
        line = node.start_point.row + 1
        if label == "import":
            found.imports.setdefault(_text(node)[:_LONGEST_TEXT].strip("\"'` "))
        elif label in {"check", "async"}:
            (found.checks if label == "check" else found.concurrent).add(line)
        elif label == "text" and len(found.texts) < _MAX_ITEMS:
            found.texts.setdefault(_text(node)[:_LONGEST_TEXT].strip(_QUOTES))
        elif label == "route" and (hit := _ROUTE.search(_text(node)[:400])):
            found.routes.append(Route(hit[1].upper(), hit[2], line))
        else:
            _note_rare(found, label, node, line)


def _note_rare(found: Found, label: str, node: tree_sitter.Node, line: int) -> None:
    if label == "exported":
        found.exported.append((node.start_byte, node.end_byte))
    elif label == "exported_name":
        found.exported_names.add(_text(node))
    elif label == "hidden_below" and node.parent is not None:
        found.hidden_below.append((node.start_byte, node.parent.end_byte))
    elif label == "module_doc":
        found.doc = Remark(unquoted(_text(node)), line, node.end_point.row + 1)
    elif label == "package":
        found.package_line = line


def resolved(found: Found, language: Language) -> Iterator[Definition]:
    """Give the definitions with their owners, without those inside of functions."""
    stack: list[Sighting] = []
    seen: set[tuple[int, str]] = set()
    draws = language.draws or not found.imports.keys().isdisjoint(_SCREENS)
    for one in sorted(found.definitions, key=lambda one: (one.start, -one.end))[:MAX_DEFINITIONS]:
        if draws and _is_component(one):
            one = replace(one, kind=Kind.COMPONENT)  # noqa: PLW2901 - what it is after all
        while stack and stack[-1].end <= one.start:
            stack.pop()
        inside = stack[-1] if stack else None
        if (one.start, one.name) in seen or (inside and inside.kind is Kind.FUNCTION):
            continue
        seen.add((one.start, one.name))
        stack.append(one)
        if not one.is_scope:
            yield _definition(one, inside, found, language)


def _is_component(one: Sighting) -> bool:
    return one.kind is Kind.FUNCTION and one.name[:1].isupper() and not one.name.isupper()


def _definition(
    one: Sighting, inside: Sighting | None, found: Found, language: Language
) -> Definition:
    scope, _, name = one.name.rpartition("::")
    owner = one.owner or scope or (inside.name if inside else "")
    is_method = one.kind is Kind.FUNCTION and bool(owner)
    # What a component does is seen wherever the component is.
    seen = inside if inside and inside.kind is Kind.COMPONENT else one
    return Definition(
        kind=Kind.METHOD if is_method else one.kind,
        name=name,
        first_line=one.first_line,
        last_line=one.last_line,
        owner=owner.rpartition("::")[2],
        doc=one.doc,
        takes=one.takes,
        public=_is_public(seen, seen.name.rpartition("::")[2], found, language),
    )


def _is_public(one: Sighting, name: str, found: Found, language: Language) -> bool:
    head = set(re.findall(r"\w+|#", one.head[-200:]))
    if name.startswith(("_", "#")) or head.intersection(language.hidden):
        return False
    if language.shown and not head.intersection(language.shown):
        return False
    if language.name == "Go" and not name[:1].isupper():
        return False
    if any(start < one.start < end for start, end in found.hidden_below):
        return False
    exports = found.exported or found.exported_names
    return not exports or name in found.exported_names or _is_inside(one, found.exported)


def _is_inside(one: Sighting, ranges: list[tuple[int, int]]) -> bool:
    return any(start <= one.start and one.end <= end for start, end in ranges)


def unquoted(literal: str) -> str:
    """Take the quotes off a docstring."""
    hit = _STRING_PREFIX.match(literal)
    return literal[hit.end() :].removesuffix(hit[1]) if hit else literal


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
