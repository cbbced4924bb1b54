"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com)."""

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks.webhooks import Webhook as Signer

from storyloom.webhooks.schemas import Secret

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret."""
    return PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def headers_of(
    message_id: str, body: str, secrets_: Sequence[Secret], now: datetime
) -> Mapping[str, str]:
    """The headers of a message that is sent now, with one signature for each good secret."""
    signatures = [
        Signer(secret.text).sign(message_id, now, body)
        for secret in secrets_
        if secret.is_good(now)
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
