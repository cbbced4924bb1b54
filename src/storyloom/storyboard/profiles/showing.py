"""Presets as they are shown, whoever keeps them."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.boards.schemas import Brand
from storyloom.kit.tagged import tag_of
from storyloom.storyboard.presets import Audience, Catalogue, IcpPreset, Preset, Stage
from storyloom.storyboard.profiles.contrast import warnings_of
from storyloom.storyboard.profiles.schemas import (
    PRESETS,
    AudienceView,
    BrandView,
    IcpView,
    LogoView,
    Origin,
    PresetCatalogue,
    StageView,
    StoredProfile,
)


def shown(catalogue: Catalogue, stored: Sequence[StoredProfile]) -> PresetCatalogue:
    """Everything that a request of an organisation may name."""
    return PresetCatalogue(
        icp=[
            *(_icp(one, _origin(catalogue, "icp", one)) for one in catalogue.icp.values()),
            *map(profile_view, stored),
        ],
        stages=[
            _stage(one, _origin(catalogue, "stages", one)) for one in catalogue.stages.values()
        ],
        audiences=[
            _audience(one, _origin(catalogue, "audiences", one))
            for one in catalogue.audiences.values()
        ],
    )


def icp_view(catalogue: Catalogue, found: StoredProfile | IcpPreset) -> IcpView:
    """One customer profile, whoever keeps it."""
    if isinstance(found, StoredProfile):
        return profile_view(found)
    return _icp(found, _origin(catalogue, "icp", found))


def profile_view(stored: StoredProfile) -> IcpView:
    """A profile that its organisation may change."""
    return _icp(stored.preset, Origin.STORED, stored.updated_at)


def _origin(catalogue: Catalogue, kind: str, preset: Preset) -> Origin:
    return Origin.FILE if catalogue.is_file(kind, preset.key) else Origin.BUILT_IN


def _icp(preset: IcpPreset, origin: Origin, updated_at: datetime | None = None) -> IcpView:
    view = IcpView(
        key=preset.key,
        origin=origin,
        name=preset.name,
        description=preset.description,
        brand=_brand(preset.key, preset.brand),
        art_style=preset.art_style,
        words=dict(preset.words),
        warnings=warnings_of(preset.brand.palette),
        updated_at=updated_at,
    )
    return view.model_copy(update={"etag": tag_of(view.model_dump_json().encode())})


def _brand(key: str, brand: Brand) -> BrandView:
    logo = brand.logo and LogoView(
        url=f"{PRESETS}/icp/{key}/logo",
        media_type=brand.logo.picture.media_type,
        width=brand.logo.picture.width,
        height=brand.logo.picture.height,
        is_light=brand.logo.is_light,
    )
    return BrandView(name=brand.name, palette=brand.palette, logo=logo)


def _stage(stage: Stage, origin: Origin) -> StageView:
    return StageView(origin=origin, **stage.model_dump())


def _audience(audience: Audience, origin: Origin) -> AudienceView:
    return AudienceView(origin=origin, **audience.model_dump())
