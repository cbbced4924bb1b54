"""The log: lines for people, JSON for production."""

import json
import logging
import re
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from storyloom.cli.logs import set_up
from storyloom.kit.known import knowing

log = logging.getLogger("storyloom.somewhere")


@pytest.fixture(autouse=True)
def _structlog_as_it_was() -> Generator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(("level", "others"), [("info", logging.WARNING), ("debug", logging.DEBUG)])
def test_others_are_quiet_unless_all_is_asked_for(level: str, others: int) -> None:
    set_up(level)

    assert logging.getLogger("dbos").level == others
    assert logging.getLogger().level == getattr(logging, level.upper())


def test_people_get_a_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")

    log.warning("started %s", "later", extra={"reason": "The engine is away.", "code": 7})

    said = capsys.readouterr().err
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d WARNING storyloom\.somewhere: started later "
        r"reason=The engine is away\. code=7\n",
        said,
    )


def test_no_value_looks_like_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")

    log.info("heard", extra={"reason": "x\n12:30:01 ERROR   root: forged"})

    assert capsys.readouterr().err.count("\n") == 1


def test_people_get_the_traceback_under_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info")

    _fail()

    first, second, *_, last = capsys.readouterr().err.splitlines()
    assert first.endswith("storyloom.somewhere: failed")
    assert second == "Traceback (most recent call last):"
    assert last == "ValueError: invalid literal for int() with base 10: 'three'"


def test_production_gets_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", as_json=True)

    with knowing(request_id="r-1", job_id="j-1", step="draw"):
        log.info("drawn", extra={"warnings": 2})

    line = _only(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("timestamp"))
    assert line == {
        "level": "info",
        "logger": "storyloom.somewhere",
        "event": "drawn",
        "request_id": "r-1",
        "job_id": "j-1",
        "step": "draw",
        "warnings": 2,
    }


def test_an_exception_is_text_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", as_json=True)

    _fail()

    line = _only(capsys)
    assert line["level"] == "error"
    assert (
        line["exception"].splitlines()[-1]
        == "ValueError: invalid literal for int() with base 10: 'three'"
    )


def test_what_is_no_json_is_told_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", as_json=True)

    log.info("odd", extra={"thing": {1}, "text": "zwölf\n"})

    line = _only(capsys)
    assert line["thing"] == "{1}"
    assert line["text"] == "zwölf\n"


def test_what_is_logged_through_structlog_has_the_same_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("info", as_json=True)

    structlog.get_logger("a.library").info("hello", number=1)

    line = _only(capsys)
    assert (line["logger"], line["event"], line["number"]) == ("a.library", "hello", 1)


@pytest.mark.parametrize(
    ("level", "as_json", "seen"),
    [("info", True, True), ("info", False, False), ("debug", False, True)],
)
def test_requests_are_told_in_production_and_to_who_asks(
    level: str,
    as_json: bool,  # noqa: FBT001 - a parameter of the test
    seen: bool,  # noqa: FBT001 - as above
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up(level, as_json=as_json)

    logging.getLogger("storyloom.api.requests").info("GET /")
    logging.getLogger("storyloom.api.websockets").info("WebSocket opened")

    told = capsys.readouterr().err
    assert ("GET /" in told, "WebSocket opened" in told) == (seen, seen)


def _fail() -> None:
    try:
        int("three")
    except ValueError:
        log.exception("failed")


def _only(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().err.splitlines()
    return json.loads(line)
