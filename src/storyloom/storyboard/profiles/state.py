"""The profiles of organisations: looked up with the presets that everybody has, kept and changed."""

import re
from collections.abc import Sequence
from functools import partial

from anyio import CapacityLimiter, to_thread
from pydantic import JsonValue

from storyloom.boards.schemas import Logo
from storyloom.errors import NotFound
from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.kit.clock import Clock
from storyloom.storyboard.presets import PROFILE, Brief, Catalogue, IcpPreset
from storyloom.storyboard.profiles.errors import (
    LogoNotFound,
    ProfileNotFound,
    ProfileNotOurs,
    TooManyProfiles,
)
from storyloom.storyboard.profiles.logos import check_logo
from storyloom.storyboard.profiles.ports import ProfileStore
from storyloom.storyboard.profiles.schemas import KEY, ProfileBody, StoredProfile
from storyloom.storyboard.schemas import Wishes

MOST = 100  #: profiles of one organisation
LOGOS = "logos"  #: the folder in the image store
_CHECKS_AT_ONCE = 2
_KEY = re.compile(KEY)


class Profiles:
    """What the organisations keep, and the catalogue that goes before it."""

    def __init__(
        self, catalogue: Catalogue, store: ProfileStore, images: ImageStore, clock: Clock
    ) -> None:
        """Take the presets of everybody, where profiles are kept, and where their logos are."""
        self.catalogue = catalogue
        self._store = store
        self._images = images
        self._clock = clock
        self._checks = CapacityLimiter(_CHECKS_AT_ONCE)

    async def brief(self, wishes: Wishes, org_id: str, *, part: str = "body") -> Brief:
        """Look the wishes up; raises `InvalidInput` that lists what there is."""
        key = wishes.icp_preset
        if key in self.catalogue.icp:
            return self.catalogue.brief(wishes, part=part)
        kept = await self._store.get(org_id, key) if _KEY.match(key) else None
        if kept is not None:
            return self.catalogue.brief(wishes, part=part, icp=kept.preset)
        more = [one.preset.key for one in await self._store.list(org_id)]
        return self.catalogue.brief(wishes, part=part, more=more)

    async def resolved(self, wishes: Wishes, org_id: str) -> dict[str, JsonValue]:
        """What a job has to keep, so that later changes of a stored profile do not reach it."""
        icp = (await self.brief(wishes, org_id)).icp
        if icp.key in self.catalogue.icp:
            return {}
        return {PROFILE: icp.model_dump(mode="json")}

    async def all(self, org_id: str) -> Sequence[StoredProfile]:
        """What the organisation keeps. A preset of everybody goes before one of the same name."""
        kept = await self._store.list(org_id)
        return [one for one in kept if one.preset.key not in self.catalogue.icp]

    async def get(self, org_id: str, key: str) -> StoredProfile:
        """One of them; raises `ProfileNotFound`."""
        kept = await self._store.get(org_id, key)
        if kept is None:
            raise ProfileNotFound(key)
        return kept

    async def put(self, org_id: str, key: str, body: ProfileBody) -> StoredProfile:
        """Keep a profile; one of the same name is replaced, and its logo stays.

        Raises `ProfileNotOurs`, or `TooManyProfiles`.
        """
        self._refuse_others(key)
        before = await self._store.get(org_id, key)
        if before is None and len(await self._store.list(org_id)) >= MOST:
            raise TooManyProfiles(
                f"An organisation keeps {MOST} profiles at most; delete one first"
            )
        logo = None if before is None else before.preset.brand.logo
        return await self._keep(org_id, body.preset(key, logo))

    async def delete(self, org_id: str, key: str) -> None:
        """Remove a profile; raises `ProfileNotOurs`, or `ProfileNotFound`.

        Its logo stays: boards that were drawn with it may be drawn again.
        """
        self._refuse_others(key)
        if not await self._store.delete(org_id, key):
            raise ProfileNotFound(key)

    async def put_logo(self, org_id: str, key: str, raw: bytes) -> StoredProfile:
        """Give a stored profile a logo; raises `ProfileNotFound`, or `InvalidInput`."""
        self._refuse_others(key)
        kept = await self.get(org_id, key)
        checked = await to_thread.run_sync(partial(check_logo, raw), limiter=self._checks)
        name = key_of(LOGOS, checked.data, MediaType.PNG)
        await self._images.put(name, checked.data)
        picture = ImageRef(
            key=name,
            media_type=MediaType.PNG,
            size_bytes=len(checked.data),
            width=checked.width,
            height=checked.height,
        )
        return await self._with_logo(org_id, kept, Logo(picture=picture, is_light=checked.is_light))

    async def delete_logo(self, org_id: str, key: str) -> StoredProfile:
        """Take a stored profile's logo away; raises `ProfileNotFound`."""
        self._refuse_others(key)
        return await self._with_logo(org_id, await self.get(org_id, key), None)

    async def logo(self, org_id: str, key: str) -> tuple[Logo, bytes]:
        """The logo and its PNG; raises `ProfileNotFound`, or `LogoNotFound`."""
        logo = (await self.get(org_id, key)).preset.brand.logo
        if logo is None:
            raise LogoNotFound(f"The profile '{key}' has no logo")
        return logo, await self._images.get(logo.picture.key)

    async def picture(self, icp: IcpPreset) -> bytes | None:
        """The logo that its boards show, while it is kept."""
        logo = icp.brand.logo
        try:
            return None if logo is None else await self._images.get(logo.picture.key)
        except NotFound:
            return None  # the words are what counts

    async def _with_logo(
        self, org_id: str, kept: StoredProfile, logo: Logo | None
    ) -> StoredProfile:
        brand = kept.preset.brand.model_copy(update={"logo": logo})
        return await self._keep(org_id, kept.preset.model_copy(update={"brand": brand}))

    async def _keep(self, org_id: str, preset: IcpPreset) -> StoredProfile:
        kept = StoredProfile(preset=preset, updated_at=self._clock.now())
        await self._store.put(org_id, kept)
        return kept

    def _refuse_others(self, key: str) -> None:
        if key in self.catalogue.icp:
            where = (
                "a file of the operator" if self.catalogue.is_file("icp", key) else "the package"
            )
            raise ProfileNotOurs(
                f"'{key}' comes from {where} and cannot be changed here; choose another name"
            )
