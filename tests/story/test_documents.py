"""JSON that strangers have written."""

import json

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.documents import read, write


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"[1]",
        b"null",
        b'"text"',
        b'{"n": NaN}',
        b'{"n": -Infinity}',
        b'{"n": 1e999}',
        b'{"n": ' + b"9" * 5000 + b"}",
        b'{"deep": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    ],
)
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInput) as fault:
        read(text)

    assert fault.value.loc == ("body",)


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"), b'{"half": "\xed\xa0\xbd"}'],
    ids=["with a mark in front", "UTF-16", "half a sign"],
)
def test_what_other_readers_do_not_take_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        read(text)


def test_what_is_nested_too_deeply_to_be_written_is_refused() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(InvalidInput):
        write({"deep": deep})


@pytest.mark.parametrize(
    "value",
    [
        {"a": "ünï 🚀 \u2028 \x00", "n": 12345678901234567890, "f": 1.5, "t": [True, None]},
        {"half": "\ud83d", "\udc00": 1},
    ],
)
def test_what_is_written_is_read_as_it_was(value: dict[str, object]) -> None:
    assert json.loads(write(value).decode("utf-8")) == value
