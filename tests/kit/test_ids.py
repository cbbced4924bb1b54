"""Ids as types of their own."""

import pytest

from storyloom.kit.ids import new_job_id, parse_job_id


def test_a_new_id_is_canonical() -> None:
    job_id = new_job_id()

    assert parse_job_id(job_id) == job_id


@pytest.mark.parametrize("text", ["", "abc-123", "../x", "\ud800", "0" * 31])
def test_what_is_no_uuid_is_none(text: str) -> None:
    assert parse_job_id(text) is None


def test_other_ways_to_write_an_id_are_understood() -> None:
    job_id = new_job_id()

    assert parse_job_id(f"{{{job_id.upper()}}}") == job_id
