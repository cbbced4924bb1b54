"""Every operation of the API can be reached by the client, the command line and coding agents.

Or it stands in `parity.py` with the reason why not, for this operation and this face alone. A row that
is missing, stale or wrong fails.
"""

from collections.abc import Iterator
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
from tests.architecture.parity import PARITY, Not
from tests.client.calling import asked_by
from tests.client.test_document import operation_of


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


def by_path(name: str) -> tuple[str, str]:
    method, _, path = name.partition(" ")
    return path, method


def named(face: str) -> frozenset[str]:
    return frozenset(
        one for reach in PARITY.values() if isinstance(one := getattr(reach, face), str)
    )


def reasons() -> list[str]:
    faces = (face for reach in PARITY.values() for face in (reach.client, reach.cli, reach.mcp))
    return [face.reason for face in faces if isinstance(face, Not)]


def test_every_operation_has_its_row_and_no_other() -> None:
    assert set(PARITY) == operations()


def test_rows_stand_in_their_order() -> None:
    assert list(PARITY) == sorted(PARITY, key=by_path)


def test_the_client_asks_for_what_its_table_has() -> None:
    asked = {f"{one.method} {one.path}" for one in OPERATIONS.values()}

    assert asked == {name for name, reach in PARITY.items() if isinstance(reach.client, str)}


@pytest.mark.parametrize("name", [name for name in PARITY if isinstance(PARITY[name].client, str)])
def test_the_method_that_is_named_asks_for_it(name: str) -> None:
    request = anyio.run(asked_by, str(PARITY[name].client))

    assert f"{request.method} {operation_of(request)[0]}" == name


def test_every_command_that_is_named_is_there() -> None:
    root = get_command(app)
    assert isinstance(root, TyperGroup)

    assert named("cli") - set(commands(root)) == set()


def test_every_tool_is_named_and_is_there(tmp_path: Path) -> None:
    def opens() -> Any:
        raise AssertionError

    tools = anyio.run(server_of(Desk(Service(opens), Places(tmp_path))).list_tools)

    assert named("mcp") == {tool.name for tool in tools}


def test_each_exception_has_a_reason_of_its_own() -> None:
    said = reasons()

    assert [one for one in said if len(one.split()) < 4] == []
    assert len(said) == len(set(said))
