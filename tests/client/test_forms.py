"""Files in forms: as they are, and as often as they have to be sent."""

from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Message

from storyloom.client.forms import Form, form_of
from storyloom.work.forms import order_of
from storyloom.work.schemas import WorkKind

BYTES = bytes(range(256)) * 1024  # several pieces, with line ends in them


async def sent(form: Form) -> bytes:
    return b"".join([piece async for piece in form])


def received(form: Form, body: bytes) -> Request:
    """As the server gets it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", form.content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def test_a_file_is_sent_as_it_is_each_time(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(BYTES)
    fields = {"kind": WorkKind.CODE, "labels": {"team": "wéb"}, "priority": "low"}

    form = await form_of(fields, tmp_path / "a.bin", "a.bin")

    whole = await sent(form)
    assert await sent(form) == whole
    assert len(whole) == form.length
    order = await order_of(received(form, whole), None)
    assert order.file is not None
    assert (order.file.name, order.file.data) == ("a.bin", BYTES)
    assert (order.kind, order.priority, order.labels) == (
        "code_to_storyboard",
        "low",
        {"team": "wéb"},
    )


@pytest.mark.parametrize("name", ['a"b.py', "a\r\nX: y.py", "ü\udc80.py", "a;b.py"])
async def test_a_name_stays_a_name(name: str) -> None:
    form = await form_of({"kind": WorkKind.CODE}, b"x = 1", name)

    order = await order_of(received(form, await sent(form)), None)

    assert order.file is not None
    assert order.file.data == b"x = 1"
    assert order.file.name.endswith(".py")


async def test_a_file_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await form_of({}, tmp_path / "none.py", "none.py")
