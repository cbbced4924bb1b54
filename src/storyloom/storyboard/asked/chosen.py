"""A request may name the language model that is to understand its source."""

from collections.abc import Callable

from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Understanding


class ChosenCodeUnderstanding:
    """A `CodeUnderstanding` by whom the brief names, or by the usual one."""

    def __init__(self, usual: CodeUnderstanding, named: Callable[[str], CodeUnderstanding]) -> None:
        """Take the usual one, and what makes one of a model's name."""
        self._usual = usual
        self._named = named

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields for the brief's audience and stage."""
        chosen = self._usual if brief.model is None else self._named(brief.model)
        return await chosen.understand(file_name, text, brief)


class ChosenRoadmapUnderstanding:
    """A `RoadmapUnderstanding` by whom the brief names, or by the usual one."""

    def __init__(
        self, usual: RoadmapUnderstanding, named: Callable[[str], RoadmapUnderstanding]
    ) -> None:
        """Take the usual one, and what makes one of a model's name."""
        self._usual = usual
        self._named = named

    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        """Fill the seven fields; with `sanitize_ip`, none of the picture's own words is in them."""
        chosen = self._usual if brief.model is None else self._named(brief.model)
        return await chosen.understand(image, brief, sanitize_ip=sanitize_ip)
