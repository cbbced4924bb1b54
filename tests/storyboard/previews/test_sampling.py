"""Sample boards, drawn by rules and without a job."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.boards.schemas import BoardFormat
from storyloom.errors import Overloaded
from storyloom.kit.clock import ManualClock
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.previews import sampling
from storyloom.storyboard.previews.sampling import MOST_WAITING, SAMPLE, Choice, Sampler
from storyloom.storyboard.schemas import Wishes
from storyloom.storyboard.studio import Studio
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import FixedReading

CATALOGUE = Catalogue.load()
ROOT = Path(__file__).parents[3]


@pytest.fixture
def studio(bench: Workbench) -> Studio:
    return replace(bench.studio, scenes=TypstImageBackend())


@pytest.fixture
def sampler(studio: Studio, clock: ManualClock) -> Sampler:
    return Sampler(studio, clock)


def choice(**wished: str) -> Choice:
    return Choice(CATALOGUE.brief(Wishes.model_validate(wished)))


def test_the_sample_is_the_one_that_everybody_can_try() -> None:
    example = ROOT / "examples" / "code" / "roi_calculator.py"

    assert SAMPLE.read_text("utf-8") == example.read_text("utf-8")


async def test_a_choice_is_an_svg_and_with_a_width_a_png(sampler: Sampler) -> None:
    svg = await sampler.sample(choice())
    png = await sampler.sample(replace(choice(), format=BoardFormat.PORTRAIT, width=270))

    assert svg.data.startswith(b"<svg")
    assert svg.media_type == "image/svg+xml"
    assert png.media_type == "image/png"
    assert int.from_bytes(png.data[16:20]) == 270
    assert int.from_bytes(png.data[20:24]) == 338
    assert svg.etag != png.etag


@pytest.mark.parametrize(
    "wished",
    [
        {"icp_preset": "retail_operations"},
        {"stage": "shipped"},
        {"audience": "btl_champion"},
        {"custom_headline": "Know the payback"},
    ],
    ids=str,
)
async def test_each_choice_changes_the_board(sampler: Sampler, wished: dict[str, str]) -> None:
    usual = await sampler.sample(choice())

    assert (await sampler.sample(choice(**wished))).data != usual.data


async def test_the_same_choice_is_drawn_once(sampler: Sampler, reading: FixedReading) -> None:
    first = await sampler.sample(choice())

    assert await sampler.sample(choice()) is first
    assert len(reading.seen) == 1


async def test_those_who_ask_for_the_same_at_once_share_one_drawing(
    sampler: Sampler, reading: FixedReading
) -> None:
    got: list[sampling.Sample] = []

    async def ask() -> None:
        got.append(await sampler.sample(choice()))

    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(ask)

    assert len(reading.seen) == 1
    assert got[0] is got[1] is got[2]


async def test_what_is_too_much_for_the_memory_is_drawn_again(
    studio: Studio, clock: ManualClock, reading: FixedReading
) -> None:
    sampler = Sampler(studio, clock, max_bytes=1000)
    await sampler.sample(choice())
    await sampler.sample(choice())

    assert len(reading.seen) == 2


async def test_rules_read_where_models_would(studio: Studio, clock: ManualClock) -> None:
    rules, models = FixedReading(), FixedReading()
    sampler = Sampler(replace(studio, code=models, rules=rules), clock)
    await sampler.sample(choice())

    assert (len(rules.seen), len(models.seen)) == (1, 0)


async def test_the_sample_names_the_customers_of_the_profile(
    sampler: Sampler, reading: FixedReading
) -> None:
    await sampler.sample(choice(icp_preset="retail_operations"))
    bare = choice()
    icp = bare.brief.icp.model_copy(update={"words": {}})
    await sampler.sample(replace(bare, brief=replace(bare.brief, icp=icp)))

    read = [repr(seen) for seen in reading.seen]
    assert re.search(r"ROI calculator for retailers who", read[0])
    assert re.search(r"ROI calculator for companies who", read[1])


async def test_beyond_those_who_wait_nobody_is_let_in(studio: Studio, clock: ManualClock) -> None:
    gate = asyncio.Event()
    sampler = Sampler(replace(studio, rules=FixedReading(wait=gate)), clock)
    drawn: list[sampling.Sample] = []

    async def ask() -> None:
        drawn.append(await sampler.sample(choice()))

    async with anyio.create_task_group() as tasks:
        for _ in range(MOST_WAITING + 1):
            tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(Overloaded):
            await sampler.sample(choice(stage="demo"))
        gate.set()
    await sampler.sample(choice(stage="demo"))

    assert len(drawn) == MOST_WAITING + 1
