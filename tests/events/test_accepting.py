"""Which form a client accepts."""

import pytest

from storyloom.events.accepting import PAGE, STREAM, chosen
from storyloom.events.errors import NotAcceptable

BOTH = (PAGE, STREAM)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, PAGE),
        ("", PAGE),
        ("*/*", PAGE),
        ("text/event-stream", STREAM),
        ("Text/Event-Stream; charset=utf-8, */*;q=0.1", STREAM),
        ("text/*", STREAM),
        ("application/json, text/event-stream", PAGE),
        ("application/json;q=0.5, text/event-stream", STREAM),
        ("application/*;q=0, */*", STREAM),
        ("text/event-stream;q=0, */*", PAGE),
        ("application/json;q=much", PAGE),
    ],
)
def test_the_form_that_is_liked_best(accept: str | None, form: str) -> None:
    assert chosen(accept, BOTH) == form


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*"])
def test_what_is_not_accepted(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        chosen(accept, BOTH if accept != "application/json;q=0" else (PAGE,))


def test_a_stream_is_what_anything_means_where_there_is_nothing_else() -> None:
    assert chosen("*/*", (STREAM,)) == STREAM
    with pytest.raises(NotAcceptable):
        chosen("application/json", (STREAM,))
