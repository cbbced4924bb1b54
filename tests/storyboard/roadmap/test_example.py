"""The example roadmap, and harder pictures of it, read for real: items are found, secrets are not."""

import asyncio
import json
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.imaging.uploads import check_image
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.roadmap.layout import roadmap_in
from storyloom.storyboard.roadmap.sanitize import own_words, words_in
from storyloom.storyboard.roadmap.understand import StaticRoadmapUnderstanding

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("known_pictures")]

EXAMPLE = Path(__file__).parents[3] / "examples" / "roadmap" / "roadmap.png"
SECRETS = (
    "voltbrook", "nighthawk", "dana", "whitfield", "luis", "ortega", "mei", "tanaka", "priya",
    "raman", "omar", "haddad", "2027", "2028", "march", "v4.8", "v5.1", "$29", "310,000", "45,000",
    "internal", "q2", "arr", "example", "retainage",
)  # fmt: skip
MakeBrief = Callable[..., Brief]


def as_it_is() -> bytes:
    return EXAMPLE.read_bytes()


def tilted_and_noisy() -> bytes:
    """Turn the picture a little, and lay grain over it, as in a photograph of a screen."""
    picture = example()
    turned = picture.rotate(1.5, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    grain = random.Random(11)  # noqa: S311 - repeatable, not a secret
    for _ in range(turned.width * turned.height // 80):
        at = (grain.randrange(turned.width), grain.randrange(turned.height))
        turned.putpixel(at, (grain.randrange(256),) * 3)
    return encoded(turned.filter(ImageFilter.GaussianBlur(0.5)))


def small() -> bytes:
    picture = example()
    return encoded(picture.resize((picture.width * 2 // 3, picture.height * 2 // 3)))


def example() -> Image.Image:
    with Image.open(EXAMPLE) as picture:
        return picture.convert("RGB")


def encoded(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_the_example_is_small_enough_to_keep() -> None:
    raw = EXAMPLE.read_bytes()

    assert len(raw) < 200_000
    assert check_image(raw, max_bytes=200_000).width == 1440


@pytest.mark.parametrize("change", [as_it_is, tilted_and_noisy, small])
async def test_no_secret_of_the_picture_reaches_the_result(
    brief: MakeBrief, change: Callable[[], bytes]
) -> None:
    reader, wish = RapidOcrTextReader(), brief()
    image = change()
    seen = " ".join(box.text for box in await reader.read(image)).lower()

    made = await StaticRoadmapUnderstanding(reader).understand(image, wish, sanitize_ip=True)

    told = json.dumps(made.model_dump(mode="json", exclude={"evidence"})).lower()
    assert "voltbrook" in seen
    assert not [secret for secret in SECRETS if secret in told]
    assert words_in(made.what_it_does) <= own_words(wish)
    assert made.degraded == ()
    assert "billing" in made.headline
    assert "approvals" in made.what_it_does


async def test_the_items_of_the_example_are_found() -> None:
    boxes = await RapidOcrTextReader().read(EXAMPLE.read_bytes())
    # In a thread, as it is done in earnest: whoever is the first reads its words from the disk.
    roadmap = await asyncio.to_thread(roadmap_in, boxes)

    assert [[item.text for item in lane.items] for lane in roadmap.lanes] == [
        ["Live crew scheduling", "Progress billing with retainage", "Offline job forms"],
        ["Permit and inspection tracker", "Change order approvals", "Two-way accounting sync"],
        ["Project Nighthawk", "Van stock and purchasing", "Service agreement renewals"],
    ]
