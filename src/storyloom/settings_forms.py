"""The forms that settings have to be written in: each says what is wrong in a phrase."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from storyloom.access.schemas import RateLimit
from storyloom.webhooks.targets import Allowed

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s*]+")
_POSTGRES = ("postgres://", "postgresql://", "postgresql+psycopg://")
_REDIS = ("redis://", "rediss://", "unix://")


def _hard_to_guess(value: SecretStr) -> SecretStr:
    if not re.fullmatch("[!-~]{32,512}", value.get_secret_value()):
        raise ValueError("it needs 32 letters, digits and marks; `openssl rand -hex 32` makes it")
    return value


def _rate(value: str) -> str:
    RateLimit.parse(value)
    return value


def _postgres(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(_POSTGRES):
        raise ValueError("it has to begin with postgresql://")
    return value


def _redis(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(_REDIS):
        raise ValueError("it has to begin with redis:// or rediss://")
    return value


def _origin(value: str) -> str:
    found = re.fullmatch(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?/?", value)
    if found is None or urlsplit(value).port == 0:  # it raises for those that are too large
        raise ValueError("write an address such as http://127.0.0.1:7801")
    return value.rstrip("/")


def _origins(value: str) -> str:
    named = [name.strip() for name in value.split(",") if name.strip()]
    are_origins = bool(named) and all(_ORIGIN.fullmatch(name) for name in named)
    if named not in (["*"], ["none"]) and not are_origins:
        raise ValueError("an origin is written like https://app.example.com, without a path")
    return value


def _targets(value: str) -> str:
    Allowed.parse(value)
    return value


AllowedTargets = Annotated[str, AfterValidator(_targets)]
HardToGuess = Annotated[SecretStr, AfterValidator(_hard_to_guess)]
RateOfRequests = Annotated[str, AfterValidator(_rate)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis)]
Origin = Annotated[str, AfterValidator(_origin)]
Origins = Annotated[str, AfterValidator(_origins)]
