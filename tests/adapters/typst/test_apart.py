"""Large sheets are typeset in a process of their own."""

import os
import sys
from io import BytesIO
from pathlib import Path

import anyio
import pytest
from pypdf import PdfReader

from storyloom.adapters.typst import _apart, sheet_renderer
from storyloom.adapters.typst.sheet_renderer import TypstSheetRenderer
from storyloom.boards.export.schemas import Reel, ReelItem, SheetLayout
from storyloom.errors import StoryloomError
from tests.boards.export.stories import picture
from tests.until import until

THUMBNAILS = {1: picture("navy", (64, 36), "JPEG")}


def reel_of(count: int) -> Reel:
    items = (ReelItem(number=n, caption=f"Beat {n} \ud83d") for n in range(1, count + 1))
    return Reel(title="The Last Train", items=tuple(items))


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_renderer, "MANY", 1)


async def test_both_processes_typeset_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = TypstSheetRenderer()
    here = await renderer.sheet(reel_of(8), SheetLayout.GRID_6, THUMBNAILS)

    monkeypatch.setattr(sheet_renderer, "MANY", 7)
    apart = await renderer.sheet(reel_of(8), SheetLayout.GRID_6, THUMBNAILS)

    assert apart == here
    assert len(PdfReader(BytesIO(apart.data)).pages) == 2


@pytest.mark.usefixtures("many")
async def test_what_cannot_be_typeset_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
from storyloom.adapters.typst import _apart
from storyloom.errors import StoryloomError

def drawn(*order, system_fonts):
    raise StoryloomError("It does not fit.")

_apart.drawn = drawn
_apart.main()
"""
    monkeypatch.setattr(_apart, "CALL", [sys.executable, "-c", program])

    with pytest.raises(StoryloomError, match="It does not fit"):
        await TypstSheetRenderer().sheet(reel_of(2), SheetLayout.GRID_6, {})


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("program", "said"),
    [("raise OSError('It is gone.')", "OSError: It is gone."), ("exit(3)", "3")],
)
async def test_a_process_that_dies_is_a_fault(
    program: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = [sys.executable, "-c", f"import sys; sys.stdin.buffer.read(); {program}"]
    monkeypatch.setattr(_apart, "CALL", call)

    with pytest.raises(StoryloomError, match=f"could not be typeset: {said}"):
        await TypstSheetRenderer().sheet(reel_of(2), SheetLayout.GRID_6, {})


@pytest.mark.usefixtures("many")
async def test_whoever_gives_up_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "pid"
    program = f"import os, time; open({str(noted)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    monkeypatch.setattr(_apart, "CALL", [sys.executable, "-c", program])

    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(TypstSheetRenderer().sheet, reel_of(2), SheetLayout.GRID_6, THUMBNAILS)
            await until(lambda: noted.exists() and bool(noted.read_text()))
            scope.cancel()

    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)
