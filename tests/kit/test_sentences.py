"""What pydantic says of a value is told without its own words."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.functional_validators import AfterValidator

from storyloom.kit.sentences import sentence_of


def _refuse(_value: object) -> object:
    raise ValueError("there is no time zone by that name")


@pytest.mark.parametrize(
    ("checked", "told"),
    [
        (AfterValidator(_refuse), "there is no time zone by that name"),
        (None, "Input should be a valid string"),
    ],
)
def test_only_what_pydantic_adds_is_left_out(checked: AfterValidator | None, told: str) -> None:
    kind = (
        TypeAdapter[object](str)
        if checked is None
        else TypeAdapter[object](Annotated[str, checked])
    )
    with pytest.raises(ValidationError) as fault:
        kind.validate_python(5 if checked is None else "x")

    assert [sentence_of(error) for error in fault.value.errors()] == [told]
