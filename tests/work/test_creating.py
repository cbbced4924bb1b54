from typing import Any

import pytest

from storyloom.access.schemas import Scope
from storyloom.errors import InvalidInput, NotAllowed
from storyloom.jobs.schemas import Priority
from storyloom.storyboard.schemas import TINY_PNG
from storyloom.work.errors import WorkNotFound
from storyloom.work.ordering import UploadedFile, WorkOrder
from tests.work.conftest import ACME, Desk, with_scope

CODE = {"file_name": "a.py", "file_content": "x = 1"}


def order(kind: str, **fields: Any) -> WorkOrder:
    return WorkOrder.model_validate({"kind": kind, **fields})


async def test_each_kind_can_be_ordered_with_priority_and_labels(desk: Desk) -> None:
    more = {"priority": "high", "labels": {"team": "web"}}

    code = await desk.works.create(ACME, order("code_to_storyboard", input=CODE, **more))
    roadmap = await desk.works.create(
        ACME, order("roadmap_to_storyboard", input={"image_data": TINY_PNG}, **more)
    )
    run = await desk.works.create(ACME, order("story_run", input={"script": "A ship."}, **more))

    for work in (code, roadmap, run):
        assert (work.priority, work.labels, work.status) == ("high", {"team": "web"}, "queued")
        assert (await desk.works.get(ACME, work.id)).kind == work.kind
    assert set(desk.engine.priorities) == {Priority.HIGH}


async def test_a_file_takes_the_place_of_large_fields(desk: Desk) -> None:
    text = UploadedFile(name="b.py", data="\ufeffy = 2".encode())

    code = await desk.works.create(ACME, order("code_to_storyboard").with_file(text))
    run = await desk.works.create(ACME, order("story_run").with_file(text))

    assert code.input["file_name"] == "b.py"
    job = await desk.stored(code.id)  # pyright: ignore[reportArgumentType]
    assert job.input_params["file_content"] == "y = 2"
    assert run.kind == "story_run"


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        (order("code_to_storyboard", input={"file_name": "a"}), ("body", "input", "file_content")),
        (order("code_to_storyboard", input={**CODE, "stage": "x"}), ("body", "input", "stage")),
        (
            order("roadmap_to_storyboard", input={"image_data": "?"}),
            ("body", "input", "image_data"),
        ),
        (order("story_run", input={"cake": 1}), ("body", "input", "cake")),
        (
            order("code_to_storyboard").with_file(UploadedFile(name="a", data=b"\xff")),
            ("body", "file"),
        ),
    ],
)
async def test_what_is_wrong_is_named(desk: Desk, wrong: WorkOrder, loc: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        await desk.works.create(ACME, wrong)

    assert caught.value.loc == loc


async def test_a_key_orders_only_what_it_covers(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="stories"):
        await desk.works.create(with_scope(Scope.STORYBOARDS), order("story_run"))
    with pytest.raises(WorkNotFound):
        await desk.works.explain(ACME, "nonsense")
