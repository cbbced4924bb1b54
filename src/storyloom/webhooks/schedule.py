"""When a delivery is tried again, and when it has failed."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storyloom.webhooks.schemas import Attempt, DeliveryStatus, Outcome, WholeDelivery

_MINUTE_S, _HOUR_S = 60.0, 3600.0
#: Between one attempt and the next. The first is made at once.
WAITS_S = (
    *(5.0, 5 * _MINUTE_S, 30 * _MINUTE_S),
    *(hours * _HOUR_S for hours in (2, 5, 10, 14, 20, 24)),
)
JITTER = 0.1
LONGEST_S = 24 * _HOUR_S
_GONE = 410
_OK = range(200, 300)


def outcome_of(
    delivery: WholeDelivery, attempt: Attempt, retry_after: str | None, now: datetime
) -> Outcome:
    """What the attempt has led to."""
    if attempt.status_code in _OK:
        return Outcome(attempt, DeliveryStatus.DELIVERED)
    if attempt.status_code == _GONE:
        return Outcome(attempt, DeliveryStatus.FAILED, is_gone=True)
    if delivery.is_test or delivery.tries >= len(WAITS_S):
        return Outcome(attempt, DeliveryStatus.FAILED)
    wait_s = _jittered(WAITS_S[delivery.tries])
    asked_s = retry_after_s(retry_after, now)
    next_at = now + timedelta(seconds=max(wait_s, min(asked_s, LONGEST_S)))
    return Outcome(attempt, DeliveryStatus.PENDING, next_at)


def retry_after_s(header: str | None, now: datetime) -> float:
    """How long `Retry-After` asks to wait, in seconds or until a date; 0 where it says nothing."""
    if header is None:
        return 0.0
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year or a zone that no calendar has
        return 0.0
    # A date without a zone is one in UTC.
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def _jittered(wait_s: float) -> float:
    """About so long, so that not all come back at the same time."""
    return wait_s * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret depends on it
