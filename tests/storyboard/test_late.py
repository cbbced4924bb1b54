"""What understands is loaded for the first source, and once."""

from storyloom.storyboard.late import LateCodeUnderstanding, LateRoadmapUnderstanding
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.schemas import Wishes
from tests.storyboard.asked.conftest import Rules

BRIEF = Catalogue.load().brief(Wishes())


class Loads:
    """Counts how often it is asked to load."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> Rules:
        self.count += 1
        return Rules()


async def test_code_is_understood_by_what_is_loaded_once() -> None:
    loads = Loads()
    late = LateCodeUnderstanding(loads)
    assert loads.count == 0

    for _ in range(2):
        assert (await late.understand("a.py", "x = 1", BRIEF)).headline == "By rules"

    assert loads.count == 1


async def test_roadmaps_are_understood_by_what_is_loaded_once() -> None:
    loads = Loads()
    late = LateRoadmapUnderstanding(loads)
    assert loads.count == 0

    for _ in range(2):
        made = await late.understand(b"", BRIEF, sanitize_ip=True)
        assert made.headline == "By rules"

    assert loads.count == 1
