"""Profiles of organisations: looked up beside the catalogue, kept, and kept by jobs."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import InvalidInput
from storyloom.kit.clock import ManualClock
from storyloom.storyboard.presets import PROFILE, Catalogue
from storyloom.storyboard.profiles import state
from storyloom.storyboard.profiles.errors import (
    LogoNotFound,
    ProfileNotFound,
    ProfileNotOurs,
    TooManyProfiles,
)
from storyloom.storyboard.profiles.schemas import Origin, ProfileBody
from storyloom.storyboard.profiles.showing import shown
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
    return Profiles(CATALOGUE, MemoryProfileStore(), images, clock)


async def test_a_stored_profile_is_found_by_its_organisation_alone(profiles: Profiles) -> None:
    await profiles.put("acme", "acorn", BODY)

    assert (await profiles.brief(ACORN, "acme")).icp.brand.name == "Acorn"
    with pytest.raises(InvalidInput, match=r"'software_team'$") as refused:
        await profiles.brief(ACORN, "other", part="query")
    assert refused.value.loc == ("query", "icp_preset")
    with pytest.raises(InvalidInput, match=r"'software_team', 'acorn'$"):
        await profiles.brief(Wishes(icp_preset="../x"), "acme")


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
    store = MemoryProfileStore()
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
