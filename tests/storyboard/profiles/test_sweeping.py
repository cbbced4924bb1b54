"""Logos that profiles have laid aside are removed, and no others."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import anyio
import pytest

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Unavailable
from storyloom.kit.clock import ManualClock, SystemClock
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.profiles.schemas import BrandBody, ProfileBody
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.profiles.sweeping import GRACE, LogoSweep
from storyloom.storyboard.schemas import Wishes
from tests.storyboard.profiles.test_state import png

BODY = ProfileBody(name="Solar", brand=BrandBody(name="Acorn"))


class Place:
    """Profiles, and a folder with their logos."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder = folder
        self.clock = clock
        self.images = ObstoreImageStore.in_folder(folder)
        self.store = MemoryProfileStore(clock)
        self.profiles = Profiles(Catalogue.load(), self.store, self.images, clock)
        self.sweep = LogoSweep(self.store, self.images, clock)

    def wait(self) -> None:
        """Let the grace pass."""
        self.clock.advance(GRACE.total_seconds() + 60)

    def logos(self) -> int:
        """How many files there are."""
        return sum(path.is_file() for path in (self.folder / "logos").rglob("*"))


@pytest.fixture
def place(tmp_path: Path, clock: ManualClock) -> Place:
    return Place(tmp_path / "images", clock)


async def test_a_logo_goes_a_while_after_another_one_is_there(place: Place) -> None:
    for org in ("acme", "beta"):
        await place.profiles.put(org, "acorn", BODY)
        await place.profiles.put_logo(org, "acorn", png())
    place.wait()
    await place.profiles.put("acme", "acorn", BODY)
    assert await place.sweep.run_once() == 0

    await place.profiles.put_logo("acme", "acorn", png())
    assert await place.sweep.run_once() == 0, "whoever has looked before may draw with it"
    place.wait()
    assert [await place.sweep.run_once() for _ in range(2)] == [1, 0]
    assert place.logos() == 2
    assert (await place.profiles.logo("acme", "acorn"))[1]
    assert (await place.profiles.logo("beta", "acorn"))[1]


async def test_a_logo_goes_with_its_profile_and_jobs_keep_theirs(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    icp = (await place.profiles.brief(Wishes(icp_preset="acorn"), "acme")).icp
    held = await place.profiles.held(icp)

    await place.profiles.delete("acme", "acorn")
    place.wait()
    await place.sweep.run_once()

    assert place.logos() == 0
    assert await place.profiles.picture(icp) is None
    assert await place.profiles.picture(held) is not None


async def test_a_logo_that_was_taken_away_goes(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    await place.profiles.delete_logo("acme", "acorn")
    assert place.logos() == 1

    place.wait()

    assert await place.sweep.run_once() == 1
    assert place.logos() == 0


async def test_logos_of_another_database_stay(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    empty = MemoryProfileStore(place.clock)
    profiles = Profiles(place.profiles.catalogue, empty, place.images, place.clock)
    await profiles.put("acme", "acorn", BODY)
    await profiles.put_logo("acme", "acorn", png())
    await profiles.delete("acme", "acorn")
    place.clock.at = SystemClock().now() + timedelta(days=400)  # files are of now

    assert await LogoSweep(empty, place.images, place.clock).run_once() == 1
    assert (await place.profiles.logo("acme", "acorn"))[1]


async def test_a_logo_that_is_gone_already_is_in_nobodys_way(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    kept = await place.profiles.put_logo("acme", "acorn", png())
    await place.images.delete(kept.logo_key or "")

    assert (await place.profiles.delete_logo("acme", "acorn")).logo_key is None
    place.wait()
    assert [await place.sweep.run_once() for _ in range(2)] == [1, 0]


async def test_it_goes_on_after_a_fault(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    await place.profiles.delete("acme", "acorn")
    place.wait()

    class Away(MemoryProfileStore):
        rounds = 0

        async def laid_aside(self, *, before: datetime) -> list[str]:
            self.rounds += 1
            if self.rounds == 1:
                raise Unavailable("The database is away.", system="archive")
            if self.rounds > 2:
                swept.set()
            return list(await place.store.laid_aside(before=before))

        async def forget_logo(self, key: str) -> None:
            await place.store.forget_logo(key)

    swept = anyio.Event()
    sweep = LogoSweep(Away(place.clock), place.images, place.clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(sweep.run_forever, 0.01, after_s=0))
        await swept.wait()
        tasks.cancel_scope.cancel()

    assert place.logos() == 0
    assert "old logos have to wait" in caplog.text
    assert "removed 1 logos" in caplog.text
