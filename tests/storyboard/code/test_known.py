"""Files of convention."""

import pytest

from storyloom.storyboard.capabilities import Capabilities
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.known import known_file, known_kinds


def facts(*names: str) -> CodeFacts:
    return CodeFacts("", 9, definitions=tuple(Definition(Kind.KEY, name, 1, 1) for name in names))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Dockerfile", "The program, packed to run anywhere"),
        ("shop/docker-compose.yml", "Every part of the system, started together"),
        ("package.json", "What the program is built from"),
        ("requirements-dev.txt", "What the program is built from"),
        ("LICENSE.md", "The terms of use"),
        ("uv.lock", "The exact version of every part"),
        ("__init__.py", "The way into a larger program"),
        ("robots.txt", "What search engines may visit"),
        ("Procfile", "What is started, and how"),
        ("VERSION", "Which version is in use"),
        ("shell.nix", "What the program is built from"),
        ("CMakeLists.txt", "How the program is put together"),
    ],
)
def test_a_name_of_convention_tells_what_a_file_is_for(name: str, title: str) -> None:
    known = known_file(facts(), name)

    assert known is not None
    assert known.title == title


@pytest.mark.parametrize(
    "name",
    ["license_manager.py", "licenses.go", "copying_machine.js", "compose_letter.yml", "requirements of doors.txt"],
)  # fmt: skip
def test_a_name_that_only_begins_like_one_of_convention_is_none(name: str) -> None:
    assert known_file(facts("send_invoice"), name) is None


def test_code_that_has_the_names_of_keys_is_no_settings() -> None:
    work = tuple(Definition(Kind.FUNCTION, name, 1, 1) for name in ("openapi", "paths"))

    assert known_file(CodeFacts("Python", 9, definitions=work), "documents.py") is None


def test_its_keys_tell_a_file_of_any_name() -> None:
    known = known_file(facts("on", "jobs", "runs-on"), "nightly.yml")

    assert known is not None
    assert known.title == "Routine steps that run by themselves"
    assert known_file(facts("jobs"), "nightly.yml") is None


def test_a_file_with_a_work_of_its_own_is_no_mere_entrance() -> None:
    assert known_file(facts("__version__", "main"), "__init__.py") is not None
    assert known_file(facts("send_invoice"), "__init__.py") is None
    assert known_file(facts("größe"), "__init__.py") is None
    assert known_file(facts("送る"), "index.js") is None


def test_every_kind_speaks_with_a_known_capability() -> None:
    keys = Capabilities.packaged().by_key

    assert [
        one.title for one in known_kinds() if one.capability and one.capability not in keys
    ] == []
    assert all(one.names or one.keys for one in known_kinds())
    assert all(len(one.title) <= 72 and not one.title.endswith(".") for one in known_kinds())
