"""What can be asked of `storyloom story`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the help is shown without it
    from pydantic import JsonValue

BackendName = Literal["auto", "frames", "swarmui", "comfyui", "model"]
AspectName = Literal["cinematic", "vertical", "both"]


@dataclass(frozen=True, slots=True)
class StoryOptions:
    """All of it, but the script."""

    output: Path | None = None
    backend: BackendName = "auto"
    aspect: AspectName = "cinematic"
    style: str = ""
    images: int = 1
    title: str = ""
    as_json: bool = False

    @property
    def config(self) -> "dict[str, JsonValue]":
        """As a run's config has it."""
        aspects: list[JsonValue] = ["cinematic", "vertical"]
        return {
            "backend": self.backend,
            "aspects": aspects if self.aspect == "both" else [self.aspect],
            "style": self.style,
            "imagesPerPrompt": self.images,
        }
