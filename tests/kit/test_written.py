"""Times as people write them."""

import pytest

from storyloom.kit.written import written


@pytest.mark.parametrize("value", [0, 1.5, True, "0", "0.5", "-1", " 7 ", ""])
def test_a_number_is_no_time(value: object) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        written(value)


@pytest.mark.parametrize("value", ["22:00", "2026-01-29T10:00:00Z", None])
def test_everything_else_is_for_the_next_to_judge(value: object) -> None:
    assert written(value) == value
