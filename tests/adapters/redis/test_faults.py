"""Every error of redis-py becomes one of ours, and tells nothing that is secret."""

import pytest
from redis import exceptions

from storyloom.adapters.redis._faults import translated
from storyloom.errors import Unavailable

FAULTS = [
    kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
]


def raised(fault: Exception) -> Unavailable:
    with pytest.raises(Unavailable) as caught, translated():
        raise fault
    return caught.value


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_is_ours(kind: type[Exception]) -> None:
    # Some take a message and some a slot; how they are made does not matter here.
    fault = raised(kind.__new__(kind, "redis://:secret@host"))

    assert fault.system == "redis"
    assert "secret" not in fault.message
    assert fault.message.endswith(".")


@pytest.mark.parametrize("kind", [ConnectionRefusedError, TimeoutError, OSError])
def test_what_the_system_raises_is_ours_too(kind: type[Exception]) -> None:
    assert raised(kind("1.2.3.4")).message.startswith("Redis ")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (exceptions.ReadOnlyError("x"), "Redis takes no writes: it is a read-only replica."),
        (exceptions.OutOfMemoryError("x"), "Redis takes no writes: its memory is full."),
        (exceptions.AuthenticationError("x"), "Redis refuses the user or the password"),
        (exceptions.TimeoutError("x"), "Redis took too long to answer."),
        (exceptions.ConnectionError("x"), "Redis cannot be reached."),
        (exceptions.ResponseError("MISCONF Redis is"), r"refused the command \(MISCONF\)"),
        (exceptions.ResponseError("unknown command 'x'"), r"the command \(ResponseError\)"),
    ],
)
def test_the_sentence_says_what_is_wrong(fault: Exception, sentence: str) -> None:
    with pytest.raises(Unavailable, match=sentence), translated():
        raise fault
