"""Presets: what boards may be made for, and what each looks like."""

import storyloom.client.operations as ops
from storyloom.client.faces import F, Group, operation
from storyloom.storyboard.schemas import Wishes


class Presets(Group[F]):
    """Whose customers, which stage, which audience."""

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
