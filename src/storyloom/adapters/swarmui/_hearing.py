"""What SwarmUI tells of an order, frame by frame, and what came of it."""

from dataclasses import dataclass, field

from pydantic import BaseModel, FiniteFloat, ValidationError

from storyloom.adapters.swarmui._refusals import fault_of
from storyloom.adapters.swarmui._wire import (
    BROKEN,
    INVALID_SESSION,
    LOADING,
    BackendStatus,
    Counts,
    Refusal,
)
from storyloom.automation.errors import SYSTEM
from storyloom.errors import BadAnswer, ContentBlocked, Interrupted, Unreachable
from storyloom.imaging.ports import Watch
from storyloom.imaging.schemas import Progress

_CLOSE = "close"
_STRANGER = "another program or an older SwarmUI answers: it says what no SwarmUI says"
_MESSAGE_LENGTH = 200


class _Image(BaseModel):
    """A picture, as the documentation has it within `image`; in truth it lies around that."""

    image: str
    batch_index: int | str = 0
    metadata: str | None = None


class _GenProgress(BaseModel):
    batch_index: int | str = 0
    overall_percent: FiniteFloat = 0.0


class Frame(BaseModel):
    """One text of a socket. Which keys it has tells what it is."""

    status: Counts | None = None
    backend_status: BackendStatus | None = None
    gen_progress: _GenProgress | None = None
    image: str | _Image | None = None
    batch_index: int | str = 0
    metadata: str | None = None
    error: str | None = None
    error_id: str = ""
    discard_indices: list[int] | None = None
    socket_intention: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A picture that was made: where it lies, or all of it as a data URL, and what it was made with."""

    image: str
    metadata: str


@dataclass(slots=True)
class Hearing:
    """Hears one order to its end."""

    watch: Watch
    has_begun: bool = False  #: SwarmUI has taken the order
    has_ended: bool = False  #: nothing is being made for it any more
    is_over: bool = False  #: there is nothing more to hear
    _images: dict[str, Told] = field(default_factory=dict[str, Told])
    _refusals: list[Refusal] = field(default_factory=list[Refusal])
    _discarded: set[str] = field(default_factory=set[str])
    _progress: Progress = field(default_factory=lambda: Progress(fraction=0))

    def hear(self, text: str) -> None:
        """Take one frame; raises `BadAnswer` where it is none of SwarmUI's."""
        try:
            frame = Frame.model_validate_json(text)
        except ValidationError as fault:
            raise BadAnswer(_STRANGER) from fault
        if frame.status is not None:
            self._hear_status(frame.status, frame.backend_status)
        if frame.gen_progress is not None:
            self._move(frame.gen_progress.overall_percent, "")
        if frame.image is not None:
            self._hear_image(frame, frame.image)
        if frame.error is not None or frame.error_id:
            self._refusals.append(Refusal(error=frame.error or "", error_id=frame.error_id))
        if frame.discard_indices is not None:
            self._discarded.update(map(str, frame.discard_indices))
            self.has_ended = True
        if frame.socket_intention == _CLOSE:
            self.has_ended = self.is_over = True

    @property
    def is_forgotten(self) -> bool:
        """Whether SwarmUI has forgotten the session; it has made nothing then."""
        forgotten = any(one.error_id == INVALID_SESSION for one in self._refusals)
        return forgotten and not self.has_begun

    @property
    def has_picture(self) -> bool:
        """Whether there is one, by what was told so far."""
        return bool(self._images.keys() - self._discarded)

    def outcome(self) -> Told:
        """The picture; raises what `ImageBackend.generate` says where there is none.

        An error beside a picture is none: it may be about what follows the picture.
        """
        for index, image in self._images.items():
            if index not in self._discarded:
                return image
        if self._images:
            raise ContentBlocked("SwarmUI made the picture and threw it away", system=SYSTEM)
        if self._refusals:
            raise fault_of(self._refusals[0])
        if self.has_ended:
            raise Interrupted(
                "SwarmUI ended without a picture and without a word, as it does when somebody "
                "interrupts what waits in its queue",
                system=SYSTEM,
            )
        raise Unreachable("SwarmUI closed the connection before there was a picture", system=SYSTEM)

    def _hear_image(self, frame: Frame, image: str | _Image) -> None:
        if isinstance(image, str):
            image = _Image(image=image, batch_index=frame.batch_index, metadata=frame.metadata)
        index = str(image.batch_index)
        if not index.startswith("-"):  # a grid of all, or something in between
            self._images[index] = Told(image.image, image.metadata or "")

    def _hear_status(self, counts: Counts, backends: BackendStatus | None) -> None:
        self.has_begun = True
        self._move(0.0, _waiting_for(counts, backends))

    def _move(self, fraction: float, says: str) -> None:
        farthest = max(self._progress.fraction, min(fraction, 1.0))
        progress = Progress(fraction=farthest, says=says)
        if progress != self._progress:
            self._progress = progress
            self.watch(progress)


def _waiting_for(counts: Counts, backends: BackendStatus | None) -> str:
    """Why nothing moves; empty where something does."""
    if counts.live_gens or not counts.waiting_gens:
        return ""
    if counts.loading_models:
        return "SwarmUI is loading the model"
    if backends is not None and (backends.any_loading or backends.status in LOADING):
        return "SwarmUI's backends are loading"
    if backends is not None and backends.status in BROKEN:
        return f"SwarmUI's backends are {backends.status}: {backends.message[:_MESSAGE_LENGTH]}"
    return "waiting for a backend of SwarmUI" if counts.waiting_backends else ""
