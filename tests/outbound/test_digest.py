"""Equal inputs have equal names, in every process."""

import pytest
from pydantic import JsonValue

from storyloom.outbound.digest import input_hash_of


def test_the_order_of_the_parts_does_not_matter() -> None:
    assert input_hash_of({"a": 1, "b": {"c": 2, "d": 3}}) == input_hash_of(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )


@pytest.mark.parametrize("other", [{"a": "1"}, {"a": 1, "b": ""}, {"a": [1]}, {"b": 1}, {}])
def test_every_difference_does(other: dict[str, JsonValue]) -> None:
    assert input_hash_of(other) != input_hash_of({"a": 1})


def test_it_is_the_same_tomorrow_whatever_the_characters() -> None:
    assert input_hash_of({"text": "Grüße \x00\ud800🚀"}) == (
        "087f878e6896757bf44847dd1dba2ef205bfad2aa5b89e04547adfb7150cd2f5"
    )
