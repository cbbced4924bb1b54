"""Identifiers as words."""

import pytest

from storyloom.storyboard.code.names import (
    base_verb,
    is_acronym,
    is_agent,
    is_counted,
    spoken,
    words,
    words_of_file,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("getInvoiceByID", ("get", "invoice", "by", "ID")),
        ("calculate_roi", ("calculate", "ROI")),
        ("HTTPServer", ("HTTP", "server")),
        ("parseURLs", ("parse", "URLs")),
        ("OAuthClient", ("OAuth", "client")),
        ("SHA256Sum", ("SHA-256", "sum")),
        ("uploadToS3", ("upload", "to", "S3")),
        ("sums3", ("sums",)),
        ("aws_s3_bucket", ("AWS", "S3", "bucket")),
        ("p95_latency", ("latency",)),
        ("InvoiceServiceV2", ("invoice", "service")),
        ("SignInForm", ("login", "form")),
        ("__init__", ("init",)),
        ("i18n", ("internationalisation",)),
        ("emoji🎉name", ("emoji", "name")),
        ("שלום", ("שלום",)),
        ("12", ()),
    ],
)
def test_a_name_is_split_into_words(name: str, parts: tuple[str, ...]) -> None:
    assert words(name) == parts


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("frames-typst-1", ("frames", "typst")),
        ("report_final_v3", ("report",)),
        ("invoice (2)", ("invoice",)),
        ("build-3fa9c1d7", ("build",)),
        ("dead_beef", ("dead", "beef")),
        ("backup_2024-01-15", ("backup",)),
        ("v2", ()),
    ],
)
def test_the_version_of_a_file_is_no_part_of_its_name(stem: str, parts: tuple[str, ...]) -> None:
    assert words_of_file(stem) == parts


@pytest.mark.timeout(20)  # every way of each piece would be tried for hours
def test_a_tail_that_is_read_in_many_ways_keeps_nobody_waiting() -> None:
    assert words_of_file("a" + "-1234567" * 31 + "x") == ("a",)
    assert words_of_file("a" + "-1234567" * 31) == ("a",)


def test_only_the_last_part_of_a_dotted_name_is_spoken() -> None:
    assert spoken("app.getUser()") == "get user"
    assert spoken("JavaScript") == "JavaScript"


def test_an_acronym_keeps_its_capitals() -> None:
    assert is_acronym("HTTP")
    assert not is_acronym("invoice")


def test_some_acronyms_can_be_counted() -> None:
    assert is_counted("ID")
    assert not is_counted("SMTP")


@pytest.mark.parametrize("word", ["logger", "scheduler", "parser", "router", "writer"])
def test_a_part_of_a_program_is_named_after_its_verb(word: str) -> None:
    assert is_agent(word)


@pytest.mark.parametrize("word", ["order", "customer", "reminder", "sensor", "invoice"])
def test_a_thing_may_end_like_one(word: str) -> None:
    assert not is_agent(word)


def test_a_verb_in_the_third_person_has_a_base() -> None:
    assert base_verb("carries") == ""
    assert base_verb("verifies") == "verify"
    assert base_verb("keeps") == "keep"
