"""No word of a story makes a path of a file's name."""

import re

from hypothesis import given
from hypothesis import strategies as st

from storyloom.boards.export.names import file_stem, picture_name, slug
from storyloom.boards.export.schemas import Reel, ReelItem
from storyloom.imaging.schemas import MediaType
from tests.boards.export.stories import ref


def test_names_tell_the_number_and_the_scene() -> None:
    item = ReelItem(number=12, scene="INT. CAFÉ - DAY", picture=ref("k", MediaType.JPEG))

    assert picture_name(item) == "pictures/0012-int-cafe-day.jpg"
    assert picture_name(item.model_copy(update={"scene": "駅"})) == "pictures/0012.jpg"
    assert picture_name(ReelItem(number=1)) is None


@given(st.text())
def test_any_scene_makes_a_safe_name(scene: str) -> None:
    name = picture_name(ReelItem(number=1, scene=scene, picture=ref("k"))) or ""

    assert re.fullmatch(r"pictures/0001(-[a-z0-9-]{1,40})?\.png", name)


def test_a_reel_names_its_files() -> None:
    assert (
        file_stem(Reel(title="The Last Train", episode="Episode 3")) == "the-last-train-episode-3"
    )
    assert file_stem(Reel(title="最終列車")) == "story"
    assert len(slug("long " * 90)) <= 40
