"""Taking jobs in: check, keep, start, and only then accept."""

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import anyio
import pytest
from PIL import Image

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Conflict, InvalidInput, Unavailable
from storyloom.jobs.ports import RunState
from storyloom.jobs.schemas import Priority
from storyloom.kit.background import Background
from storyloom.kit.ids import JobId, new_job_id, promising
from storyloom.storyboard.intake import StoryboardIntake, check_source
from storyloom.storyboard.presets import Catalogue, kept_profile
from storyloom.storyboard.profiles.schemas import BrandBody, ProfileBody
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.schemas import (
    MAX_SOURCE_BYTES,
    CodeStoryboardRequest,
    JobAccepted,
    RoadmapStoryboardRequest,
)
from storyloom.storyboard.state import StoryboardJobManager


class StartedJobs:
    """An engine that notes what is started, or is down."""

    def __init__(self) -> None:
        self.started: list[tuple[JobId, str]] = []
        self.is_down = False

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        raise NotImplementedError

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        if self.is_down:
            raise Unavailable(system="engine")
        self.started.append((job_id, pipeline))

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        return {}

    async def ahead(self, job_id: JobId) -> int | None:
        return None

    async def ping(self) -> None: ...


@pytest.fixture
def engine() -> StartedJobs:
    return StartedJobs()


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
def intake(
    jobs: StoryboardJobManager, engine: StartedJobs, images: ObstoreImageStore
) -> StoryboardIntake:
    return StoryboardIntake(jobs, engine, images, Catalogue.load())


def png(size: tuple[int, int] = (8, 6)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "navy").save(buffer, "PNG")
    return buffer.getvalue()


def code(**more: str) -> CodeStoryboardRequest:
    return CodeStoryboardRequest.model_validate(
        {"file_content": "def calculate_roi(): ...", "file_name": "calculator.py", **more}
    )


async def test_a_code_file_is_kept_and_started(
    intake: StoryboardIntake, engine: StartedJobs, jobs: StoryboardJobManager
) -> None:
    accepted = await intake.code(code(), "acme")

    job = await jobs.job(accepted.job_id)
    assert engine.started == [(accepted.job_id, "code_to_storyboard")]
    assert accepted.status == "pending"
    assert accepted.poll_url == f"/storyboard/jobs/{accepted.job_id}"
    assert job.org_id == "acme"
    assert job.input_params["file_content"] == "def calculate_roi(): ..."


async def test_a_job_that_was_promised_is_accepted_once(
    intake: StoryboardIntake, engine: StartedJobs, jobs: StoryboardJobManager
) -> None:
    job_id = new_job_id()
    accepted: list[JobAccepted] = []

    for _ in range(2):
        with promising(job_id):
            accepted.append(await intake.code(code(), "acme"))

    assert accepted == [JobAccepted.of(job_id)] * 2
    assert [started for started, _ in engine.started] == [job_id]
    assert len(await jobs.recent(limit=9, org_id=None, status=None)) == 1


