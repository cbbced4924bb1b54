"""Texts without a grammar."""

import pytest

from storyloom.storyboard.code.facts import CodeFacts, Kind, Remark
from storyloom.storyboard.code.plain import PlainCodeReader


def read(name: str, text: str) -> CodeFacts:
    return PlainCodeReader().read(name, text)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "# Permit guide\n\n## How to apply\n", ["Permit guide", "How to apply"]),
        ("a.rst", "Permit guide\n============\n", ["Permit guide"]),
        (
            "a.html",
            "<title>Quotes &amp; bids</title><input name='price'>",
            ["Quotes & bids", "price"],
        ),
        ("a.yaml", "invoices:\n  due: 3\n", ["invoices", "due"]),
        ("a.toml", "[invoices]\ndue = 3\n", ["invoices", "due"]),
        ("a.env", "MAIL_HOST=x\n", ["MAIL_HOST"]),
        ("a.json", '{\n  "due": 3\n}', ["due"]),
        ("a.xml", "<permits><permit/></permits>", ["permits", "permit"]),
        ("a.css", ".invoice-table { color: red }\n", ["invoice-table"]),
        ("a.csv", 'site,"hours",3\nx,1,2\n', ["site", "hours"]),
        ("main.tf", 'resource "aws_queue" "q" {}\nvariable "region" {}\n', ["aws_queue", "region"]),
        ("a.tf", 'resource "aws_s3_bucket" "invoices" {}\n', ["invoices"]),
        ("Dockerfile", "FROM ghcr.io/a/python:3\nENV PORT=1\n", ["python", "PORT"]),
        ("Makefile", "PORT ?= 1\ndeploy: build\n", ["PORT", "deploy"]),
        ("a.ex", "defmodule Jobs do\n  def plan(x), do: x\nend\n", ["Jobs", "plan"]),
        ("a.m", "@interface Camera\n- (void)takePhoto;\n", ["Camera", "takePhoto"]),
        ("a.zzz", "public final class Visit\n", ["Visit"]),
    ],
)
def test_each_kind_of_text_is_read_by_its_shape(name: str, text: str, expected: list[str]) -> None:
    assert [one.name for one in read(name, text).definitions] == expected


def test_a_name_counts_once() -> None:
    assert len(read("a.yaml", "due: 1\ndue: 2\n").definitions) == 1


def test_a_definition_has_its_line_and_doc() -> None:
    found = read("a.ex", "# Head of file.\n\nx\n# Plans the work.\ndef plan(x)\n").definitions

    assert (found[0].kind, found[0].first_line, found[0].doc) == (
        Kind.FUNCTION,
        5,
        "Plans the work.",
    )


def test_a_text_opens_with_its_first_paragraph() -> None:
    doc = read("a.md", "# Title\n\nHow to apply for a permit.\nStep by step.\n").doc

    assert doc is not None
    assert (doc.first_line, doc.last_line) == (3, 4)


def test_settings_have_no_first_paragraph() -> None:
    assert read("a.toml", "due = 3\n").doc is None


def test_a_text_of_numbers_has_no_opening() -> None:
    assert read("a.txt", "1 2 3\n\n4 5 6\n").doc is None


def test_every_kind_of_line_end_counts_once() -> None:
    assert read("a.txt", "a\r\nb\rc\n").lines == 3
    assert read("a.txt", "").lines == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "mail:\n  host: x\nbilling:\n  due: 3\n"),
        ("a.json", '{\n  "mail": {\n    "host": 1\n  },\n  "billing": {\n    "due": 3\n  }\n}'),
    ],
)
def test_settings_within_settings_are_not_what_a_file_offers(name: str, text: str) -> None:
    facts = read(name, text)

    assert [one.name for one in facts.public] == ["mail", "billing"]
    assert [one.name for one in facts.definitions] == ["mail", "host", "billing", "due"]


@pytest.mark.parametrize(
    ("name", "text", "doc"),
    [
        ("a.toml", 'name = "x"\ndescription = "Late fees of contractors"\n', "Late fees of contractors"),
        ("a.json", '{\n  "description": "Late fees",\n  "due": 3\n}', "Late fees"),
        ("a.yaml", "inputs:\n  due:\n    description: When it is due\n", None),
        ("a.go", 'description = "Late fees of contractors"\n', None),
    ],
)  # fmt: skip
def test_settings_may_describe_themselves(name: str, text: str, doc: str | None) -> None:
    found = read(name, text).doc

    assert (found and found.text) == doc


def test_a_short_line_of_a_text_stands_alone() -> None:
    listed = read("todo.txt", "buy milk\ncall mother\n").doc
    wrapped = read("a.txt", "We talked about the kiosk and the\nnew fridge.\n").doc
    mostly = read("b.txt", "buy milk\ncall mother\nask about the fence (the one in the yard)\n").doc
    titled = read("c.txt", "Meeting notes\nWe talked about the kiosk.\n").doc

    assert listed == mostly == Remark("buy milk", 1, 1)
    assert titled == Remark("Meeting notes", 1, 1)
    assert wrapped == Remark("We talked about the kiosk and the\nnew fridge.", 1, 2)


@pytest.mark.parametrize(
    "text",
    [
        "We share seeds\nand tools with all\nneighbours of the street.",
        "We met at the old inn\nMay is when the next\nmeeting will be.",
        "私たちは種と道具を\n近所の皆さんと\n分け合います。",
    ],
)
def test_a_narrow_text_is_no_list(text: str) -> None:
    assert read("seeds.txt", f"{text}\n").doc == Remark(text, 1, 3)
