"""The shape to ask for is the nearest that the model paints."""

import pytest
from pydantic_ai.images._openai_geometry import resolve_openai_dimensions

from storyloom.adapters.pydantic_ai._shapes import gemini_shape, openai_size


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (1920, 1080, "16:9"),
        (1140, 900, "5:4"),
        (64, 64, "1:1"),
        (1080, 1920, "9:16"),
        (4096, 64, "21:9"),
        (64, 4096, "9:16"),
        (1000, 700, "3:2"),
    ],
)
def test_gemini_is_asked_for_the_nearest_ratio(width: int, height: int, shape: str) -> None:
    assert gemini_shape(width, height) == shape


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(1920, 1080, (1536, 1024)), (900, 1000, (1024, 1024)), (64, 4096, (1024, 1536))],
)
@pytest.mark.parametrize("model", ["gpt-image-1.5", "gpt-image-1-mini", "flux-3"])
def test_most_are_asked_for_one_of_three_sizes(
    model: str, width: int, height: int, size: tuple[int, int]
) -> None:
    assert openai_size(model, width, height) == size


@pytest.mark.parametrize("height", [64, 256, 640, 900, 1080, 2048, 4096])
@pytest.mark.parametrize("width", [64, 255, 333, 1140, 1376, 1920, 4096])
@pytest.mark.parametrize("model", ["gpt-image-2", "gpt-image-2.6-flare"])
def test_newer_ones_are_asked_for_a_size_that_they_take(
    model: str, width: int, height: int
) -> None:
    size = openai_size(model, width, height)

    assert resolve_openai_dimensions(model, size) == f"{size[0]}x{size[1]}"
    if max(width, height) <= 2 * min(width, height):
        assert size[0] / size[1] == pytest.approx(width / height, rel=0.02)
