"""Making storyboards in this process with an image model."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from anyio import to_thread
from PIL import Image

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.bootstrap.studio import open_studio
from storyloom.cli.local import StudioMaker
from storyloom.cli.makers import Order, order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.sources import Kind
from storyloom.errors import Unavailable
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import cost_of
from storyloom.outbound.schemas import Entry
from storyloom.settings import Settings
from storyloom.storyboard.schemas import BoardFile
from storyloom.storyboard.studio import PAINTED_WARNING, Studio
from tests.cli.conftest import CODE
from tests.storyboard.painters import STAND_IN, FakePainter


@pytest.fixture
def painter() -> FakePainter:
    return FakePainter()


@pytest.fixture
async def studio(painter: FakePainter) -> Studio:
    # Without any key of this machine: nothing here may be sent anywhere.
    settings = Settings(language_model="none", image_model="none")
    plain = await to_thread.run_sync(partial(open_studio, settings))
    return replace(plain, backend=painter, scenes=plain.backend, painter=painter)


def _order(file_format: BoardFile = BoardFile.PNG, **wishes: Any) -> Order:
    return order_of(Kind.CODE, DrawOptions(**wishes), file_format)


def _silent(_: str) -> None:
    pass


@pytest.mark.parametrize("file_format", list(BoardFile))
async def test_a_page_is_painted_in_every_kind_of_file(
    file_format: BoardFile, studio: Studio, painter: FakePainter
) -> None:
    order = _order(file_format, render="painted", page_format="square")

    made = await StudioMaker(studio).code("roi.py", CODE.encode(), order, _silent)

    assert painter.purposes == ["paint_page"]
    assert PAINTED_WARNING in made.warnings
    start = {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "pptx": b"PK"}[file_format]
    assert made.data.startswith(start)


async def test_a_fresh_picture_is_another_one(studio: Studio, painter: FakePainter) -> None:
    for fresh in (False, False, True):
        await StudioMaker(studio).code("roi.py", CODE.encode(), _order(fresh=fresh), _silent)

    first, second, fresh_one = [request.seed for request in painter.asked]
    assert first == second != fresh_one
    assert [account.fresh for account in painter.accounts] == [False, False, True]


async def test_a_roadmap_is_painted_too(studio: Studio, painter: FakePainter) -> None:
    out = BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PNG")
    order = order_of(Kind.ROADMAP, DrawOptions(render="painted", fresh=True), BoardFile.PNG)

    made = await StudioMaker(studio).roadmap(out.getvalue(), order, _silent)

    assert made.data.startswith(b"\x89PNG")
    assert painter.accounts[0].fresh is True


class _LostLedger(MemoryLedger):
    async def of_job(self, job_id: JobId) -> Sequence[Entry]:
        raise Unavailable(f"The calls of {job_id} cannot be read.")


async def test_a_picture_is_not_lost_with_what_it_cost(studio: Studio) -> None:
    told = await StudioMaker(studio, MemoryLedger()).code("a.py", CODE.encode(), _order(), _silent)
    lost = await StudioMaker(studio, _LostLedger()).code("a.py", CODE.encode(), _order(), _silent)

    assert told.cost == cost_of([])
    assert lost.cost is None
    assert lost.data.startswith(b"\x89PNG")


@pytest.mark.parametrize("render", ["composed", "painted"])
async def test_a_picture_of_another_model_is_told(
    render: str, studio: Studio, painter: FakePainter
) -> None:
    painter.stand_in = STAND_IN

    made = await StudioMaker(studio).code("a.py", CODE.encode(), _order(render=render), _silent)

    assert STAND_IN.says in made.warnings
