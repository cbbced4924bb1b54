"""Understanding that is loaded for the first source: grammars, rules and words take time and memory."""

from collections.abc import Callable

from anyio import to_thread

from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Understanding


class LateCodeUnderstanding:
    """A `CodeUnderstanding` by another one that is not loaded yet."""

    def __init__(self, load: Callable[[], CodeUnderstanding]) -> None:
        """Take what loads it, in a thread."""
        self._load = load
        self._loaded: CodeUnderstanding | None = None

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields for the brief's audience and stage."""
        if self._loaded is None:
            # Two at the same time load it twice; that costs little, and the later one stays.
            self._loaded = await to_thread.run_sync(self._load)
        return await self._loaded.understand(file_name, text, brief)


class LateRoadmapUnderstanding:
    """A `RoadmapUnderstanding` by another one that is not loaded yet."""

    def __init__(self, load: Callable[[], RoadmapUnderstanding]) -> None:
        """Take what loads it, in a thread."""
        self._load = load
        self._loaded: RoadmapUnderstanding | None = None

    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        """Fill the seven fields; with `sanitize_ip`, none of the picture's own words is in them."""
        if self._loaded is None:
            self._loaded = await to_thread.run_sync(self._load)
        return await self._loaded.understand(image, brief, sanitize_ip=sanitize_ip)
