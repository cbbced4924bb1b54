"""Leases as the routes take and tell them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.gpu.schemas import HolderKind, Lease

_EXAMPLE_ID = "0b0f1bd4-6f0b-4d3e-9f0e-6f9f5e7a1f55"
_TIMES = {"grantedAt": "2026-03-01T12:00:00Z", "expiresAt": "2026-03-01T12:01:00Z"}


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class _Asked(_Told):
    model_config = ConfigDict(extra="forbid")


class LeaseRequest(_Asked):
    """A GPU that is wanted."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"holder": "model training", "ttlSeconds": 60}}
    )

    holder: str = Field(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="What wants it, in words for people",
    )
    ttl_seconds: float = Field(
        default=60, ge=5, le=3600, description="How long it is held, unless it is renewed"
    )
    resource: str = Field(
        default="gpu0",
        pattern=r"^([A-Za-z0-9._-]{1,253}/)?[A-Za-z0-9._-]{1,64}$",
        description="Which GPU, by a name that all who want it agree on; one of this host, unless "
        "another is named before a slash",
    )


class LeaseRenewal(_Asked):
    """How long a lease is to last from now on."""

    ttl_seconds: float | None = Field(
        default=None, ge=5, le=3600, description="As long as before when left out"
    )


class HeldLease(_Told):
    """A lease of one's own."""

    lease_id: str
    resource: str = Field(description="The host and the name of the GPU there")
    holder: str
    fencing_token: int = Field(description="Grows with every grant of the same GPU")
    ttl_seconds: float
    granted_at: datetime
    expires_at: datetime = Field(description="By the clock of the store of leases")

    @classmethod
    def of(cls, lease: Lease) -> "HeldLease":
        """What its holder is told."""
        return cls(**_told_to_holder(lease))


class LeaseGrant(HeldLease):
    """A lease with its token."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "leaseId": _EXAMPLE_ID,
                "token": "5d1c…",
                "resource": "studio/gpu0",
                "holder": "model training",
                "fencingToken": 7,
                "ttlSeconds": 60,
                **_TIMES,
            }
        }
    )

    token: str = Field(description="Renews and releases it. It is shown this once")

    @classmethod
    def granted(cls, lease: Lease, token: str) -> "LeaseGrant":
        """What is told when it is granted."""
        return cls(token=token, **_told_to_holder(lease))


class LeaseView(_Told):
    """Who holds a GPU, as far as the caller may know."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "resource": "studio/gpu0",
                "isYours": True,
                "kind": "program",
                "holder": "model training",
                "leaseId": _EXAMPLE_ID,
                "fencingToken": 7,
                **_TIMES,
            }
        },
    )

    resource: str
    is_yours: bool = Field(description="Whether it is of the caller's organisation")
    kind: HolderKind
    holder: str | None = Field(description="Null where it is of another organisation")
    lease_id: str | None = Field(description="Null where it is of another organisation")
    fencing_token: int
    granted_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, lease: Lease, org_id: str) -> "LeaseView":
        """What an organisation is told of it."""
        is_yours = lease.claim.org_id == org_id
        return cls(
            resource=lease.claim.resource,
            is_yours=is_yours,
            kind=lease.claim.kind,
            holder=lease.claim.holder if is_yours else None,
            lease_id=lease.id if is_yours else None,
            fencing_token=lease.fencing_token,
            granted_at=lease.granted_at,
            expires_at=lease.expires_at,
        )


class LeaseList(_Told):
    """Who holds which GPU."""

    leases: tuple[LeaseView, ...]


class GpuIsHeld(_Told):
    """The GPU is not to be had, and who has it."""

    detail: str
    code: str
    lease: LeaseView


def _told_to_holder(lease: Lease) -> dict[str, Any]:
    return {
        "lease_id": lease.id,
        "resource": lease.claim.resource,
        "holder": lease.claim.holder,
        "fencing_token": lease.fencing_token,
        "ttl_seconds": lease.ttl_s,
        "granted_at": lease.granted_at,
        "expires_at": lease.expires_at,
    }
