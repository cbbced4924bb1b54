"""The routes of presets: parse, call one method, return."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from storyloom.access.callers import Org
from storyloom.kit.tagged import is_known, tagged
from storyloom.storyboard.previews.sampling import Choice, Sampler
from storyloom.storyboard.previews.served import DRAWN, WARNINGS, shown_once
from storyloom.storyboard.profiles.conditions import Condition
from storyloom.storyboard.profiles.contrast import warnings_of
from storyloom.storyboard.profiles.schemas import (
    KEY,
    PRESETS,
    IcpView,
    PresetCatalogue,
    ProfileBody,
    ProfileSample,
)
from storyloom.storyboard.profiles.showing import icp_view, profile_view, shown
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.schemas import Wishes
from storyloom.storyboard.served import SAFE_TO_OPEN

_NOT_MODIFIED = 304
# Its kind is told by its content.
_TAKEN = ("image/png", "image/jpeg", "image/webp", "application/octet-stream")
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such profile"}}
_NOT_OURS: dict[int | str, dict[str, Any]] = {
    409: {"description": "The name is that of a preset of everybody, or there are too many"}
}
_EXPECTED: dict[int | str, dict[str, Any]] = {
    400: {"description": "`If-Match` or `If-None-Match` is not to be read"},
    412: {"description": "It is not as `If-Match` or `If-None-Match` expects it"},
}
_TAG = {
    "description": "Changes when the profile does; send it back as `If-Match` to change it",
    "schema": {"type": "string"},
}
_ONE: dict[int | str, dict[str, Any]] = {
    200: {"model": IcpView, "headers": {"ETag": _TAG}},
    304: {"description": "Not changed since the `ETag` that was sent"},
    404: {"description": "There is no such profile"},
}
_PUT: dict[int | str, dict[str, Any]] = {200: {"headers": {"ETag": _TAG}}, **_EXPECTED}
_WARNINGS = {
    "description": "Colours that boards draw otherwise, as the `warnings` of a profile, in JSON",
    "schema": {"type": "string"},
}
_SAMPLED: dict[int | str, dict[str, Any]] = {
    **DRAWN,
    200: {**DRAWN[200], "headers": {WARNINGS: _WARNINGS}},
}
_LOGO: dict[int | str, dict[str, Any]] = {
    200: {"description": "The logo", "content": {"image/png": _BINARY}},
    304: {"description": "Not changed since the `ETag` that was sent"},
    404: {"description": "There is no such profile, or it has no logo"},
}
_LOGO_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": dict.fromkeys(_TAKEN, _BINARY),
    }
}
_UNREADABLE: dict[int | str, dict[str, Any]] = {
    413: {"description": "The logo is larger than 2 MiB"},
    422: {"description": "The logo is no PNG, JPEG or WebP, or is broken"},
}
router = APIRouter(
    prefix=PRESETS,
    tags=["presets"],
    responses={503: {"description": "A store is away for now"}},
)


async def _profiles(request: Request) -> Profiles:
    return request.state.profiles


async def _sampler(request: Request) -> Sampler:
    return request.state.sampler


All = Annotated[Profiles, Depends(_profiles)]
Key = Annotated[str, Path(pattern=KEY, description="The name that requests use")]
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of an earlier answer")]


async def _condition(
    if_match: Annotated[
        str | None, Header(description="The `ETag` that the profile is expected to have still")
    ] = None,
    if_none_match: Annotated[
        str | None, Header(description="`*`: it is expected not to be there yet")
    ] = None,
) -> Condition:
    return Condition(if_match, if_none_match)


Expected = Annotated[Condition, Depends(_condition)]


@router.get("")
async def list_all_presets(profiles: All, org: Org) -> PresetCatalogue:
    """List everything that a request may name, with every field and where it comes from."""
    return shown(profiles.catalogue, await profiles.all(org))


@router.post("/sample", response_class=Response, responses=_SAMPLED | _NOT_FOUND)
async def sample_profile(
    body: ProfileSample,
    profiles: All,
    sampler: Annotated[Sampler, Depends(_sampler)],
    org: Org,
) -> Response:
    """Draw a sample board with a profile that is kept nowhere, while somebody edits it."""
    with_logo = None if body.logo_of is None else await profiles.get(org, body.logo_of)
    logo = None if with_logo is None else with_logo.preset.brand.logo
    icp = body.preset(body.logo_of or "sample", logo)
    wishes = Wishes(stage=body.stage, audience=body.audience, custom_headline=body.headline)
    brief = profiles.catalogue.brief(wishes, icp=icp)
    choice = Choice(brief, body.format, body.width, await profiles.picture(icp))
    return shown_once(await sampler.sample(choice), warnings_of(body.brand.palette))


@router.get("/icp/{key}", response_class=Response, responses=_ONE)
async def get_profile(
    key: Key, profiles: All, org: Org, if_none_match: IfNoneMatch = None
) -> Response:
    """Get one customer profile that a request may name, with every field."""
    view = icp_view(profiles.catalogue, await profiles.find(org, key))
    return tagged(view.model_dump_json().encode(), if_none_match, tag=view.etag)


@router.put("/icp/{key}", responses=_PUT | _NOT_OURS)
async def put_profile(
    key: Key, body: ProfileBody, response: Response, *, profiles: All, org: Org, expected: Expected
) -> IcpView:
    """Keep a customer profile of the caller's organisation; its logo stays as it was."""
    view = profile_view(await profiles.put(org, key, body, expected))
    response.headers["ETag"] = view.etag
    return view


@router.delete("/icp/{key}", status_code=204, responses=_NOT_FOUND | _NOT_OURS | _EXPECTED)
async def delete_profile(key: Key, profiles: All, org: Org, expected: Expected) -> None:
    """Remove a stored profile. Jobs that named it keep what it was."""
    await profiles.delete(org, key, expected)


@router.get("/icp/{key}/logo", response_class=Response, responses=_LOGO)
async def profile_logo(
    key: Key,
    profiles: All,
    org: Org,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Get the logo of a stored profile, as boards show it."""
    logo, data = await profiles.logo(org, key)
    etag = f'"{sha256(data).hexdigest()[:24]}"'
    headers = {**SAFE_TO_OPEN, "ETag": etag, "Cache-Control": "private, no-cache"}
    if is_known(etag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(data, headers=headers, media_type=logo.picture.media_type)


@router.put(
    "/icp/{key}/logo",
    responses=_NOT_FOUND | _NOT_OURS | _UNREADABLE,
    openapi_extra=_LOGO_BODY,
)
async def put_profile_logo(key: Key, request: Request, profiles: All, org: Org) -> IcpView:
    """Give a stored profile a logo: the bytes of a PNG, JPEG or WebP, which are written anew."""
    return profile_view(await profiles.put_logo(org, key, await request.body()))


@router.delete("/icp/{key}/logo", responses=_NOT_FOUND | _NOT_OURS)
async def delete_profile_logo(key: Key, profiles: All, org: Org) -> IcpView:
    """Take a stored profile's logo away."""
    return profile_view(await profiles.delete_logo(org, key))
