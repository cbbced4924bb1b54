"""What storyboards may be made for, and what draws samples of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from storyloom.kit.clock import Clock
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.previews.sampling import Sampler
from storyloom.storyboard.studio import Studio


@dataclass(frozen=True, slots=True)
class Presets:
    """What routes about presets ask."""

    catalogue: Catalogue
    sampler: Sampler

    @property
    def state(self) -> Mapping[str, object]:
        """The same for the state of requests."""
        return {"catalogue": self.catalogue, "sampler": self.sampler}


def presets_of(studio: Studio, clock: Clock) -> Presets:
    """Join them; nothing is opened."""
    return Presets(studio.catalogue, Sampler(studio, clock))
