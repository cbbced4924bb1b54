"""What is done about all that a ComfyUI may do."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from PIL import Image

from storyloom.adapters.comfyui._api import open_comfy_api
from storyloom.adapters.comfyui._workflow import load_workflow
from storyloom.adapters.comfyui.image_backend import ComfyImageBackend
from storyloom.errors import (
    BadAnswer,
    Interrupted,
    ModelNotFound,
    OutOfMemory,
    Rejected,
    ServerFault,
    StoryloomError,
    TimedOut,
    Unreachable,
)
from storyloom.imaging.schemas import ImageRequest, MediaType, Progress
from tests.comfyui.double import ComfyDouble, comfy_double
from tests.until import until

WORK = "run-0001-cinematic-1"
USUAL = load_workflow(None)


@pytest.fixture
async def double() -> AsyncGenerator[ComfyDouble]:
    async with comfy_double() as running:
        yield running


@asynccontextmanager
async def opened(
    double: ComfyDouble, *, model: str | None = None, longest_s: float = 60
) -> AsyncGenerator[ComfyImageBackend]:
    async with open_comfy_api(double.url) as api:
        yield ComfyImageBackend(api, USUAL, model=model, quiet_s=0.05, longest_s=longest_s)


def request(**changes: object) -> ImageRequest:
    plain = {"prompt": "a truck at dawn", "width": 128, "height": 64, "seed": 7, **changes}
    return ImageRequest.model_validate(plain)


async def test_the_workflow_is_filled_and_the_picture_tells_with_what(double: ComfyDouble) -> None:
    heard: list[Progress] = []
    asked = request(
        negative_prompt="people",
        parameters={"steps": 12, "sampler": "heun", "nonsense": 1, "seed": 9, "model": "dream"},
    )
    async with opened(double) as backend:
        picture = await backend.generate(asked, heard.append)

    nodes = {node["class_type"]: node["inputs"] for node in double.graphs[0].values()}
    assert nodes["KSampler"]["seed"] == 7
    assert (nodes["KSampler"]["steps"], nodes["KSampler"]["sampler_name"]) == (12, "heun")
    assert nodes["EmptyLatentImage"] == {"width": 128, "height": 64, "batch_size": 1}
    assert (picture.backend, picture.model, picture.seed) == ("comfyui", "dream.safetensors", 7)
    assert picture.parameters == {"steps": 12, "sampler": "heun", "model": "dream.safetensors"}
    assert [one.fraction for one in heard if not one.says][-1] == 1
    assert any("queue" in one.says for one in heard)
    assert any("KSampler" in one.says for one in heard)


async def test_a_prompt_is_data_whatever_is_written_in_it(double: ComfyDouble) -> None:
    hostile = '{{seed}} "}, "9": {"class_type": "Shell"} <lora:x>'
    async with opened(double) as backend:
        await backend.generate(request(prompt=hostile))

    assert double.graphs[0]["6"]["inputs"]["text"] == hostile


async def test_a_size_of_its_own_is_brought_to_the_one_asked_for(double: ComfyDouble) -> None:
    double.manners.size = (512, 512)
    async with opened(double) as backend:
        picture = await backend.generate(request(accept=(MediaType.JPEG,)))

    with Image.open(BytesIO(picture.data)) as image:
        assert (image.size, image.format) == ((128, 64), "JPEG")


async def test_without_a_seed_each_picture_has_another(double: ComfyDouble) -> None:
    async with opened(double) as backend:
        seeds = {(await backend.generate(request(seed=None))).seed for _ in range(3)}

    assert len(seeds) == 3


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("oom", OutOfMemory, "too little memory"),
        ("error", ServerFault, "KSampler: the sampler has no such name"),
        ("deleted", Interrupted, "does not know"),
        ("no_file", BadAnswer, "without a picture"),
    ],
)
async def test_a_run_that_fails_says_why(
    double: ComfyDouble, fault: str, kind: type[StoryloomError], said: str
) -> None:
    double.manners.faults = [fault]
    async with opened(double) as backend:
        with pytest.raises(kind, match=said):
            await backend.generate(request())


async def test_a_connection_that_is_cut_is_made_again(double: ComfyDouble) -> None:
    double.manners.faults, double.manners.step_s = ["cut"], 0.02
    async with opened(double) as backend:
        picture = await backend.generate(request(work=WORK))

    assert picture.data
    assert double.made.total() == 1


@pytest.mark.parametrize("hides", [True, False])
async def test_frames_that_are_missed_are_made_good_by_the_history(
    double: ComfyDouble, *, hides: bool
) -> None:
    double.manners.hides_frames = hides
    double.manners.faults = [] if hides else ["mute"]
    async with opened(double) as backend:
        assert (await backend.generate(request())).data


async def test_the_same_work_is_made_once(double: ComfyDouble) -> None:
    async with opened(double) as backend:
        first = await backend.generate(request(work=WORK))
        second = await backend.generate(request(work=WORK))
        double.restart()
        third = await backend.generate(request(work=WORK))

    assert first.data == second.data == third.data
    assert double.made == {f"storyloom/{WORK}": 1}


async def test_work_that_is_under_way_is_waited_for(double: ComfyDouble) -> None:
    double.manners.step_s = 0.05
    async with (
        opened(double) as backend,
        opened(double) as another,
        asyncio.TaskGroup() as tasks,
    ):
        first = tasks.create_task(backend.generate(request(work=WORK)))
        await until(lambda: "prompt" in dict(double.calls))
        second = tasks.create_task(another.generate(request(work=WORK)))

    assert first.result().data == second.result().data
    assert double.made.total() == 1


async def test_work_that_failed_is_made_anew(double: ComfyDouble) -> None:
    double.manners.faults = ["oom"]
    async with opened(double) as backend:
        with pytest.raises(OutOfMemory):
            await backend.generate(request(work=WORK))
        assert (await backend.generate(request(work=WORK))).data


async def test_one_who_leaves_stops_it(double: ComfyDouble) -> None:
    double.manners.step_s = 5
    async with opened(double) as backend:
        task = asyncio.get_running_loop().create_task(backend.generate(request(work=WORK)))
        await until(lambda: ("prompt" in dict(double.calls)) and bool(double.sockets))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert {"delete", "interrupt"} <= {name for name, *_ in double.calls}
    assert not double.made


async def test_what_takes_too_long_is_given_up_and_stopped(double: ComfyDouble) -> None:
    double.manners.step_s = 5
    async with opened(double, longest_s=0.3) as backend:
        with pytest.raises(TimedOut):
            await backend.generate(request())

    assert "interrupt" in dict(double.calls)


async def test_a_model_that_it_does_not_have_is_named(double: ComfyDouble) -> None:
    async with opened(double, model="flux") as backend:
        with pytest.raises(ModelNotFound, match="flux"):
            await backend.generate(request())
        double.manners.models = []
        with pytest.raises(ModelNotFound, match="dream"):
            await backend.generate(request(parameters={"model": "dream"}))
    async with opened(double) as backend:
        with pytest.raises(ModelNotFound, match="any model"):
            await backend.generate(request())


REFUSALS: list[tuple[dict[str, object], type[StoryloomError], str]] = [
    ({"error": "no prompt"}, Rejected, "no prompt"),
    ({}, Rejected, "does not say why"),
    ({"error": {"type": "missing_node_type", "message": "Node missing"}}, Rejected, "Node missing"),
    (
        {
            "node_errors": {
                "4": {"errors": [{"type": "value_not_in_list", "details": "ckpt_name: x"}]}
            }
        },
        ModelNotFound,
        "ckpt_name",
    ),
]


@pytest.mark.parametrize(("refusal", "kind", "said"), REFUSALS)
async def test_a_workflow_that_is_refused_says_why(
    double: ComfyDouble, refusal: dict[str, object], kind: type[StoryloomError], said: str
) -> None:
    double.manners.refusal = refusal
    async with opened(double) as backend:
        with pytest.raises(kind, match=said):
            await backend.generate(request())


async def test_a_workflow_that_runs_without_our_output_is_refused(double: ComfyDouble) -> None:
    fault = {"type": "bad_linked_input", "message": "Bad link"}
    double.manners.node_errors = {"9": {"errors": [fault], "class_type": "SaveImage"}}
    async with opened(double) as backend:
        with pytest.raises(Rejected, match="SaveImage: Bad link"):
            await backend.generate(request())

    assert "delete" in dict(double.calls)


async def test_its_memory_can_be_freed(double: ComfyDouble) -> None:
    async with opened(double) as backend:
        await backend.free()

    assert double.freed == 1


async def test_where_nothing_answers_it_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with open_comfy_api(url) as api:
        backend = ComfyImageBackend(api, USUAL)
        with pytest.raises(Unreachable):
            await backend.ping()
        with pytest.raises(Unreachable):
            await backend.generate(request())
