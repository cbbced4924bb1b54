"""Logos that no profile names any more are removed, and no others."""

import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import anyio
import pytest

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Unavailable
from storyloom.imaging.schemas import Swept
from storyloom.kit.clock import ManualClock, SystemClock
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.profiles.schemas import BrandBody, ProfileBody
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.profiles.sweeping import GRACE, LogoSweep
from storyloom.storyboard.schemas import Wishes
from tests.storyboard.profiles.test_state import png

BODY = ProfileBody(name="Solar", brand=BrandBody(name="Acorn"))


class Place:
    """Profiles, and a folder in which time passes as one says."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder = folder
        self.images = ObstoreImageStore.in_folder(folder)
        self.store = MemoryProfileStore()
        self.profiles = Profiles(Catalogue.load(), self.store, self.images, clock)
        self.sweep = LogoSweep(self.store, self.images, clock)

    def age(self) -> None:
        """Let all files have been there for longer than the grace."""
        for path in self._files():
            at = path.stat().st_mtime - GRACE.total_seconds() - 60
            os.utime(path, (at, at))

    def logos(self) -> int:
        """How many there are."""
        return len(self._files())

    def _files(self) -> list[Path]:
        return [path for path in (self.folder / "logos").rglob("*") if path.is_file()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    clock = ManualClock(SystemClock().now() + timedelta(seconds=1))  # files are of now
    return Place(tmp_path / "images", clock)


async def test_a_logo_goes_a_while_after_another_one_is_there(place: Place) -> None:
    for org in ("acme", "beta"):
        await place.profiles.put(org, "acorn", BODY)
        await place.profiles.put_logo(org, "acorn", png())
    place.age()
    await place.profiles.put("acme", "acorn", BODY)
    assert await place.sweep.run_once() == Swept(files=0, size_bytes=0)

    await place.profiles.put_logo("acme", "acorn", png())
    assert (await place.sweep.run_once()).files == 0, "whoever has looked before may draw with it"
    place.age()
    assert (await place.sweep.run_once()).files == 1
    assert (await place.profiles.logo("acme", "acorn"))[1]
    assert (await place.profiles.logo("beta", "acorn"))[1]


async def test_a_logo_goes_with_its_profile_and_jobs_keep_theirs(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    icp = (await place.profiles.brief(Wishes(icp_preset="acorn"), "acme")).icp
    held = await place.profiles.held(icp)

    await place.profiles.delete("acme", "acorn")
    place.age()
    await place.sweep.run_once()

    assert place.logos() == 0
    assert await place.profiles.picture(icp) is None
    assert await place.profiles.picture(held) is not None


async def test_a_logo_that_was_taken_away_goes(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    await place.profiles.delete_logo("acme", "acorn")
    assert place.logos() == 1

    place.age()

    assert (await place.sweep.run_once()).files == 1


async def test_a_logo_that_is_gone_already_is_in_nobodys_way(place: Place) -> None:
    await place.profiles.put("acme", "acorn", BODY)
    kept = await place.profiles.put_logo("acme", "acorn", png())
    await place.images.delete(kept.logo_key or "")

    assert (await place.profiles.delete_logo("acme", "acorn")).logo_key is None


async def test_it_goes_on_after_a_fault(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await place.profiles.put("acme", "acorn", BODY)
    await place.profiles.put_logo("acme", "acorn", png())
    await place.profiles.delete("acme", "acorn")
    place.age()

    class Away(MemoryProfileStore):
        rounds = 0

        async def logos(self) -> frozenset[str]:
            self.rounds += 1
            if self.rounds == 1:
                raise Unavailable("The database is away.", system="archive")
            if self.rounds > 2:
                swept.set()
            return frozenset()

    swept = anyio.Event()
    sweep = LogoSweep(Away(), place.images, ManualClock(SystemClock().now()))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(sweep.run_forever, 0.01, after_s=0))
        await swept.wait()
        tasks.cancel_scope.cancel()

    assert place.logos() == 0
    assert "old logos have to wait" in caplog.text
    assert "removed 1 logos" in caplog.text
