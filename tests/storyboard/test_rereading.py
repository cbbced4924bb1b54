"""Whose words a revision has: read anew by rules for other readers, somebody's own, or as they were."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from pydantic import JsonValue

from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import Job
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.notes import (
    BY_RULES,
    HEADLINE_STAYS,
    STAY_OF_MODEL,
    STAY_OF_SOURCE,
    STAY_UNNOTED,
)
from storyloom.storyboard.pipeline import CodeToStoryboardTool, RoadmapToStoryboardTool
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import Understanding, UnderstandingSource
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps, FixedReading
from tests.storyboard.test_intake import StartedJobs

Accept = Callable[..., Awaitable[JobId]]
NOTED = ("wording", "begun_with", "reads")  #: not by releases before
FOR_CHAMPIONS = "For operations and project managers, and those who answer to them."


class Board:
    """Makes storyboards of code, revises them, and forgets the ones before."""

    def __init__(self, bench: Workbench, archive: SqlJobArchive, clock: ManualClock) -> None:
        self.bench, self.archive, self.clock = bench, archive, clock
        self.tool: CodeToStoryboardTool | RoadmapToStoryboardTool = CodeToStoryboardTool(bench)
        self.intake = StoryboardIntake(
            bench.jobs, StartedJobs(), bench.images, bench.studio.catalogue
        )

    async def run(self, job_id: JobId) -> Job:
        await self.tool.run(job_id, DirectSteps())
        return await self.bench.jobs.job(job_id)

    async def accept(self, job_id: JobId, **asked: Any) -> JobId:
        request = RevisionRequest.model_validate(asked)
        return (await self.intake.revision(job_id, request, "acme")).job_id

    async def revise(self, job_id: JobId, **asked: Any) -> Job:
        job = await self.run(await self.accept(job_id, **asked))
        assert (job.status, job.error_message) == ("completed", None)
        return job

    async def forget_ended(self) -> None:
        self.clock.advance(86_400)
        await self.archive.forget(ended_before=self.clock.now(), limit=9)


@pytest.fixture
def board(modelled: Workbench, archive: SqlJobArchive, clock: ManualClock) -> Board:
    return Board(modelled, archive, clock)


def words(job: Job) -> Understanding:
    return Understanding.model_validate(job.understanding)


@pytest.fixture
async def first(board: Board, accepted: Accept) -> JobId:
    return (await board.run(await accepted())).id


async def test_other_readers_have_words_of_their_own(
    board: Board, first: JobId, reading: FixedReading, rules: FixedReading
) -> None:
    job = await board.revise(first, audience="btl_champion")

    assert words(job).who_benefits == FOR_CHAMPIONS
    assert (words(job).degraded, words(job).written_for) == ((), None)
    assert FOR_CHAMPIONS in [one.body for one in Drawn.model_validate(job.details).board.panels]
    assert (len(reading.seen), len(rules.seen)) == (1, 1)


@pytest.mark.parametrize(
    "asked", [{"format": "square"}, {"audience": "c_suite"}, {"custom_headline": "Know it"}]
)
async def test_the_same_readers_keep_the_words(
    asked: Mapping[str, JsonValue], board: Board, first: JobId, rules: FixedReading
) -> None:
    job = await board.revise(first, **asked)

    assert words(job).degraded == ()
    assert rules.seen == []


async def test_words_that_somebody_gave_stay_theirs(board: Board, first: JobId) -> None:
    own = {"who_benefits": "Everybody on site.", "headline": "Know it"}
    worded = await board.revise(first, wording=own)
    more = await board.revise(worded.id, wording={"business_value": "Saves a day."})

    job = await board.revise(more.id, audience="btl_champion", stage="demo")

    assert words(job).who_benefits == "Everybody on site."
    assert words(job).business_value == "Saves a day."
    assert words(job).headline == "Know it"
    assert {one.field for one in words(job).evidence} == {"found_headline"}


async def test_words_of_a_revision_by_an_earlier_release_all_stay(
    board: Board, first: JobId, rules: FixedReading
) -> None:
    worded = await board.revise(first, wording={"who_benefits": "Everybody on site."})
    kept = [await board.bench.jobs.job(job_id) for job_id in (first, worded.id)]
    await board.forget_ended()
    for job in kept:
        params = {name: job.input_params[name] for name in job.input_params if name not in NOTED}
        await board.archive.add(job.model_copy(update={"input_params": params}))

    other = await board.revise(
        worded.id, audience="btl_champion", wording={"business_value": "Saves a day."}
    )
    third = await board.revise(other.id, stage="demo")
    back = await board.revise(third.id, audience="c_suite", stage="preview")

    for job in (other, third, back):
        assert words(job).who_benefits == "Everybody on site."
        assert words(job).business_value == "Saves a day."
    assert words(other).degraded == words(third).degraded == (STAY_UNNOTED,)
    assert (words(back).degraded, words(back).written_for) == ((), None)
    assert rules.seen == []


async def test_a_revision_of_a_revision_is_read_from_the_first_source(
    board: Board, first: JobId, rules: FixedReading
) -> None:
    second = await board.revise(first, stage="demo")
    third = await board.revise(second.id, format="square")

    job = await board.revise(third.id, audience="btl_champion")

    assert words(job).who_benefits == FOR_CHAMPIONS
    assert [source[1] for source, _ in rules.seen] == ["x = 1", "x = 1"]  # type: ignore[misc]
    assert "file_content" not in job.input_params


async def test_the_words_stay_where_the_source_has_gone_and_it_is_said(
    board: Board, first: JobId, rules: FixedReading
) -> None:
    before = words(await board.bench.jobs.job(first))
    accepted = await board.accept(first, audience="btl_champion")
    await board.forget_ended()

    job = await board.run(accepted)

    assert words(job).who_benefits == before.who_benefits
    assert words(job).degraded == (STAY_OF_SOURCE,)
    assert words(job).written_for is not None
    assert words(job).written_for.audience == "c_suite"  # type: ignore[union-attr]
    assert rules.seen == []


async def test_a_models_words_stay_and_it_is_said_until_they_fit_again(
    board: Board, accepted: Accept, reading: FixedReading, rules: FixedReading
) -> None:
    reading.by = UnderstandingSource.MODEL
    first = await board.run(await accepted())

    other = await board.revise(first.id, audience="btl_champion")
    shaped = await board.revise(other.id, format="square")
    back = await board.revise(shaped.id, audience="c_suite")

    assert words(other).degraded == words(shaped).degraded == (STAY_OF_MODEL,)
    assert words(other).who_benefits == words(first).who_benefits
    assert words(other).written_for == words(shaped).written_for
    assert (words(back).degraded, words(back).written_for) == ((), None)
    assert (len(reading.seen), rules.seen) == (1, [])


async def test_why_no_model_was_believed_is_still_said(
    board: Board, accepted: Accept, reading: FixedReading
) -> None:
    why = f"{BY_RULES}: headline held a figure."
    reading.notes = (why, "A note of the first reading.")
    first = await board.run(await accepted())

    job = await board.revise(first.id, audience="btl_champion")

    assert words(job).degraded == (why,)


async def test_what_cannot_be_read_again_leaves_the_words(
    board: Board, first: JobId, rules: FixedReading
) -> None:
    rules.by = UnderstandingSource.NONE

    job = await board.revise(first, audience="btl_champion")

    assert words(job).source is UnderstandingSource.STATIC
    assert words(job).degraded == (STAY_OF_SOURCE,)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_screenshot_is_read_again_while_it_is_kept(
    *, is_kept: bool, board: Board, accepted: Accept, rules: FixedReading
) -> None:
    board.tool = RoadmapToStoryboardTool(board.bench)
    await board.bench.images.put("sources/abc", b"picture")
    first = await board.run(await accepted(image_key="sources/abc", sanitize_ip=True))
    if not is_kept:
        await board.bench.images.delete("sources/abc")

    job = await board.revise(first.id, audience="btl_champion")

    assert (words(job).who_benefits == FOR_CHAMPIONS) is is_kept
    assert words(job).degraded == (() if is_kept else (STAY_OF_SOURCE,))
    assert [more for _, more in rules.seen] == [{"sanitize_ip": True}] * is_kept  # type: ignore[misc]


async def test_a_headline_is_taken_back(board: Board, accepted: Accept) -> None:
    first = await board.run(await accepted(custom_headline="Ours"))
    other = await board.revise(first.id, custom_headline="Ours again")

    job = await board.revise(other.id, custom_headline=None)

    assert words(other).found_headline == "Payback before you sign"
    assert words(job).headline == "Payback before you sign"
    assert (words(job).found_headline, job.input_params["custom_headline"]) == (None, None)
    assert [one.field for one in words(job).evidence] == ["headline"]
    assert Drawn.model_validate(job.details).board.headline == "Payback before you sign"


async def test_a_headline_that_nobody_has_kept_is_found_anew(
    board: Board, accepted: Accept, reading: FixedReading, rules: FixedReading
) -> None:
    reading.by, reading.keeps_headline = UnderstandingSource.MODEL, False
    first = await board.run(await accepted(custom_headline="Ours"))
    other = await board.revise(first.id, custom_headline="Ours again")

    job = await board.revise(other.id, custom_headline=None)

    assert (words(other).headline, words(other).found_headline) == ("Ours again", None)
    assert words(job).headline == "Payback before you sign"
    assert [one.field for one in words(job).evidence] == ["headline"]
    assert words(job).source is UnderstandingSource.MODEL
    assert (len(reading.seen), len(rules.seen)) == (1, 1)


async def test_a_headline_that_nobody_knows_and_none_can_find_is_not_promised(
    board: Board, accepted: Accept, reading: FixedReading
) -> None:
    reading.keeps_headline = False
    first = await board.run(await accepted(custom_headline="Ours"))
    accepted_before = await board.accept(first.id, custom_headline=None)
    shaped = await board.revise(first.id, format="square")
    kept = await board.archive.get(shaped.id)
    await board.forget_ended()
    assert kept is not None
    await board.archive.add(kept)

    with pytest.raises(InvalidInput) as refused:
        await board.accept(shaped.id, custom_headline=None)
    failed = await board.run(accepted_before)

    assert (refused.value.loc, refused.value.kind) == (
        ("body", "custom_headline"),
        "headline_unknown",
    )
    assert (failed.status, failed.error_code) == ("failed", "source_gone")


async def test_a_headline_is_found_anew_with_the_words_of_other_readers(
    board: Board, accepted: Accept, reading: FixedReading, rules: FixedReading
) -> None:
    reading.keeps_headline = False
    first = await board.run(await accepted(custom_headline="Ours"))

    job = await board.revise(first.id, custom_headline=None, audience="btl_champion")

    assert words(job).headline == "Payback before you sign"
    assert (words(job).who_benefits, words(job).degraded) == (FOR_CHAMPIONS, ())
    assert len(rules.seen) == 1


async def test_the_last_headline_stays_with_the_words_and_it_is_said(
    board: Board, accepted: Accept, reading: FixedReading
) -> None:
    reading.keeps_headline = False
    first = await board.run(await accepted(custom_headline="Ours"))
    accepted_before = await board.accept(first.id, custom_headline=None, audience="btl_champion")
    kept = await board.revise(first.id, format="square")
    await board.forget_ended()
    await board.archive.add(kept)

    with pytest.raises(InvalidInput) as refused:
        await board.accept(kept.id, custom_headline=None, audience="btl_champion")
    job = await board.run(accepted_before)
    shaped = await board.revise(job.id, format="square")
    headed = await board.revise(shaped.id, custom_headline="Mine")

    assert refused.value.kind == "headline_unknown"
    assert words(job).headline == words(shaped).headline == "Ours"
    assert words(job).degraded == words(shaped).degraded == (STAY_OF_SOURCE, HEADLINE_STAYS)
    assert (words(headed).headline, words(headed).degraded) == ("Mine", (STAY_OF_SOURCE,))


async def test_a_headline_that_is_its_own_may_be_taken_back_for_nothing(
    board: Board, first: JobId, rules: FixedReading
) -> None:
    job = await board.revise(first, custom_headline=None)

    assert words(job).headline == "Payback before you sign"
    assert rules.seen == []


async def test_a_given_headline_goes_before_the_found_one(board: Board, first: JobId) -> None:
    job = await board.revise(first, custom_headline=None, wording={"headline": "Mine"})

    assert words(job).headline == "Mine"
