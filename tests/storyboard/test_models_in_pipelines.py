"""Pipelines with image models: what is asked, on whose account, and what it costs."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, cast

import pytest
from PIL import Image

from storyloom.access.schemas import Scope
from storyloom.boards.schemas import BoardFormat
from storyloom.errors import ContentBlocked
from storyloom.imaging.schemas import MediaType
from storyloom.kit.ids import JobId
from storyloom.outbound.account import current_account
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import OK, Account, Call, Ending, Entry, Usage
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.pipeline import CodeToStoryboardTool
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import JobView, Understanding
from storyloom.storyboard.studio import PAINTED_WARNING
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps, FixedReading
from tests.storyboard.painters import STAND_IN, FakePainter

Accept = Callable[..., Awaitable[JobId]]


async def drawn_of(bench: Workbench, job_id: JobId) -> Drawn:
    job = await bench.jobs.job(job_id)
    assert (job.status, job.error_message) == ("completed", None)
    return Drawn.model_validate(job.details)


async def test_a_composed_page_asks_for_one_illustration(
    modelled: Workbench, painter: FakePainter, accepted: Accept
) -> None:
    job_id = await accepted()

    await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())

    drawn = await drawn_of(modelled, job_id)
    assert painter.purposes == ["illustrate"]
    assert drawn.art_by_model is True
    assert drawn.board.art is not None
    assert drawn.board.art.media_type is MediaType.JPEG
    assert (drawn.picture.width, drawn.picture.height) == (1920, 1080)


async def test_a_vector_page_asks_no_image_model(
    modelled: Workbench, painter: FakePainter, accepted: Accept
) -> None:
    job_id = await accepted(render="vector")

    await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())

    drawn = await drawn_of(modelled, job_id)
    assert painter.asked == []
    assert drawn.art_by_model is False


@pytest.mark.parametrize("media_type", [MediaType.PNG, MediaType.JPEG])
@pytest.mark.parametrize("shape", list(BoardFormat))
async def test_a_painted_page_is_the_models_own(
    shape: BoardFormat,
    media_type: MediaType,
    *,
    modelled: Workbench,
    painter: FakePainter,
    accepted: Accept,
) -> None:
    painter.media_type = media_type
    job_id = await accepted(render="painted", format=shape)

    await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())

    job = await modelled.jobs.job(job_id)
    page = Image.open(BytesIO(b64decode(job.result_image or "")))
    assert (page.format, page.size) == ("PNG", shape.size)
    assert max(page.convert("RGB").getpixel((5, 5))) < 8  # type: ignore[type-var, arg-type] - nothing drawn
    assert painter.purposes == ["paint_page"]
    assert "Headline: Payback before you sign" in painter.asked[0].prompt
    assert JobView.of(job).warnings == [PAINTED_WARNING]


async def test_a_painted_page_without_an_image_model_fails_and_names_the_settings(
    bench: Workbench, accepted: Accept
) -> None:
    job_id = await accepted(render="painted")

    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    job = await bench.jobs.job(job_id)
    assert (job.status, job.error_code) == ("failed", "misconfigured")
    assert "STORYLOOM_IMAGE_MODEL" in (job.error_message or "")
    assert "GOOGLE_API_KEY" in (job.error_message or "")


async def test_calls_are_on_the_account_of_the_job_and_its_step(
    modelled: Workbench, reading: FixedReading, painter: FakePainter, accepted: Accept
) -> None:
    seen: list[Account] = []

    class Asking(FixedReading):
        async def understand(self, *source: object, **more: object) -> Understanding:
            seen.append(current_account())
            return await super().understand(*source, **more)

    bench = replace(modelled, studio=replace(modelled.studio, code=Asking()))
    job_id = await accepted(fresh=True)

    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    def account(step: str) -> Account:
        return Account(org_id="acme", job_id=job_id, scope=Scope.STORYBOARDS, step=step, fresh=True)

    assert seen == [account("understand")]
    assert painter.accounts == [account("illustrate")]
    assert current_account() == Account()


async def test_a_fresh_picture_is_another_one(
    modelled: Workbench, painter: FakePainter, accepted: Accept
) -> None:
    for fresh in (False, False, True):
        await CodeToStoryboardTool(modelled).run(await accepted(fresh=fresh), DirectSteps())

    first, second, fresh_one = [request.seed for request in painter.asked]
    assert first == second != fresh_one


@pytest.mark.parametrize(
    ("step", "work"), [("understand", "understand x.py"), ("illustrate", "illustrate x.py")]
)
async def test_a_refusal_says_of_which_input_and_at_which_work(
    step: str,
    work: str,
    *,
    modelled: Workbench,
    reading: FixedReading,
    painter: FakePainter,
    accepted: Accept,
) -> None:
    refusal = ContentBlocked("Gemini refused the content (SAFETY).", system="google")
    if step == "understand":
        reading.fault = refusal
    else:
        painter.fault = refusal
    job_id = await accepted()

    await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())

    job = await modelled.jobs.job(job_id)
    assert job.error_code == "blocked"
    assert job.error_message == f"Gemini refused the content (SAFETY). It was asked to {work}."


async def test_the_model_that_was_asked_for_is_in_the_brief(
    modelled: Workbench, reading: FixedReading, accepted: Accept
) -> None:
    await CodeToStoryboardTool(modelled).run(await accepted(model="ollama:qwen3"), DirectSteps())

    ((source, _),) = cast("list[Any]", reading.seen)
    assert [part.model for part in source if isinstance(part, Brief)] == ["ollama:qwen3"]


class FixedLedger:
    """Knows two calls of every job."""

    def __init__(self) -> None:
        self.asked: list[JobId] = []

    async def of_job(self, job_id: JobId) -> Sequence[Entry]:
        self.asked.append(job_id)
        call = Call(
            account=Account(job_id=job_id),
            provider="google",
            model="m",
            purpose="p",
            prompt_version="1",
            input_hash="0",
            size_bytes=1,
            destination="d",
        )
        usage = Usage(input_tokens=10, output_tokens=5, cost_usd=Decimal("0.02"))
        ending = Ending(outcome=OK, usage=usage, duration_ms=1)
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return [
            Entry(id=str(n), call=call, attempt=n, started_at=at, ending=ending) for n in (1, 2)
        ]


@pytest.mark.parametrize("fault", [None, ContentBlocked("No.")])
async def test_what_it_cost_is_told_however_the_job_ends(
    fault: ContentBlocked | None, modelled: Workbench, painter: FakePainter, accepted: Accept
) -> None:
    painter.fault = fault
    bench = replace(modelled, ledger=cast("Ledger", FixedLedger()))
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    job = await bench.jobs.job(job_id)
    cost = JobView.of(job).cost
    assert job.status == ("completed" if fault is None else "failed")
    assert cost is not None
    assert cost.model_dump(mode="json") == {
        "usd": "0.04",
        "known_usd": "0.04",
        "calls": 2,
        "unknown_calls": 0,
        "input_tokens": 20,
        "output_tokens": 10,
    }


async def test_without_a_ledger_no_cost_is_told(bench: Workbench, accepted: Accept) -> None:
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    assert JobView.of(await bench.jobs.job(job_id)).cost is None


@pytest.mark.parametrize("render", ["composed", "painted"])
async def test_art_of_another_model_than_the_wanted_one_is_told(
    render: str, modelled: Workbench, painter: FakePainter, accepted: Accept
) -> None:
    painter.stand_in = STAND_IN
    job_id = await accepted(render=render)

    await CodeToStoryboardTool(modelled).run(job_id, DirectSteps())

    job = await modelled.jobs.job(job_id)
    assert job.understanding is not None
    assert job.understanding["degraded"] == [STAND_IN.says]
