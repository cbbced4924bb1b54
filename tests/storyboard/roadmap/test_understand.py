"""A roadmap screenshot becomes seven fields, without a language model."""

from collections.abc import Callable
from itertools import product

import pytest

from storyloom.errors import InvalidInput, Rejected, Unsupported
from storyloom.storyboard.ports import TextBox
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.roadmap.phrases import MAX_WHAT
from storyloom.storyboard.roadmap.understand import StaticRoadmapUnderstanding, understood
from storyloom.storyboard.schemas import UnderstandingSource

MakeBrief = Callable[..., Brief]
Put = Callable[..., tuple[TextBox, ...]]
STAGES = ["preview", "demo", "shipped"]
TEXTS = ("what_it_does", "business_value", "who_benefits", "differentiator", "pain_point_addressed")


class Reader:
    """Finds what it was given, or fails as it was told."""

    def __init__(self, *boxes: TextBox, fault: Exception | None = None) -> None:
        self.boxes, self.fault = boxes, fault

    async def read(self, image: bytes) -> tuple[TextBox, ...]:
        if self.fault:
            raise self.fault
        return self.boxes

    async def ping(self) -> None:
        pass


@pytest.fixture
def plan(put: Put) -> tuple[TextBox, ...]:
    return put(
        ("Now", 40, 50), ("Next", 440, 50), ("Later", 840, 50),
        ("Invoice reminders", 40, 120), ("Crew app offline", 40, 200),
        ("Crew schedule", 440, 120), ("Permit tracker", 840, 120),
    )  # fmt: skip


@pytest.mark.parametrize(
    "keys", list(product(["c_suite", "business_owner", "btl_champion"], STAGES))
)
@pytest.mark.parametrize("sanitize", [True, False])
async def test_every_field_is_one_or_two_whole_sentences(
    plan: tuple[TextBox, ...],
    brief: MakeBrief,
    keys: tuple[str, str],
    sanitize: bool,  # noqa: FBT001
) -> None:
    made = await StaticRoadmapUnderstanding(Reader(*plan)).understand(
        b"", brief(*keys), sanitize_ip=sanitize
    )

    assert made.source is UnderstandingSource.OCR
    assert made.degraded == ()
    assert 10 < len(made.headline) <= 80
    assert not made.headline.endswith(".")
    for field in TEXTS:
        text = getattr(made, field)
        assert text[0].isupper()
        assert text.endswith(".")
        assert text.count(". ") <= 1
        assert "{" not in text
        assert "[" not in text
        assert len(text) <= (MAX_WHAT if field == "what_it_does" else 170)


async def test_the_themes_are_told_in_our_words(
    plan: tuple[TextBox, ...], brief: MakeBrief
) -> None:
    made = await StaticRoadmapUnderstanding(Reader(*plan)).understand(
        b"", brief(), sanitize_ip=True
    )

    assert made.headline == "What is coming: scheduling, billing and mobile work"
    assert made.what_it_does == (
        "Four additions are on the way: "
        "first billing and mobile work, then scheduling, and later compliance."
    )
    assert made.suggested_icon == "calendar-check"


async def test_the_items_are_named_where_that_is_allowed(
    plan: tuple[TextBox, ...], brief: MakeBrief
) -> None:
    made = await StaticRoadmapUnderstanding(Reader(*plan)).understand(
        b"", brief(), sanitize_ip=False
    )

    assert made.headline == "What is coming: Invoice reminders, Crew schedule and Permit tracker"
    assert made.what_it_does == (
        "Now: Invoice reminders and Crew app offline; next: Crew schedule; later: Permit tracker."
    )
    assert made.business_value.startswith("Crew schedule: it will ")
    assert made.pain_point_addressed.endswith("The answer on the roadmap: Crew schedule.")


def test_evidence_points_at_pixels(plan: tuple[TextBox, ...], brief: MakeBrief) -> None:
    made = understood(plan, brief(), sanitize_ip=True)

    assert (40, 108, 210, 132) in {proof.box for proof in made.evidence}
    assert {proof.field for proof in made.evidence} == set(TEXTS)


@pytest.mark.parametrize("sanitize", [True, False])
@pytest.mark.parametrize(
    "fault",
    [Unsupported("Install it with: pip install 'storyloom[ocr]'"), Rejected("It broke.")],
)
async def test_where_nothing_can_read_the_board_is_silent_and_says_why(
    brief: MakeBrief,
    sanitize: bool,  # noqa: FBT001
    fault: Exception,
) -> None:
    made = await StaticRoadmapUnderstanding(Reader(fault=fault)).understand(
        b"", brief(), sanitize_ip=sanitize
    )

    assert made.source is UnderstandingSource.NONE
    assert made.headline == "What is coming next"
    assert [getattr(made, field) for field in TEXTS] == [""] * 5
    assert str(fault) in made.degraded[0]


async def test_a_broken_picture_is_the_callers_fault(brief: MakeBrief) -> None:
    reader = Reader(fault=InvalidInput("It is broken.", kind="image_broken"))

    with pytest.raises(InvalidInput):
        await StaticRoadmapUnderstanding(reader).understand(b"", brief(), sanitize_ip=True)


@pytest.mark.parametrize(
    ("texts", "why"),
    [((), "No words were found"), (("Now", "12"), "No roadmap items were found")],
)
def test_a_picture_without_items_is_told_apart(
    put: Put, brief: MakeBrief, texts: tuple[str, ...], why: str
) -> None:
    boxes = put(*((text, 10, 40 * i) for i, text in enumerate(texts)))

    made = understood(boxes, brief(stage="shipped"), sanitize_ip=True)

    assert made.headline == "What is live now"
    assert made.source is UnderstandingSource.NONE
    assert made.degraded[0].startswith(why)


@pytest.mark.parametrize("sanitize", [True, False])
@pytest.mark.parametrize("texts", [(), ("Zorbl", "Frobnitz"), ("Invoice reminders", "Crew map")])
def test_a_wished_headline_is_taken_word_for_word(
    put: Put,
    brief: MakeBrief,
    texts: tuple[str, ...],
    sanitize: bool,  # noqa: FBT001
) -> None:
    boxes = put(*((text, 10, 40 * i) for i, text in enumerate(texts)))
    wish = brief(headline="  Coming SOON: v9 {x}! ")

    assert understood(boxes, wish, sanitize).headline == "  Coming SOON: v9 {x}! "


def test_subjects_that_nobody_knows_are_named_but_not_praised(put: Put, brief: MakeBrief) -> None:
    boxes = put(("Now", 40, 50), ("Next", 440, 50), ("Zorbl", 40, 120), ("Frobnitz", 440, 120))

    closed = understood(boxes, brief(), sanitize_ip=True)
    opened = understood(boxes, brief(), sanitize_ip=False)

    assert (closed.headline, closed.what_it_does) == ("What is coming next", "")
    assert opened.headline == "What is coming: Zorbl and Frobnitz"
    assert opened.what_it_does == "Now: Zorbl; next: Frobnitz."
    assert opened.business_value == ""
    assert "subjects" in opened.degraded[0]
    assert opened.evidence == ()
