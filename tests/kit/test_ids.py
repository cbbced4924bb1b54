"""Ids as types of their own."""

import pytest

from storyloom.kit.ids import new_job_id, parse_job_id


def test_a_new_id_is_canonical() -> None:
    job_id = new_job_id()

    assert parse_job_id(job_id) == job_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc-123",
        "../x",
        "\ud800",
        "0" * 32,
        "{00000000-0000-4000-8000-000000000000}",
        "urn:uuid:00000000-0000-4000-8000-000000000000",
        "00000000-0000-4000-8000-000000000000\n",
        "\uff10" * 8 + "-0000-4000-8000-000000000000",
    ],
)
def test_what_is_no_uuid_is_none(text: str) -> None:
    assert parse_job_id(text) is None


def test_capitals_are_understood() -> None:
    job_id = new_job_id()

    assert parse_job_id(job_id.upper()) == job_id
