"""What storyboards may be made for, and what draws samples of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from storyloom.adapters.sql.profile_store import SqlProfileStore
from storyloom.bootstrap.storyboards import Stores
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.previews.sampling import Sampler
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.studio import Studio


@dataclass(frozen=True, slots=True)
class Presets:
    """What routes about presets ask."""

    profiles: Profiles
    sampler: Sampler

    @property
    def catalogue(self) -> Catalogue:
        """What everybody has."""
        return self.profiles.catalogue

    @property
    def state(self) -> Mapping[str, object]:
        """The same for the state of requests."""
        return {"profiles": self.profiles, "sampler": self.sampler}


def presets_of(studio: Studio, stores: Stores) -> Presets:
    """Join them; nothing is opened."""
    store = SqlProfileStore(stores.records.database, stores.clock)
    profiles = Profiles(studio.catalogue, store, stores.images, stores.clock)
    return Presets(profiles, Sampler(studio, stores.clock))
