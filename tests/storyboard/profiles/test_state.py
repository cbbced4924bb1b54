"""Profiles of organisations: looked up beside the catalogue, kept, and kept by jobs."""

from dataclasses import replace
from io import BytesIO

import pytest
from obstore.store import MemoryStore
from PIL import Image

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import InvalidInput, NotFound
from storyloom.kit.clock import ManualClock
from storyloom.storyboard.presets import PROFILE, Catalogue, kept_profile
from storyloom.storyboard.profiles import state
from storyloom.storyboard.profiles.conditions import Condition
from storyloom.storyboard.profiles.errors import (
    LogoNotFound,
    ProfileChanged,
    ProfileNotFound,
    ProfileNotOurs,
    TooManyProfiles,
)
from storyloom.storyboard.profiles.schemas import Origin, ProfileBody
from storyloom.storyboard.profiles.showing import icp_view, profile_view, shown
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.schemas import Wishes

CATALOGUE = Catalogue.load()
BODY = ProfileBody.model_validate(
    {"name": "Solar", "brand": {"name": "Acorn"}, "words": {"trade": "solar"}}
)
ACORN = Wishes(icp_preset="acorn")


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 10), "green").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def images() -> ObstoreImageStore:
    return ObstoreImageStore.in_memory()


@pytest.fixture
def profiles(images: ObstoreImageStore, clock: ManualClock) -> Profiles:
    return Profiles(CATALOGUE, MemoryProfileStore(clock), images, clock)


async def test_a_stored_profile_is_found_by_its_organisation_alone(profiles: Profiles) -> None:
    await profiles.put("acme", "acorn", BODY)

    assert (await profiles.brief(ACORN, "acme")).icp.brand.name == "Acorn"
    with pytest.raises(InvalidInput, match=r"'software_team'$") as refused:
        await profiles.brief(ACORN, "other", part="query")
    assert refused.value.loc == ("query", "icp_preset")
    with pytest.raises(InvalidInput, match=r"'software_team', 'acorn'$"):
        await profiles.brief(Wishes(icp_preset="../x"), "acme")


async def test_one_profile_is_found_whoever_keeps_it(profiles: Profiles) -> None:
    kept = await profiles.put("acme", "acorn", BODY)
    found = await profiles.find("acme", "coperniq_mep")

    assert await profiles.find("acme", "acorn") == kept
    assert icp_view(CATALOGUE, kept) == profile_view(kept)
    assert icp_view(CATALOGUE, found) == shown(CATALOGUE, []).icp[0]
    with pytest.raises(ProfileNotFound):
        await profiles.find("other", "acorn")


async def test_a_job_keeps_what_no_catalogue_has(profiles: Profiles) -> None:
    await profiles.put("acme", "acorn", BODY)
    kept = await profiles.resolved(ACORN, "acme")

    assert kept == {PROFILE: BODY.preset("acorn", None).model_dump(mode="json")}
    assert await profiles.resolved(Wishes(), "acme") == {}


async def test_what_everybody_has_cannot_be_taken_and_goes_before(
    profiles: Profiles, clock: ManualClock, images: ObstoreImageStore
) -> None:
    for call in (
        profiles.put("acme", "coperniq_mep", BODY),
        profiles.delete("acme", "coperniq_mep"),
        profiles.put_logo("acme", "coperniq_mep", png()),
        profiles.delete_logo("acme", "coperniq_mep"),
    ):
        with pytest.raises(ProfileNotOurs, match="comes from the package"):
            await call
    store = MemoryProfileStore(clock)
    await Profiles(CATALOGUE, store, images, clock).put("acme", "acorn", BODY)
    icp = {**profiles.catalogue.icp, "acorn": BODY.preset("acorn", None)}
    later = replace(profiles.catalogue, icp=icp, files=frozenset({("icp", "acorn")}))
    operators = Profiles(later, store, images, clock)

    assert await operators.all("acme") == []
    assert shown(later, []).icp[-1].origin is Origin.FILE
    with pytest.raises(ProfileNotOurs, match="a file of the operator"):
        await operators.put("acme", "acorn", BODY)


async def test_a_logo_is_kept_until_it_is_taken_away(
    profiles: Profiles, images: ObstoreImageStore
) -> None:
    await profiles.put("acme", "acorn", BODY)
    with pytest.raises(LogoNotFound):
        await profiles.logo("acme", "acorn")
    await profiles.put_logo("acme", "acorn", png())
    kept = await profiles.put("acme", "acorn", BODY)
    logo, data = await profiles.logo("acme", "acorn")

    assert kept.preset.brand.logo == logo
    assert await profiles.picture(kept.preset) == data
    await images.delete(logo.picture.key)
    assert await profiles.picture(kept.preset) is None
    assert (await profiles.delete_logo("acme", "acorn")).preset.brand.logo is None


