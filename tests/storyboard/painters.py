"""An image model that tests can steer, and a ledger of what it was asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture
from storyloom.outbound.account import current_account
from storyloom.outbound.schemas import Account, StandIn

STAND_IN = StandIn("a:one", "b:two", "quota", "a:one (quota) did not answer, so b:two did.")


def raster(size: tuple[int, int], kind: str = "JPEG", colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@dataclass
class FakePainter:
    """Gives each request a picture of one colour in the size that was asked for."""

    media_type: MediaType = MediaType.JPEG
    fault: Exception | None = None
    stand_in: StandIn | None = None
    asked: list[ImageRequest] = field(default_factory=list[ImageRequest])
    accounts: list[Account] = field(default_factory=list[Account])
    name: str = "painter"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            media_types=frozenset({self.media_type}),
            max_width=4096,
            max_height=4096,
            supports_seed=False,
            supports_negative_prompt=False,
            is_local=False,
            is_free=False,
        )

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        self.asked.append(request)
        self.accounts.append(current_account())
        if self.fault is not None:
            raise self.fault
        size = (request.width, request.height)
        data = raster(size, self.media_type.name, colour=f"#{len(self.asked):06x}")
        return Picture(
            data,
            self.media_type,
            *size,
            backend=self.name,
            model="paint-1",
            stand_in=self.stand_in,
        )

    async def ping(self) -> None: ...

    async def free(self) -> None: ...

    @property
    def purposes(self) -> Sequence[str]:
        return [request.purpose for request in self.asked]
