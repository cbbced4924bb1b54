"""The house rules that no linter knows."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from storyloom import errors

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "storyloom"
SOURCES = sorted(SRC.rglob("*.py"))
MAX_BODY_LINES = 40
# `uvicorn storyloom.api:app` is a documented command, so this one has to hold the name.
# `storyloom.client` is a library, and people import it by that name.
FACADES = {SRC / "api" / "__init__.py", SRC / "client" / "__init__.py"}


def _name(path: Path) -> str:
    return str(path.relative_to(SRC))


@cache
def _trees() -> dict[str, ast.Module]:
    return {_name(path): ast.parse(path.read_text("utf-8")) for path in SOURCES}


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, tree in _trees().items() if not ast.get_docstring(tree)] == []


def test_function_bodies_are_short() -> None:
    long = [
        (name, node.name)
        for name, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.body[0].lineno + 1 > MAX_BODY_LINES
    ]

    assert long == []


def test_package_files_hold_one_docstring() -> None:
    packages = {_name(p) for p in SOURCES if p.name == "__init__.py" and p not in FACADES}

    assert [name for name in sorted(packages) if len(_trees()[name].body) != 1] == []


def _ports() -> set[str]:
    return {
        node.name
        for path in SRC.rglob("ports.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def test_an_adapter_exists_for_a_port_and_is_named_after_it() -> None:
    ports = {_snake(name) for name in _ports()}
    adapters = {p.stem for p in SRC.glob("adapters/*/*.py") if not p.stem.startswith("_")}

    assert adapters <= ports, "name the file after its port, or start it with an underscore"


def test_ports_are_small() -> None:
    big = [
        node.name
        for path in SRC.rglob("ports.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
        and sum(isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) for n in node.body) > 8
    ]

    assert big == []


@pytest.mark.parametrize(
    "port",
    [
        "JobArchive",
        "JobStatistics",
        "HotJobs",
        "Engine",
        "QueueStatistics",
        "WorkerRegistry",
        "ImageStore",
        "ImageBackend",
        "BoardRenderer",
        "SheetRenderer",
        "FilmMaker",
        "CodeReader",
        "TextReader",
        "Tracer",
        "GpuProbe",
        "EnginePrograms",
        "SwarmApi",
        "SwarmLauncher",
        "LaunchLock",
        "SessionStore",
        "NotificationStore",
        "KeyStore",
        "RateCounter",
        "MemoryStatistics",
        "Ledger",
        "EventLog",
        "EventBus",
        "WebhookStore",
        "DeliveryStore",
        "DeliveryTurn",
        "WebhookSender",
    ],
)
def test_every_port_has_a_contract_suite(port: str) -> None:
    assert port in _ports()
    assert (ROOT / "tests" / "contracts" / f"test_{_snake(port)}.py").exists()


def test_error_codes_are_unique() -> None:
    codes = Counter(
        cls.code
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, errors.StoryloomError)
    )

    assert max(codes.values()) == 1


def test_every_error_is_in_the_drawn_tree() -> None:
    drawn = errors.__doc__ or ""
    names = [n for n, c in vars(errors).items() if isinstance(c, type)]

    assert [n for n in names if n not in drawn] == []
