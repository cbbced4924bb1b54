"""Signatures, read by the official verifier."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from storyloom.kit.clock import SystemClock
from storyloom.webhooks.schemas import Secret
from storyloom.webhooks.signing import headers_of, new_secret
from tests.webhooks.made import OTHER_SECRET, SECRET

BODY = '{"type":"job.completed","data":{"words":"ü 🚀"}}'


def now() -> datetime:
    """The verifier holds it against its own clock, so it has to be that of the test itself."""
    return SystemClock().now()


def test_a_message_is_verified() -> None:
    secret = new_secret()

    headers = headers_of("evt_1", BODY, [Secret(secret)], now())

    assert Verifier(secret).verify(BODY, dict(headers))["type"] == "job.completed"
    assert len(Verifier(secret)._whsecret) == 32
    assert headers["webhook-id"] == "evt_1"


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's own test vectors."""
    secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)

    headers = headers_of("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', [secret], at)

    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_while_one_is_exchanged() -> None:
    old = Secret(OTHER_SECRET, now() + timedelta(hours=1))

    headers = dict(headers_of("evt_1", BODY, [Secret(SECRET), old], now()))

    assert headers["webhook-signature"].count("v1,") == 2
    for one in (SECRET, OTHER_SECRET):
        assert Verifier(one).verify(BODY, headers)


def test_an_old_secret_signs_no_longer() -> None:
    headers = dict(headers_of("evt_1", BODY, [Secret(SECRET), Secret(OTHER_SECRET, now())], now()))

    with pytest.raises(WebhookVerificationError):
        Verifier(OTHER_SECRET).verify(BODY, headers)
