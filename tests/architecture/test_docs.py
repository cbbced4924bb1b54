"""The documents name only what exists."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
OWNED = re.compile(r"^\| `([a-z_/]+)` \|", re.MULTILINE)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_ownership_list_names_every_package_and_no_other() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Ownership")[2]
    source = ROOT / "src" / "storyloom"
    packages = {p.parent for p in source.rglob("__init__.py")} - {source, source / "adapters"}
    modules = {source / "errors.py", source / "settings.py"}

    named = set(OWNED.findall(text))

    assert named == {str(p.relative_to(source).with_suffix("")) for p in packages | modules}


def test_the_ladder_is_the_one_that_is_held() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## The ladder")[2]
    drawn = [re.split(" {2,}", line)[0] for line in text.split("```")[1].strip().splitlines()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (held,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")

    assert drawn == held["layers"]


def test_every_command_of_the_readme_is_in_the_makefile() -> None:
    commands = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert commands <= targets
