"""What imaging needs from outside: something that makes pictures, something that keeps files."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from storyloom.imaging.schemas import Capabilities, ImageRequest, Picture, Progress, Swept

#: Hears how far a picture is. It is called on the event loop and returns at once.
Watch = Callable[[Progress], None]


def unwatched(progress: Progress) -> None:
    """Hear of nothing."""


class ImageBackend(Protocol):
    """Makes text-free pictures.

    `generate` returns a picture of exactly the size asked for, or raises `Unsupported` when the
    request is beyond `capabilities`, `ContentBlocked` when it is refused, `ModelNotFound` when it
    does not have the model, `OutOfMemory` when its GPU's memory does not suffice, `Interrupted` when
    somebody else stopped it, and `Unavailable` (or another class below it) when another try may help.
    The same request with the same seed gives the same picture where `supports_seed` is true.

    A caller who is cancelled in `generate` stops the work at the backend too, within two seconds,
    where the backend can.
    """

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        ...

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        """Make one picture, and tell `watch` how far it is where the backend tells."""
        ...

    async def ping(self) -> None:
        """Return when it is ready; raise `Unavailable` when it is not."""
        ...

    async def free(self) -> None:
        """Give back the GPU memory that it holds while it has nothing to do; may do nothing."""
        ...


class PaidImageBackend(ImageBackend, Protocol):
    """An image backend at a provider. Every `generate` of an adapter is exactly one request.

    It raises what `LanguageModel.ask` raises. The picture has exactly the size asked for, whatever
    the model gives.
    """

    @property
    def provider(self) -> str:
        """Who runs it, such as `google`."""
        ...

    @property
    def model(self) -> str:
        """Its name there, such as `gemini-3.1-flash-image`."""
        ...

    @property
    def destination(self) -> str:
        """The host that gets the prompt."""
        ...


class ImageStore(Protocol):
    """Keeps files by key. Keys are slash-separated, relative, and chosen by us.

    Writing the same key again replaces the file; a reader sees the old bytes or the new, never a
    mixture. A file that was written survives a crash of the process right after.
    """

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key; a file that is written again is as young as a new one."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes kept under the key; raises `NotFound`."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the key; a key that is not there is no error."""
        ...

    async def forget(self, folder: str, *, older_than: datetime, dry_run: bool = False) -> Swept:
        """Remove the files of a folder that were last written before this time; say what went.

        A dry run removes nothing and says what would go. Several may do this at the same time.
        """
        ...

    async def ping(self) -> None:
        """Return when the store can be written; raise `Unavailable` when it cannot."""
        ...
