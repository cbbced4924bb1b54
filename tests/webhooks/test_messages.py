"""What is sent."""

import json
from datetime import timedelta, timezone

from storyloom.webhooks.messages import MOST_BYTES, body_of, delivery_of, trial_of
from storyloom.webhooks.schemas import TEST
from tests.webhooks.made import NOON, draft, webhook

EVENT = draft("a", data={"status": "succeeded", "words": "ü"}).numbered(7)


def test_a_body_is_thin() -> None:
    assert json.loads(body_of(EVENT)) == {
        "type": "job.completed",
        "timestamp": "2026-03-01T12:00:00Z",
        "data": {
            "status": "succeeded",
            "words": "ü",
            "seq": 7,
            "org_id": "acme",
            "subject": {"kind": "story_run", "id": "r1"},
        },
    }


def test_times_are_told_in_utc() -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))

    assert body_of(EVENT.model_copy(update={"at": tokyo})) == body_of(EVENT)


def test_what_is_too_long_is_left_out() -> None:
    body = body_of(draft("a", data={"words": "ü" * MOST_BYTES}).numbered(7))

    assert len(body.encode()) < MOST_BYTES
    assert json.loads(body)["data"]["is_cut"] is True
    assert json.loads(body)["data"]["subject"]["id"] == "r1"


def test_the_same_event_is_the_same_delivery() -> None:
    one, again = (delivery_of(EVENT, webhook(), at) for at in (NOON, NOON + timedelta(hours=1)))

    assert one.id == again.id
    assert one.event_id == EVENT.id
    assert delivery_of(EVENT, webhook("b"), NOON).id != one.id


def test_each_trial_is_another() -> None:
    one, other = trial_of(webhook(), NOON), trial_of(webhook(), NOON)

    assert one.id != other.id
    assert one.event_id != other.event_id
    assert one.is_test
    assert json.loads(one.body)["type"] == TEST
