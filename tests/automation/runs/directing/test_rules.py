"""Nobody in this folder sleeps without saying what he waits for."""

import ast
from pathlib import Path

FOLDER = Path(__file__).parents[4] / "src/storyloom/automation/runs/directing"
#: Where waiting lives; and where a store that is away cannot be told that it is waited for.
ALLOWED = {"waits.py", "slate.py"}


def test_sleeping_is_done_in_one_place() -> None:
    sleeping = [
        f"{path.name}:{node.lineno}"
        for path in sorted(FOLDER.glob("*.py"))
        if path.name not in ALLOWED
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith("sleep")
    ]

    assert sleeping == []
