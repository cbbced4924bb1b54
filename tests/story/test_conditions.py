"""What a request expects of the session that it changes."""

import pytest

from storyloom.errors import ConditionUnreadable
from storyloom.kit.clock import ManualClock
from storyloom.story.conditions import NOTHING_EXPECTED, Condition, etag_of
from storyloom.story.errors import SessionChanged
from storyloom.story.ports import KeptSession, version_of
from storyloom.story.schemas import SessionKey
from tests.story.samples import KEY

VERSION = version_of(b"{}")
ETAG = etag_of(KEY, VERSION)
KEPT = KeptSession(VERSION, ManualClock().now(), b"{}")


@pytest.mark.parametrize("header", [ETAG, f"W/{ETAG}", f'"a",W/"" \t, {ETAG}', "*"])
def test_a_session_is_as_it_is_expected(header: str) -> None:
    Condition(header).check(KEY, KEPT)


@pytest.mark.parametrize("header", ['"a"', ETAG.upper(), '"a", W/"b"', '"*"', '"a,*,b"'])
def test_a_session_is_another_than_expected(header: str) -> None:
    with pytest.raises(SessionChanged, match="Somebody has changed") as refused:
        Condition(header).check(KEY, KEPT)
    assert refused.value.etag == ETAG


@pytest.mark.parametrize("header", [ETAG, "*"])
def test_what_is_expected_to_be_there_is_missed(header: str) -> None:
    with pytest.raises(SessionChanged, match="There is no session 1738195200000") as refused:
        Condition(header).check(KEY, None)
    assert refused.value.etag is None


def test_where_nothing_is_expected_everything_will_do() -> None:
    NOTHING_EXPECTED.check(KEY, None)
    NOTHING_EXPECTED.check(KEY, KEPT)


@pytest.mark.parametrize(
    "header", ["", "a", ETAG.strip('"'), '"a', '"a" "b"', '"a",', '*, "a"', 'w/"a"', '"a b"', "'a'"]
)
def test_what_is_no_condition_is_refused(header: str) -> None:
    with pytest.raises(ConditionUnreadable):
        Condition(header)


def test_sessions_that_say_the_same_have_different_tags() -> None:
    tags = {etag_of(SessionKey("default", timestamp), VERSION) for timestamp in (1, 2)}

    assert len(tags) == 2
