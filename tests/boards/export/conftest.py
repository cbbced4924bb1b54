"""A short story with everything that can happen to a picture."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Fetch
from storyloom.boards.export.schemas import (
    Badge,
    Reel,
    ReelItem,
    ReelReport,
    Remark,
)
from storyloom.errors import NotFound
from storyloom.imaging.schemas import MediaType
from tests.boards.export.stories import HOSTILE, NotedFilms, NotedSheets, picture, ref


@pytest.fixture
def pictures() -> dict[str, bytes]:
    return {"a": picture("navy"), "b": picture("orange", kind="JPEG"), "bad": b"no picture"}


@pytest.fixture
def fetch(pictures: dict[str, bytes]) -> Fetch:
    async def fetched(key: str) -> bytes:
        if key not in pictures:
            raise NotFound
        return pictures[key]

    return fetched


@pytest.fixture
def reel() -> Reel:
    return Reel(
        title="The Last Train",
        episode="Episode 3",
        run="run-1",
        made_at=datetime(2026, 5, 4, 7, 30, tzinfo=UTC),
        items=(
            ReelItem(
                number=1,
                id="0001-cinematic-1",
                scene="EXT. STATION - NIGHT",
                caption="Mara runs along the platform.",
                notes="MARA\nWait!",
                duration_s=2.5,
                picture=ref("a"),
                backend="swarmui",
                model="sdxl",
                seed=7,
                prompt="a woman running",
            ),
            ReelItem(
                number=2,
                scene="INT. CAFÉ - DAY",
                caption="Two cups. حسناً، لنبدأ",
                picture=ref("b", MediaType.JPEG),
                badges=(Badge.DEGRADED, Badge.EDITED),
            ),
            ReelItem(number=3, scene=HOSTILE, caption=HOSTILE, badges=(Badge.FAILED,)),
            ReelItem(number=4, scene="lost", picture=ref("lost")),
        ),
        report=ReelReport(
            total=4,
            done=1,
            degraded=1,
            failed=1,
            skipped=1,
            spent_usd=Decimal("0.12"),
            gpu_s=95,
            wall_s=130,
            made_with="swarmui, sdxl",
            decisions=(Remark(number=3, text="Write another prompt."),),
            remarks=(Remark(number=2, text="With milder words."),),
        ),
    )


@pytest.fixture
def exporter() -> Exporter:
    return Exporter(NotedSheets(), NotedFilms())
