"""The profiles of organisations: looked up with the presets that everybody has, kept and changed."""

import re
from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from anyio import CapacityLimiter, to_thread
from pydantic import JsonValue

from storyloom.boards.schemas import Logo
from storyloom.errors import NotFound
from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.kit.clock import Clock
from storyloom.storyboard.presets import PROFILE, Brief, Catalogue, IcpPreset
from storyloom.storyboard.profiles.conditions import NOTHING_EXPECTED, Condition
from storyloom.storyboard.profiles.errors import (
    LogoNotFound,
    ProfileNotFound,
    ProfileNotOurs,
    TooManyProfiles,
)
from storyloom.storyboard.profiles.logos import LOGOS, check_logo
from storyloom.storyboard.profiles.ports import ProfileStore
from storyloom.storyboard.profiles.schemas import KEY, ProfileBody, StoredProfile
from storyloom.storyboard.schemas import Wishes

MOST = 100  #: profiles of one organisation
_OF_JOBS = "sources"  #: the folder in which jobs keep what they begin with
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
        return {PROFILE: (await self.held(icp)).model_dump(mode="json")}

    async def held(self, icp: IcpPreset) -> IcpPreset:
        """The profile for a job, whose logo is a copy of the job's own, as young as the job."""
        logo, data = icp.brand.logo, await self.picture(icp)
        if logo is None:
            return icp
        if data is not None:
            key = key_of(_OF_JOBS, data, logo.picture.media_type)
            await self._images.put(key, data)
            picture = logo.picture.model_copy(update={"key": key})
            logo = logo.model_copy(update={"picture": picture})
        return _with_logo(icp, None if data is None else logo)

    async def all(self, org_id: str) -> Sequence[StoredProfile]:
        """What the organisation keeps. A preset of everybody goes before one of the same name."""
        kept = await self._store.list(org_id)
        return [one for one in kept if one.preset.key not in self.catalogue.icp]

    async def find(self, org_id: str, key: str) -> StoredProfile | IcpPreset:
        """The profile that requests of the organisation name so; raises `ProfileNotFound`."""
        return self.catalogue.icp.get(key) or await self.get(org_id, key)

    async def get(self, org_id: str, key: str) -> StoredProfile:
        """One of its own; raises `ProfileNotFound`."""
        return _found(key, await self._store.get(org_id, key))

    async def put(
        self, org_id: str, key: str, body: ProfileBody, expected: Condition = NOTHING_EXPECTED
    ) -> StoredProfile:
        """Keep a profile; one of the same name is replaced, and its logo stays.

        Raises `ProfileNotOurs`, `TooManyProfiles`, or `ProfileChanged` where it is not as expected.
        """
        self._refuse_others(key)
        if await self._store.get(org_id, key) is None:
            await self._refuse_more(org_id)

        def edit(kept: StoredProfile | None) -> StoredProfile:
            wanted = body.preset(key, None if kept is None else kept.preset.brand.logo)
            if kept is not None and kept.preset == wanted and expected.if_none_match is None:
                return kept  # by a request whose answer was lost, say
            expected.check(key, kept)
            return self._now(wanted)

        return _found(key, (await self._store.change(org_id, key, edit)).after)

    async def delete(self, org_id: str, key: str, expected: Condition = NOTHING_EXPECTED) -> None:
        """Remove a profile; raises `ProfileNotOurs`, `ProfileNotFound`, or `ProfileChanged`."""
        self._refuse_others(key)

        def edit(kept: StoredProfile | None) -> None:
            expected.check(key, kept)
            _found(key, kept)

        await self._store.change(org_id, key, edit)

    async def put_logo(self, org_id: str, key: str, raw: bytes) -> StoredProfile:
        """Give a stored profile a logo; raises `ProfileNotFound`, or `InvalidInput`."""
        self._refuse_others(key)
        await self.get(org_id, key)
        checked = await to_thread.run_sync(partial(check_logo, raw), limiter=self._checks)
        # Not named by its content: what nobody names any more must not be named again.
        name = f"{LOGOS}/{uuid4().hex}.png"
        await self._images.put(name, checked.data)
        picture = ImageRef(
            key=name,
            media_type=MediaType.PNG,
            size_bytes=len(checked.data),
            width=checked.width,
            height=checked.height,
        )
        logo = Logo(picture=picture, is_light=checked.is_light)
        try:
            return await self._change_logo(org_id, key, logo)
        except ProfileNotFound:
            await self._images.delete(name)  # nobody has named it, so nobody would sweep it
            raise

    async def delete_logo(self, org_id: str, key: str) -> StoredProfile:
        """Take a stored profile's logo away; raises `ProfileNotFound`."""
        self._refuse_others(key)
        return await self._change_logo(org_id, key, None)

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

    async def _change_logo(self, org_id: str, key: str, logo: Logo | None) -> StoredProfile:
        def edit(kept: StoredProfile | None) -> StoredProfile:
            return self._now(_with_logo(_found(key, kept).preset, logo))

        return _found(key, (await self._store.change(org_id, key, edit)).after)

    def _now(self, preset: IcpPreset) -> StoredProfile:
        return StoredProfile(preset=preset, updated_at=self._clock.now())

    async def _refuse_more(self, org_id: str) -> None:
        if len(await self._store.list(org_id)) >= MOST:
            raise TooManyProfiles(
                f"An organisation keeps {MOST} profiles at most; delete one first"
            )

    def _refuse_others(self, key: str) -> None:
        if key in self.catalogue.icp:
            where = (
                "a file of the operator" if self.catalogue.is_file("icp", key) else "the package"
            )
            raise ProfileNotOurs(
                f"'{key}' comes from {where} and cannot be changed here; choose another name"
            )


def _found(key: str, kept: StoredProfile | None) -> StoredProfile:
    if kept is None:
        raise ProfileNotFound(key)
    return kept


def _with_logo(icp: IcpPreset, logo: Logo | None) -> IcpPreset:
    return icp.model_copy(update={"brand": icp.brand.model_copy(update={"logo": logo})})
