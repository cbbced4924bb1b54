"""The language by a file's name, or its first line."""

import pytest

from storyloom.storyboard.code.languages import base_name, language_of, split_name


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.py", "Python"),
        ("A.PY", "Python"),
        ("src/a.tsx", "TypeScript"),
        ("C:\\src\\a.go", "Go"),
        ("Dockerfile", "Dockerfile"),
        ("Makefile", "Makefile"),
        (".env", "settings"),
        ("main.tf", "Terraform"),
        ("a.unknown", ""),
        ("README", ""),
    ],
)
def test_the_name_tells_the_language(name: str, language: str) -> None:
    assert language_of(name, "").name == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("#!/bin/bash\n", "shell"),
        ("#!/usr/bin/env python3\n", "Python"),
        ("#!/usr/bin/env node\n", "JavaScript"),
        ("<?php echo 1;", "PHP"),
        ("plain", ""),
    ],
)
def test_without_an_ending_the_first_line_tells(text: str, language: str) -> None:
    assert language_of("run", text).name == language


def test_a_header_may_be_either_language() -> None:
    assert language_of("a.h", "namespace hvac {}").name == "C++"
    assert language_of("a.h", "int flow;").name == "C"


def test_a_name_is_freed_of_folders_and_endings() -> None:
    assert base_name("a/b\\c.test.ts") == "c.test.ts"
    assert split_name("a/b\\c.test.ts") == "c"
    assert split_name(".env") == "env"
