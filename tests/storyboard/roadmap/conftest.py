"""Roadmaps as boxes, without a picture; and the briefs that they are read for."""

from collections.abc import Callable

import pytest

from storyloom.storyboard.ports import TextBox
from storyloom.storyboard.presets import Brief, Catalogue

Place = tuple[str, int, int]
PlaceMany = Callable[..., tuple[TextBox, ...]]


@pytest.fixture
def put() -> PlaceMany:
    """Make boxes from texts with their left edge and middle; letters are 10 wide, or `size`."""

    def make(*places: Place, size: float = 10, score: float = 0.99) -> tuple[TextBox, ...]:
        return tuple(
            TextBox(text, left, middle - 12, left + round(len(text) * size), middle + 12, score)
            for text, left, middle in places
        )

    return make


@pytest.fixture
def brief() -> Callable[..., Brief]:
    """Look up a brief by its keys."""
    known = Catalogue.load()

    def make(
        audience: str = "c_suite", stage: str = "preview", headline: str | None = None
    ) -> Brief:
        icp = known.icp["coperniq_mep"]
        return Brief(icp, known.stages[stage], known.audiences[audience], headline)

    return make