async def test_a_job_has_a_copy_of_the_logo(profiles: Profiles, images: ObstoreImageStore) -> None:
    await profiles.put("acme", "acorn", BODY)
    own = (await profiles.put_logo("acme", "acorn", png())).preset
    data = await profiles.picture(own)

    held = kept_profile(await profiles.resolved(ACORN, "acme"))

    assert held is not None
    assert held.brand.logo is not None
    assert own.brand.logo is not None
    assert held.brand.logo.picture.key.startswith("sources/")
    assert own.brand.logo.picture.key.startswith("logos/")
    await images.delete(own.brand.logo.picture.key)
    assert await profiles.picture(held) == data
    assert await profiles.held(held) == held
    assert (await profiles.held(own)).brand.logo is None, "the words are what counts"


async def test_equal_logos_are_files_of_their_own(profiles: Profiles) -> None:
    await profiles.put("acme", "acorn", BODY)

    first = await profiles.put_logo("acme", "acorn", png())
    second = await profiles.put_logo("acme", "acorn", png())

    assert first.logo_key != second.logo_key


async def test_a_profile_is_changed_by_whoever_has_seen_it(profiles: Profiles) -> None:
    new = Condition(if_none_match="*")
    first = await profiles.put("acme", "acorn", BODY, new)
    seen = Condition(if_match=profile_view(first).etag)

    with pytest.raises(ProfileChanged, match="'acorn' already"):
        await profiles.put("acme", "acorn", BODY, new)
    await profiles.put("acme", "acorn", BODY.model_copy(update={"name": "Theirs"}), seen)
    for call in (
        profiles.put("acme", "acorn", BODY, seen),
        profiles.delete("acme", "acorn", seen),
    ):
        with pytest.raises(ProfileChanged, match="Somebody has changed the profile 'acorn'"):
            await call
    theirs = await profiles.get("acme", "acorn")
    assert theirs.preset.name == "Theirs"
    twice = await profiles.put("acme", "acorn", BODY.model_copy(update={"name": "Theirs"}), seen)
    assert twice == theirs, "what is so already is not refused"
    await profiles.delete("acme", "acorn", Condition(if_match="*"))
    with pytest.raises(ProfileChanged, match="Somebody has removed the profile 'acorn'"):
        await profiles.put("acme", "acorn", BODY, seen)


async def test_a_logo_and_words_at_the_same_moment_are_both_kept(
    images: ObstoreImageStore, clock: ManualClock
) -> None:
    store = MemoryProfileStore(clock)
    profiles = Profiles(CATALOGUE, store, images, clock)
    await profiles.put("acme", "acorn", BODY)

    class Slow(ObstoreImageStore):
        async def put(self, key: str, data: bytes) -> None:
            """Somebody writes other words while the logo is on its way."""
            await profiles.put("acme", "acorn", BODY.model_copy(update={"name": "Theirs"}))
            await images.put(key, data)

    slowly = Profiles(CATALOGUE, store, Slow(MemoryStore()), clock)
    await slowly.put_logo("acme", "acorn", png())

    kept = await profiles.get("acme", "acorn")
    assert kept.preset.name == "Theirs"
    assert kept.logo_key is not None


async def test_a_logo_of_a_profile_that_has_gone_meanwhile_is_not_left_behind(
    images: ObstoreImageStore, clock: ManualClock
) -> None:
    store = MemoryProfileStore(clock)
    profiles = Profiles(CATALOGUE, store, images, clock)
    await profiles.put("acme", "acorn", BODY)
    written: list[str] = []

    class Slow(ObstoreImageStore):
        async def put(self, key: str, data: bytes) -> None:
            """Somebody removes the profile while the logo is on its way."""
            await profiles.delete("acme", "acorn")
            await super().put(key, data)
            written.append(key)

    kept = Slow(MemoryStore())
    with pytest.raises(ProfileNotFound):
        await Profiles(CATALOGUE, store, kept, clock).put_logo("acme", "acorn", png())

    (key,) = written
    with pytest.raises(NotFound):
        await kept.get(key)


async def test_what_is_not_kept_is_not_found(profiles: Profiles) -> None:
    for call in (
        profiles.get("acme", "acorn"),
        profiles.delete("acme", "acorn"),
        profiles.put_logo("acme", "acorn", png()),
        profiles.delete_logo("acme", "acorn"),
        profiles.logo("acme", "acorn"),
    ):
        with pytest.raises(ProfileNotFound, match="'acorn'"):
            await call


async def test_there_is_an_end_to_them(profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MOST", 1)
    await profiles.put("acme", "acorn", BODY)
    await profiles.put("acme", "acorn", BODY)
    await profiles.put("other", "birch", BODY)

    with pytest.raises(TooManyProfiles):
        await profiles.put("acme", "birch", BODY)
