"""Keys as they are kept, shown and asked for."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field

from storyloom.kit.organisations import ORG_LABEL, ORG_LENGTH

PREFIX = "sl_"
NAME_LENGTH = 100
_RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")
_WINDOWS_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}

OrgName = Annotated[str, Field(min_length=1, max_length=ORG_LENGTH, pattern=ORG_LABEL)]


class Scope(StrEnum):
    """What a key is good for."""

    STORYBOARDS = "storyboards"
    STORIES = "stories"
    GPU = "gpu"
    ENGINE = "engine"
    WEBHOOKS = "webhooks"
    ADMIN = "admin"  #: all of them, and keys and figures


class ApiKey(BaseModel):
    """A key without its secret."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    org_id: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None  #: to the minute
    revoked_at: datetime | None = None

    @computed_field(description="How the key begins; the rest is shown once, when it is made")
    @property
    def prefix(self) -> str:
        """How the key begins."""
        return PREFIX + self.id

    def is_good(self, now: datetime) -> bool:
        """Whether it lets anybody in."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class StoredKey(ApiKey):
    """A key as the store has it."""

    digest: str  #: SHA-256 of the whole key, in hexadecimal


class MadeKey(ApiKey):
    """A key with its secret."""

    key: str = Field(description="The key itself. It is shown this once and kept nowhere")


class NewKey(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        min_length=1,
        max_length=NAME_LENGTH,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="What it is for, in words for people",
    )
    org_id: OrgName | None = Field(
        default=None, description="The organisation; the caller's own when left out"
    )
    scopes: list[Scope] = Field(min_length=1, max_length=20, description="What it is good for")
    expires_at: AwareDatetime | None = Field(
        default=None, description="When it ends; without it, it has no end"
    )


class KeyList(BaseModel):
    """Keys, the newest first."""

    keys: list[ApiKey]


class NewSession(BaseModel):
    """What a page asks for when somebody signs in, or turns to another organisation."""

    model_config = ConfigDict(extra="forbid")

    org_id: OrgName | None = Field(
        default=None, description="The organisation to look at; the key's own when left out"
    )


class SessionView(BaseModel):
    """Who looks at the page."""

    needs_key: bool = Field(description="Whether this server lets nobody in without a key")
    key_id: str | None = Field(description="The key; null where none is needed")
    org_id: str = Field(description="The organisation whose things are shown")
    may_choose_org: bool = Field(description="Whether another organisation may be looked at")
    scopes: list[Scope] = Field(description="What the key covers")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. Without a key nobody is known, and everything is allowed."""

    key_id: str = ""
    org_id: str | None = None  #: None is whatever the request names
    scopes: frozenset[Scope] = frozenset({Scope.ADMIN})

    def may(self, scope: Scope) -> bool:
        """Whether the key covers it."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests one key may make in a window."""

    requests: int
    window: Literal["second", "minute", "hour", "day"]

    @property
    def window_s(self) -> int:
        """The window in seconds."""
        return _WINDOWS_S[self.window]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `600/minute`, or None for `none`; raises `ValueError`."""
        if text == "none":
            return None
        found = _RATE.fullmatch(text)
        if found is None:
            raise ValueError("write a number and a time, such as 600/minute, or none")
        return cls(int(found[1]), found[2])  # pyright: ignore[reportArgumentType] - one of them


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of asking for some of a window's requests."""

    granted: bool
    left: int  #: requests that the window still has
    reset_s: float  #: until the next window begins


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of its window a caller has left."""

    limit: RateLimit
    left: int
    reset_s: float

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """`RateLimit-Policy` and `RateLimit`, as the IETF's draft writes them."""
        policy = f'"default";q={self.limit.requests};w={self.limit.window_s}'
        now = f'"default";r={self.left};t={ceil(self.reset_s)}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", now.encode())]