async def test_an_id_that_was_not_promised_is_never_taken_for_the_same_job(
    intake: StoryboardIntake, jobs: StoryboardJobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await intake.code(code(), "acme")
    monkeypatch.setattr("storyloom.storyboard.intake.new_job_id", lambda: first.job_id)

    with pytest.raises(Conflict):
        await intake.code(code(), "acme")


async def test_the_answer_does_not_wait_for_the_start(
    jobs: StoryboardJobManager, images: ObstoreImageStore, catalogue: Catalogue
) -> None:
    class Slow(StartedJobs):
        def __init__(self) -> None:
            super().__init__()
            self.gate = anyio.Event()

        async def start(
            self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
        ) -> None:
            await self.gate.wait()
            await super().start(job_id, pipeline)

    engine = Slow()
    async with anyio.create_task_group() as tasks:
        background = Background(tasks)
        intake = StoryboardIntake(jobs, engine, images, catalogue, background=background)
        accepted = await intake.code(code(), "acme")
        assert (await jobs.job(accepted.job_id)).status == "pending"
        engine.gate.set()

    assert [pipeline for _, pipeline in engine.started] == ["code_to_storyboard"]


async def test_the_defaults_are_those_of_the_document(
    intake: StoryboardIntake, jobs: StoryboardJobManager
) -> None:
    accepted = await intake.code(code(), "acme")

    params = (await jobs.job(accepted.job_id)).input_params
    assert params["icp_preset"] == "coperniq_mep"
    assert params["stage"] == "preview"
    assert params["audience"] == "c_suite"
    assert params["custom_headline"] is None


async def test_a_picture_is_kept_as_a_file_and_not_in_the_row(
    intake: StoryboardIntake,
    engine: StartedJobs,
    jobs: StoryboardJobManager,
    images: ObstoreImageStore,
) -> None:
    request = RoadmapStoryboardRequest(image_data=b64encode(png()).decode())

    accepted = await intake.roadmap(request, "acme")

    params = (await jobs.job(accepted.job_id)).input_params
    kept = Image.open(BytesIO(await images.get(str(params["image_key"]))))
    assert engine.started == [(accepted.job_id, "roadmap_to_storyboard")]
    assert kept.size == (8, 6)
    assert "image_data" not in params
    assert params["sanitize_ip"] is True


async def test_a_job_is_accepted_while_the_engine_is_down(
    intake: StoryboardIntake, engine: StartedJobs, jobs: StoryboardJobManager
) -> None:
    engine.is_down = True

    accepted = await intake.code(code(), "acme")

    assert (await jobs.job(accepted.job_id)).status == "pending"


@pytest.mark.parametrize("field", ["icp_preset", "stage", "audience"])
async def test_an_unknown_preset_is_named_with_what_there_is(
    field: str, intake: StoryboardIntake
) -> None:
    with pytest.raises(InvalidInput, match="Input should be one of '") as fault:
        await intake.code(code(**{field: "nobody"}), "acme")

    assert fault.value.loc == ("body", field)
    assert fault.value.kind == "enum"


async def test_a_model_is_refused_where_none_can_be_chosen(intake: StoryboardIntake) -> None:
    with pytest.raises(InvalidInput, match="No model can be chosen here") as fault:
        await intake.code(code(model="openai:gpt-9"), "acme")

    assert fault.value.loc == ("body", "model")


async def test_the_operator_says_which_models_may_be_asked_for(
    jobs: StoryboardJobManager,
    engine: StartedJobs,
    images: ObstoreImageStore,
    catalogue: Catalogue,
) -> None:
    asked: list[str] = []
    intake = StoryboardIntake(jobs, engine, images, catalogue, allows=asked.append)

    accepted = await intake.code(code(model="openai:gpt-9"), "acme")
    await intake.code(code(), "acme")

    assert asked == ["openai:gpt-9"]
    assert (await jobs.job(accepted.job_id)).input_params["model"] == "openai:gpt-9"


async def test_a_broken_picture_names_its_field(intake: StoryboardIntake) -> None:
    with pytest.raises(InvalidInput) as fault:
        await intake.roadmap(RoadmapStoryboardRequest(image_data="%%%"), "acme")

    assert fault.value.loc == ("body", "image_data")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x" * (MAX_SOURCE_BYTES + 1), "string_too_long"),
        ("ü" * (MAX_SOURCE_BYTES // 2 + 1), "string_too_long"),
        ("a\x00b", "not_text"),
        (" \n\t ", "string_blank"),
    ],
    ids=["letters", "bytes", "nul", "blank"],
)
def test_what_is_no_source_is_refused(text: str, kind: str) -> None:
    with pytest.raises(InvalidInput) as fault:
        check_source(text)

    assert fault.value.kind == kind
    assert fault.value.loc == ("body", "file_content")


def test_a_source_of_the_greatest_size_is_taken() -> None:
    check_source("x" * MAX_SOURCE_BYTES)


async def test_the_logo_of_a_job_is_as_young_as_the_job(
    jobs: StoryboardJobManager, engine: StartedJobs, catalogue: Catalogue, tmp_path: Path
) -> None:
    images = ObstoreImageStore.in_folder(tmp_path)
    profiles = Profiles(catalogue, MemoryProfileStore(jobs.clock), images, jobs.clock)
    intake = StoryboardIntake(jobs, engine, images, catalogue, profiles=profiles)
    await profiles.put("acme", "acorn", ProfileBody(name="Solar", brand=BrandBody(name="Acorn")))
    await profiles.put_logo("acme", "acorn", png())
    accepted = await intake.code(code(icp_preset="acorn"), "acme")
    first = await jobs.job(accepted.job_id)
    (logo,) = (tmp_path / "sources").iterdir()
    os.utime(logo, (0, 0))

    again = await intake.again(new_job_id(), first, dict(first.input_params))

    assert kept_profile(again.input_params) == kept_profile(first.input_params)
    assert logo.stat().st_mtime > 0


async def test_a_screenshot_is_as_young_as_the_job_that_reads_it_again(
    jobs: StoryboardJobManager, engine: StartedJobs, catalogue: Catalogue, tmp_path: Path
) -> None:
    intake = StoryboardIntake(jobs, engine, ObstoreImageStore.in_folder(tmp_path), catalogue)
    request = RoadmapStoryboardRequest(image_data=b64encode(png()).decode())
    first = await jobs.job((await intake.roadmap(request, "acme")).job_id)
    (screenshot,) = (tmp_path / "sources").iterdir()
    os.utime(screenshot, (0, 0))

    await intake.again(new_job_id(), first, dict(first.input_params))

    assert screenshot.stat().st_mtime > 0
    screenshot.unlink()
    again = await intake.again(new_job_id(), first, dict(first.input_params))
    assert again.input_params == first.input_params, "the job itself says that it has gone"
