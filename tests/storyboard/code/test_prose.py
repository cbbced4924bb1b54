"""Comments as plain prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.storyboard.code.prose import is_worded, paragraphs, sentences, without_markup


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A **fast** `ROI` calculator", "A fast ROI calculator"),
        ("Uses :class:`~app.models.Invoice` objects", "Uses Invoice objects"),
        ("See {@link Invoice the invoice}", "See the invoice"),
        ("Read [the guide](https://example.com/x) first", "Read the guide first"),
        ("`The guide <https://example.com>`_ tells", "The guide tells"),
        ('Gives <see cref="App.Invoice"/> back', "Gives Invoice back"),
        ("<summary>Holds orders</summary>", "Holds orders"),
        ("Calls getUser() and reads prediction_id", "Calls get user and reads prediction ID"),
        ("Bread &amp; butter", "Bread & butter"),
        ("Ask a.b@example.com now", "Ask now"),
        ("Written in JavaScript", "Written in JavaScript"),
    ],
)
def test_markup_falls_away(text: str, plain: str) -> None:
    assert without_markup(text) == plain


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2020 A. Person",
        "Licensed under the MIT License.",
        "SPDX-License-Identifier: MIT",
        "eslint-disable no-console",
        "!/usr/bin/env python",
        "-*- coding: utf-8 -*-",
        "=====================",
        "+---+---+",
        "noqa: F401",
        "This file is part of the Example package.",
        "TODO: write this",
        "- a bullet",
    ],
)
def test_lines_that_are_no_prose_fall_away(line: str) -> None:
    assert paragraphs(line) == []


@pytest.mark.parametrize("tag", ["@param x the x", ":param x: the x", "Args:", "Returns:", ">>> 1"])
def test_prose_ends_where_the_parameters_begin(tag: str) -> None:
    assert paragraphs(f"Send it.\n{tag}\nmore words here") == ["Send it."]


def test_a_licence_before_the_opening_words_is_skipped() -> None:
    text = "Copyright 2020 A. Person.\nAll rights reserved.\n\nSends invoices."

    assert sentences(text) == ["Sends invoices."]


def test_the_name_of_the_file_before_its_words_falls_away() -> None:
    assert sentences("pump.c - controls pumps.") == ["controls pumps."]
    assert sentences("@file pump.c\n@brief Controls pumps.") == ["Controls pumps."]


def test_a_package_does_not_introduce_itself() -> None:
    assert sentences("Package mail sends letters.") == ["sends letters."]


def test_short_forms_do_not_end_a_sentence() -> None:
    assert sentences("Sends mail, e.g. Reminders. Then stops.") == [
        "Sends mail, e.g. Reminders.",
        "Then stops.",
    ]


@given(st.text(max_size=500))
def test_any_text_is_taken(text: str) -> None:
    assert all(one.strip() for one in paragraphs(text))
    assert all(sentences(text))


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("We met at the well-known inn.", True),
        ("hello world", True),
        ("会いました。", True),
        ("stable", False),
        ("web: shop", False),
        ("python shop.py", False),
        ("serve --fast", False),
        ("[ a b ]", False),
    ],
)
def test_words_alone_are_no_notation(text: str, *, is_so: bool) -> None:
    assert is_worded(text) is is_so
