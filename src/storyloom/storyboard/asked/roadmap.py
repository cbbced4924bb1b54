"""Understands a roadmap screenshot by asking a language model that can see.

With `sanitize_ip` the picture is masked before it leaves, and nothing that may be a name, a date or a
figure of it passes into the result. Where it cannot be masked, it is not sent.
"""

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Protocol

from anyio import to_thread

from storyloom.errors import Rejected, Unsupported
from storyloom.imaging.schemas import MediaType
from storyloom.imaging.uploads import decode_image
from storyloom.llm.ports import Asks
from storyloom.llm.schemas import Attachment, Question
from storyloom.storyboard.asked.asking import asked, by_rules, why_not
from storyloom.storyboard.asked.briefing import (
    ENGLISH,
    language_of,
    own_words,
    roadmap_instructions,
)
from storyloom.storyboard.asked.code import understanding_of
from storyloom.storyboard.asked.evidence import Judged, cited_boxes, judged
from storyloom.storyboard.asked.faults import Bounds
from storyloom.storyboard.asked.grounds import Grounds
from storyloom.storyboard.asked.schemas import RoadmapAnswer
from storyloom.storyboard.notes import UNSENT
from storyloom.storyboard.ports import RoadmapUnderstanding, TextReader
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.prompting import UNDERSTAND_ROADMAP, prompt
from storyloom.storyboard.schemas import Understanding

MAX_SIDE = 2048  #: pixels; small print stays readable, and no model looks closer
_MATERIAL = "The roadmap is the attached picture."
_UNMASKED = f"{UNSENT}, because it cannot be masked here."
_UNCHECKED = "Names and figures of the picture could not be checked, because no reader is here."
_JPEG_START = b"\xff\xd8\xff"


class MaskedPicture(Protocol):
    """A picture whose confidential words are painted over."""

    @property
    def data(self) -> bytes:
        """The file, as PNG or JPEG."""
        ...

    @property
    def hidden(self) -> frozenset[str]:
        """The words that were painted over."""
        ...


class Masks(Protocol):
    """Paints over what is confidential in a picture."""

    async def mask(self, image: bytes) -> MaskedPicture:
        """Mask a picture; raises `Rejected` where it cannot be done."""
        ...


@dataclass(frozen=True, slots=True)
class _Shown:
    """The picture that a model gets to see, and what is known of it here."""

    image: bytes
    size: tuple[int, int]  #: of the picture as it came: a masked one is as large
    grounds: Grounds
    hidden: frozenset[str] = frozenset()


class AskedRoadmapUnderstanding:
    """A `RoadmapUnderstanding` by a language model that can see."""

    def __init__(
        self,
        model: Asks,
        static: RoadmapUnderstanding,
        *,
        masker: Masks | None,
        reader: TextReader | None,
    ) -> None:
        """Take what can be asked, what reads by rules, what masks, and what reads words."""
        self._model = model
        self._static = static
        self._masker = masker
        self._reader = reader

    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        """Fill the seven fields; raises what `ask` raises."""
        try:
            shown = await (self._masked(image) if sanitize_ip else self._open(image))
        except Rejected as fault:  # of the masker or the reader; nobody else was asked yet
            static = await self._static.understand(image, brief, sanitize_ip=sanitize_ip)
            return by_rules(static, f"{_UNMASKED} {fault.message}")
        question = await to_thread.run_sync(_question, shown.image, brief, sanitize_ip)
        judge = partial(_judged, shown=shown, brief=brief, sanitize_ip=sanitize_ip)
        verdict = await asked(self._model, question, judge)
        if verdict.complaints:
            static = await self._static.understand(image, brief, sanitize_ip=sanitize_ip)
            return by_rules(static, verdict.stand_in, why_not(verdict.complaints))
        return understanding_of(verdict, brief)

    async def _masked(self, image: bytes) -> _Shown:
        if self._masker is None:
            raise Unsupported
        masked = await self._masker.mask(image)
        data, size = await to_thread.run_sync(_sized, masked.data)
        hidden = frozenset(word.casefold() for word in masked.hidden)
        return _Shown(data, size, Grounds(None), hidden)

    async def _open(self, image: bytes) -> _Shown:
        data, size = await to_thread.run_sync(_sized, image)
        return _Shown(data, size, Grounds(await self._words(image)))

    async def _words(self, image: bytes) -> tuple[str, ...] | None:
        if self._reader is None:
            return None
        try:
            return tuple(box.text for box in await self._reader.read(image))
        except Rejected:
            return None


def _question(image: bytes, brief: Brief, sanitize_ip: bool) -> Question[RoadmapAnswer]:  # noqa: FBT001 - called through a thread, which passes by position
    asking = prompt(UNDERSTAND_ROADMAP)
    media_type = MediaType.JPEG if image.startswith(_JPEG_START) else MediaType.PNG
    return Question(
        name=asking.name,
        version=asking.version,
        instructions=roadmap_instructions(asking, brief, sanitize_ip=sanitize_ip),
        material=_MATERIAL,
        answer=RoadmapAnswer,
        attachments=(Attachment(image, media_type),),
    )


def _judged(answer: RoadmapAnswer, *, shown: _Shown, brief: Brief, sanitize_ip: bool) -> Judged:
    language, grounds = language_of(brief), shown.grounds
    bounds = Bounds(
        grounds=grounds,
        own_words=own_words(brief),
        instructions=roadmap_instructions(
            prompt(UNDERSTAND_ROADMAP), brief, sanitize_ip=sanitize_ip
        ),
        is_english=language == ENGLISH,
        is_confidential=sanitize_ip,
        hidden=shown.hidden,
    )
    said = judged(answer, bounds, language=language, headline=brief.headline)
    cited = cited_boxes(answer.evidence, shown.size)
    unchecked = (_UNCHECKED,) if grounds.lines is None and not sanitize_ip else ()
    return Judged(
        fields=said.fields,
        found_headline=said.found_headline,
        evidence=cited.evidence,
        notes=unchecked + said.notes + cited.notes,
        complaints=said.complaints + cited.complaints,
    )


def _sized(image: bytes) -> tuple[bytes, tuple[int, int]]:
    """A picture with sides of at most `MAX_SIDE`, and the size that it had."""
    picture = decode_image(image)
    size = picture.size
    if max(size) <= MAX_SIDE:
        return image, size
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    out = BytesIO()
    if image.startswith(_JPEG_START):
        picture.save(out, "JPEG", quality=88, subsampling=0)
    else:
        picture.save(out, "PNG", compress_level=3)
    return out.getvalue(), size
