"""Whose things a request is about: one dependency for every route that asks."""

from typing import Annotated

from fastapi import Depends, Header

DEFAULT_ORG = "default"
ORG_LENGTH = 128
ORG_LABEL = r"^[!-~]([ -~]*[!-~])?$"

OrgLabel = Annotated[
    str | None,
    Header(
        alias="X-Org-ID",
        description="A label for your organisation; what has another label is not found",
        min_length=1,
        max_length=ORG_LENGTH,
        pattern=ORG_LABEL,
    ),
]


async def caller_org(org_id: OrgLabel = None) -> str:
    """The organisation of whoever asks."""
    return org_id or DEFAULT_ORG


Org = Annotated[str, Depends(caller_org)]
