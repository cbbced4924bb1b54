"""How a webhook changes."""

from datetime import timedelta

from storyloom.events.schemas import EventType
from storyloom.webhooks.schemas import Secret, WebhookChange
from storyloom.webhooks.switching import SECRETS_KEPT, changed, gone, rotated
from tests.webhooks.made import NOON, SECRET, webhook

DAY = timedelta(hours=24)


def test_what_is_left_out_stays() -> None:
    assert changed(WebhookChange(), 9)(webhook()) == webhook()


def test_what_is_named_changes() -> None:
    wanted = WebhookChange(
        url="https://example.org/", types=[EventType.FAILED, EventType.FAILED], description=""
    )

    assert changed(wanted, 9)(webhook()) == webhook(
        url="https://example.org/", types=("job.failed",), description=""
    )


def test_one_that_is_enabled_again_is_told_of_what_happens_from_then_on() -> None:
    off = changed(WebhookChange(enabled=False), 9)(webhook())

    assert (off.enabled, off.disabled_reason, off.after_seq) == (False, "asked", 3)
    is_gone = gone(webhook().url)(webhook())
    assert (is_gone.enabled, is_gone.disabled_reason) == (False, "gone")
    assert changed(WebhookChange(enabled=False), 9)(is_gone) == is_gone
    assert changed(WebhookChange(enabled=True), 9)(off) == webhook(after_seq=9)
    assert changed(WebhookChange(enabled=True), 9)(webhook()) == webhook()


def test_one_that_has_moved_or_is_disabled_is_not_gone() -> None:
    off = webhook(enabled=False, disabled_reason="asked")

    assert gone("https://example.com/old")(webhook()) == webhook()
    assert gone(off.url)(off) == off


def test_the_old_secret_signs_for_a_day() -> None:
    once = rotated("whsec_b", NOON)(webhook(secrets=(Secret(SECRET),)))
    twice = rotated("whsec_c", NOON + DAY / 2)(once)
    later = rotated("whsec_d", NOON + DAY)(twice)

    assert once.secrets == (Secret("whsec_b"), Secret(SECRET, NOON + DAY))
    assert [one.text for one in twice.secrets] == ["whsec_c", "whsec_b", SECRET]
    assert [one.text for one in later.secrets] == ["whsec_d", "whsec_c", "whsec_b"]


def test_no_more_than_a_few_secrets_sign() -> None:
    now = webhook()
    for turn in range(9):
        now = rotated(f"whsec_{turn}", NOON)(now)

    assert len(now.secrets) == SECRETS_KEPT
