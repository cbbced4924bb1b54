"""Presets: what boards may be made for, and what each looks like."""

from pathlib import Path

import storyloom.client.operations as ops
from storyloom.client.expecting import expecting
from storyloom.client.faces import F, Group, operation
from storyloom.client.sources import bytes_of
from storyloom.storyboard.profiles.schemas import (
    IcpView,
    PresetCatalogue,
    ProfileBody,
    ProfileSample,
)
from storyloom.storyboard.schemas import Wishes


class Presets(Group[F]):
    """Whose customers, which stage, which audience."""

    @operation
    async def list(self) -> PresetCatalogue:
        """All of them with every field, and where each comes from."""
        return await self.line.ask(ops.LIST_ALL_PRESETS)

    @operation
    async def sample(self, profile: ProfileSample) -> bytes:
        """A sample board with a profile that is kept nowhere, as an SVG, or a PNG with a width."""
        body = profile.model_dump(mode="json", exclude_none=True)
        return await self.line.ask(ops.SAMPLE_PROFILE, body=body)

    @operation
    async def get(self, key: str) -> IcpView:
        """One customer profile, with every field and its `etag`."""
        return await self.line.ask(ops.GET_PROFILE, {"key": key})

    @operation
    async def put(
        self, key: str, profile: ProfileBody, *, etag: str | None = None, is_new: bool = False
    ) -> IcpView:
        """Keep a customer profile under a name; a logo that it has stays.

        With the `etag` that it had when it was looked at, or `is_new` for one that is not there yet,
        nothing is changed that somebody else has written since: then it raises `Changed`.
        """
        body = profile.model_dump(mode="json", exclude_none=True)
        headers = expecting(etag) | ({"If-None-Match": "*"} if is_new else {})
        return await self.line.ask(ops.PUT_PROFILE, {"key": key}, body=body, headers=headers)

    @operation
    async def delete(self, key: str, *, etag: str | None = None) -> None:
        """Remove a stored profile; with its `etag`, only while it is as it was then."""
        await self.line.ask(ops.DELETE_PROFILE, {"key": key}, headers=expecting(etag))

    @operation
    async def logo(self, key: str) -> bytes:
        """The logo of a stored profile, a PNG."""
        return await self.line.ask(ops.GET_LOGO, {"key": key})

    @operation
    async def put_logo(self, key: str, source: Path | bytes) -> IcpView:
        """Give a stored profile a logo: a PNG, JPEG or WebP."""
        raw = await bytes_of(source)
        headers = {"Content-Type": "application/octet-stream"}
        return await self.line.ask(ops.PUT_LOGO, {"key": key}, body=raw, headers=headers)

    @operation
    async def delete_logo(self, key: str) -> IcpView:
        """Take the logo of a stored profile away."""
        return await self.line.ask(ops.DELETE_LOGO, {"key": key})

    @operation
    async def preview(self, wishes: Wishes | None = None, *, width: int | None = None) -> bytes:
        """A sample board for these wishes, as an SVG, or as a PNG so many pixels wide."""
        return await self.line.ask(ops.PREVIEW_BOARD, query=choice_of(wishes, width))


def choice_of(wishes: Wishes | None, width: int | None) -> dict[str, object]:
    """What of the wishes shows on a sample."""
    wished = (wishes or Wishes()).model_dump(mode="json", exclude_unset=True)
    shown = ("icp_preset", "stage", "audience", "format")
    told = {name: wished[name] for name in shown if name in wished}
    return {**told, "headline": wished.get("custom_headline"), "width": width}
