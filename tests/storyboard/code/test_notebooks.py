"""Notebooks as scripts."""

import json

import pytest

from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.storyboard.code.notebooks import script_of


def notebook(*cells: tuple[str, list[str]], language: str = "python") -> str:
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "metadata": {}, "outputs": ["x" * 9_000], "source": lines}
                for kind, lines in cells
            ],
            "metadata": {"kernelspec": {"language": language}},
        },
        indent=1,
    )


NOTES = ["# Late fees\n", "\n", "What late customers owe."]
CODE = ["%matplotlib inline\n", "def send_reminder(customer):\n", "    return customer"]


def test_code_and_notes_stay_on_their_lines() -> None:
    text = notebook(("markdown", NOTES), ("code", CODE))

    facts = TreeSitterCodeReader().read("fees.ipynb", text)

    line = next(at for at, one in enumerate(text.split("\n"), 1) if "send_reminder" in one)
    assert [(one.name, one.first_line) for one in facts.definitions] == [("send_reminder", line)]
    assert facts.language == "Python"
    assert not facts.packed
    assert facts.doc is not None
    assert facts.doc.text.startswith("Late fees")


def test_orders_to_the_notebook_are_no_code() -> None:
    script = script_of(notebook(("code", CODE)))

    assert script is not None
    assert "%" not in script


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        notebook(("code", CODE), language="R"),
        notebook(),
        json.dumps(json.loads(notebook(("code", CODE)))),
        notebook(("code", CODE)).replace('"def', "def"),
        '{"cells": [\n"source": [\n' + "[" * 100_000 + "\n",
        '{"cells": [\n"source": [\n' + "[" * 500 + '"send_reminder"' + "]" * 500 + "\n",
    ],
)
def test_what_is_no_such_notebook_is_read_as_it_is(text: str) -> None:
    script = script_of(text)

    assert script is None or "send_reminder" not in script
