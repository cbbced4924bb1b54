"""Revising a finished storyboard: what changes, what is taken over, what is asked of models."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import JsonValue, ValidationError

from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.errors import JobNotFinished, JobNotFound
from storyloom.storyboard.illustration import GONE_WARNING
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.pipeline import CodeToStoryboardTool, RoadmapToStoryboardTool
from storyloom.storyboard.revision import RevisionRequest, revised
from storyloom.storyboard.schemas import Evidence, JobType, JobView, Render
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps, FixedReading
from tests.storyboard.painters import STAND_IN, FakePainter
from tests.storyboard.test_intake import StartedJobs

Accept = Callable[..., Awaitable[JobId]]
Revise = Callable[..., Awaitable[Job]]


@pytest.fixture
def intake(modelled: Workbench) -> StoryboardIntake:
    return StoryboardIntake(
        modelled.jobs, StartedJobs(), modelled.images, modelled.studio.catalogue
    )


@pytest.fixture
def finish(modelled: Workbench, accepted: Accept) -> Accept:
    """Makes a storyboard with these wishes."""

    async def make(**params: JsonValue) -> JobId:
        job_id = await accepted(**params)
        await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())
        return job_id

    return make


@pytest.fixture
def revise(modelled: Workbench, intake: StoryboardIntake) -> Revise:
    """Revises a storyboard, and runs the job."""

    async def make(job_id: JobId, **asked: Any) -> Job:
        request = RevisionRequest.model_validate(asked)
        accepted = await intake.revision(job_id, request, "acme")
        await CodeToStoryboardTool(modelled).run(accepted.job_id, DirectSteps())
        job = await modelled.jobs.job(accepted.job_id)
        assert (job.status, job.error_message) == ("completed", None)
        return job

    return make


CHANGES: list[dict[str, Any]] = [
    {"custom_headline": "Know it first"},
    {"audience": "btl_champion"},
    {"stage": "shipped"},
    {"icp_preset": "software_team"},
    {"format": "square"},
    {"wording": {"business_value": "Saves a day a week."}},
    {"render": "vector"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
async def test_other_words_and_shapes_ask_no_model(
    change: dict[str, Any],
    *,
    finish: Accept,
    revise: Revise,
    reading: FixedReading,
    painter: FakePainter,
) -> None:
    parent = await finish()
    before = (len(reading.seen), len(painter.asked))

    await revise(parent, **change)

    assert (len(reading.seen), len(painter.asked)) == before == (1, 1)


@pytest.mark.parametrize("was", list(Render))
@pytest.mark.parametrize("change", [*CHANGES[:-1], {"render": "vector"}])
async def test_a_storyboard_without_a_models_art_gets_none_by_the_way(
    was: Render,
    change: dict[str, Any],
    *,
    finish: Accept,
    revise: Revise,
    painter: FakePainter,
) -> None:
    parent = await finish(render=was.value)
    before = len(painter.asked)

    job = await revise(parent, **change)

    stays_painted = was is Render.PAINTED and "render" not in change
    assert len(painter.asked) - before == (1 if stays_painted else 0)
    assert job.input_params["render"] == change.get("render", was.value)


@pytest.mark.parametrize(
    ("change", "was_and_asks_for"),
    [
        ({"new_art": True}, ("composed", "illustrate")),
        ({"render": "composed"}, ("vector", "illustrate")),
        ({"render": "painted"}, ("vector", "paint_page")),
        ({"render": "painted"}, ("composed", "paint_page")),
        ({"render": "composed"}, ("painted", "illustrate")),
        ({"new_art": True}, ("painted", "paint_page")),
        ({"new_art": True, "render": "painted", "stage": "demo"}, ("composed", "paint_page")),
    ],
)
async def test_other_art_is_exactly_one_call(
    change: dict[str, Any],
    was_and_asks_for: tuple[str, str],
    *,
    finish: Accept,
    revise: Revise,
    reading: FixedReading,
    painter: FakePainter,
) -> None:
    was, purpose = was_and_asks_for
    parent = await finish(render=was)
    before = len(painter.asked)

    job = await revise(parent, **change)

    assert painter.purposes[before:] == [purpose]
    assert len(reading.seen) == 1
    assert painter.accounts[-1].job_id == job.id
    assert painter.accounts[-1].fresh is bool(change.get("new_art"))


async def test_new_art_is_another_picture(
    finish: Accept, revise: Revise, painter: FakePainter
) -> None:
    await revise(await finish(), new_art=True)

    first, second = [request.seed for request in painter.asked]
    assert first != second


async def test_the_art_is_the_same_file_in_another_shape(finish: Accept, revise: Revise) -> None:
    job = await revise(await finish(), format="portrait")
    again = await revise(job.id, format="square")

    portrait, square = Drawn.model_validate(job.details), Drawn.model_validate(again.details)
    assert portrait.board.art is not None
    assert portrait.board.art == square.board.art
    assert (square.picture.width, square.picture.height) == (1200, 1200)
    assert square.art_by_model is True


async def test_words_of_ones_own_stand_where_they_belong(finish: Accept, revise: Revise) -> None:
    words = {"business_value": "Saves a\x07 day.", "suggested_icon": "rocket"}

    job = await revise(
        await finish(), custom_headline="Know *it*", wording=words, audience="btl_champion"
    )

    board = Drawn.model_validate(job.details).board
    assert job.understanding is not None
    assert job.understanding["business_value"] == "Saves a day."
    assert job.understanding["headline"] == "Know *it*"
    assert job.understanding["what_it_does"].startswith("Calculates payback")  # type: ignore[union-attr]
    assert board.headline == "Know *it*"
    assert board.icon == "rocket"
    assert "Saves a day." in [panel.body for panel in board.panels]
    assert board.layout == "playbook"


async def test_a_worded_headline_goes_before_an_earlier_custom_one(
    finish: Accept, revise: Revise
) -> None:
    job = await revise(await finish(custom_headline="Old"), wording={"headline": "New"})

    assert Drawn.model_validate(job.details).board.headline == "New"


async def test_an_earlier_custom_headline_stays(finish: Accept, revise: Revise) -> None:
    job = await revise(await finish(custom_headline="Ours"), stage="demo")

    assert Drawn.model_validate(job.details).board.headline == "Ours"


async def test_evidence_of_replaced_words_goes(modelled: Workbench, finish: Accept) -> None:
    job = await modelled.jobs.job(await finish())
    evidence = [Evidence(field=f, first_line=1, last_line=2) for f in ("headline", "who_benefits")]
    job = job.model_copy(
        update={
            "understanding": {
                **(job.understanding or {}),
                "evidence": [e.model_dump(mode="json") for e in evidence],
            }
        }
    )

    _, params = revised(job, RevisionRequest.model_validate({"custom_headline": "New"}))

    kept: Any = params["understanding"]
    assert [e["field"] for e in kept["evidence"]] == ["found_headline", "who_benefits"]


async def test_a_revised_job_needs_neither_source_nor_parent(
    modelled: Workbench, finish: Accept, revise: Revise
) -> None:
    parent = await finish(file_content="x = 'a source'")

    job = await revise(parent, audience="business_owner")

    assert JobView.of(job).revised_from == parent
    assert job.job_type == JobType.CODE
    assert job.org_id == "acme"
    assert "file_content" not in job.input_params
    footnote = Drawn.model_validate(job.details).board.footnote
    assert footnote == "Read from x.py by rules, without a model"


async def test_a_revised_roadmap_keeps_its_promises(
    modelled: Workbench, accepted: Accept, intake: StoryboardIntake
) -> None:
    await modelled.images.put("sources/abc", b"picture")
    parent = await accepted(image_key="sources/abc", sanitize_ip=True)
    await RoadmapToStoryboardTool(modelled).run(parent, DirectSteps())
    asked = RevisionRequest.model_validate({"stage": "demo"})

    accepted_revision = await intake.revision(parent, asked, None)
    await RoadmapToStoryboardTool(modelled).run(accepted_revision.job_id, DirectSteps())

    job = await modelled.jobs.job(accepted_revision.job_id)
    assert job.status == "completed"
    assert job.input_params["sanitize_ip"] is True
    assert "image_key" not in job.input_params


@pytest.mark.parametrize(
    ("change", "is_told"), [({"stage": "demo"}, True), ({"new_art": True}, False)]
)
async def test_a_page_tells_of_its_own_art(
    change: dict[str, Any],
    *,
    is_told: bool,
    finish: Accept,
    revise: Revise,
    painter: FakePainter,
) -> None:
    painter.stand_in = STAND_IN
    parent = await finish()
    painter.stand_in = None

    job = await revise((await revise(parent, format="square")).id, **change)

    assert job.understanding is not None
    assert job.understanding["degraded"] == ([STAND_IN.says] if is_told else [])


async def test_art_that_has_gone_is_made_again_and_said(
    modelled: Workbench, finish: Accept, revise: Revise, painter: FakePainter
) -> None:
    parent = await finish()
    drawn = Drawn.model_validate((await modelled.jobs.job(parent)).details)
    assert drawn.board.art is not None
    await modelled.images.delete(drawn.board.art.key)

    job = await revise(parent, stage="demo")

    assert len(painter.asked) == 2
    assert JobView.of(job).warnings == [GONE_WARNING]


@pytest.mark.parametrize("details", [{}, {"board": 7}])
async def test_details_of_another_version_cost_one_picture(
    details: dict[str, JsonValue], modelled: Workbench, finish: Accept
) -> None:
    job = (await modelled.jobs.job(await finish())).model_copy(update={"details": details})

    _, params = revised(job, RevisionRequest(stage="demo"))

    assert params["art"] is None


async def test_a_board_without_art_gets_one(modelled: Workbench, finish: Accept) -> None:
    job = await modelled.jobs.job(await finish())
    drawn = Drawn.model_validate(job.details)
    bare = drawn.model_copy(update={"board": drawn.board.model_copy(update={"art": None})})
    job = job.model_copy(update={"details": bare.model_dump(mode="json")})

    _, params = revised(job, RevisionRequest(stage="demo"))

    assert params["art"] is None


async def test_models_are_not_named_again(finish: Accept, revise: Revise) -> None:
    job = await revise(await finish(fresh=True, model="ollama:qwen3"), stage="demo")

    assert (job.input_params["fresh"], job.input_params["model"]) == (False, None)


@pytest.mark.parametrize("org_id", ["other", None])
async def test_unknown_and_foreign_jobs_are_not_found(
    org_id: str | None, intake: StoryboardIntake, finish: Accept
) -> None:
    parent = await finish()
    asked = RevisionRequest(stage="demo")

    with pytest.raises(JobNotFound):
        await intake.revision(parent if org_id else "abc-123", asked, org_id)


async def test_what_has_not_ended_cannot_be_revised(
    intake: StoryboardIntake, accepted: Accept
) -> None:
    with pytest.raises(JobNotFinished, match="is pending; its picture is not ready yet"):
        await intake.revision(await accepted(), RevisionRequest(stage="demo"), "acme")


async def test_what_failed_cannot_be_revised(
    modelled: Workbench, intake: StoryboardIntake, accepted: Accept
) -> None:
    job_id = await accepted()
    await modelled.jobs.fail(job_id, message="No idea.", code="internal")

    with pytest.raises(JobNotFinished, match=r"it failed\. No idea\."):
        await intake.revision(job_id, RevisionRequest(stage="demo"), "acme")


def test_a_job_without_an_understanding_cannot_be_revised(make_job: Callable[..., Job]) -> None:
    job = make_job().model_copy(update={"status": JobStatus.COMPLETED, "understanding": {"a": 1}})

    with pytest.raises(JobNotFinished, match="no understanding"):
        revised(job, RevisionRequest(stage="demo"))


async def test_unknown_presets_are_named_with_what_there_is(
    intake: StoryboardIntake, finish: Accept
) -> None:
    with pytest.raises(InvalidInput, match="'preview', 'demo', 'shipped'") as fault:
        await intake.revision(await finish(), RevisionRequest(stage="gone"), "acme")

    assert fault.value.loc == ("body", "stage")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"wording": {}},
        {"new_art": False},
        {"new_art": 1},
        {"audience": None},
        {"wording": {"source": "model"}},
        {"wording": {"headline": " "}},
        {"wording": {"business_value": "x" * 601}},
        {"headline": "Not the name of a field"},
        {"custom_headline": "x" * 201},
    ],
)
def test_what_asks_for_nothing_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RevisionRequest.model_validate(asked)


async def test_scenes_of_a_time_without_models_are_drawn_again(
    bench: Workbench, accepted: Accept, revise: Revise, painter: FakePainter
) -> None:
    parent = await accepted()
    await CodeToStoryboardTool(bench).run(parent, DirectSteps())

    job = await revise(parent, icp_preset="software_team")

    assert painter.asked == []
    assert Drawn.model_validate(job.details).art_by_model is False
