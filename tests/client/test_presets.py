"""Presets through the client: what is expected of a profile goes with the request."""

import pytest

from storyloom.client.errors import Changed
from storyloom.client.faces import Awaited
from storyloom.client.presets import Presets
from storyloom.storyboard.profiles.schemas import BrandBody, ProfileBody
from tests.client.answering import Answering, problem

PROFILE = ProfileBody(name="Solar", brand=BrandBody(name="Acorn"))


async def test_what_somebody_else_has_changed_is_refused() -> None:
    server = Answering([problem(412, "profile_changed")] * 3)
    presets = Presets(server.line(), Awaited())

    with pytest.raises(Changed):
        await presets.put("acorn", PROFILE, etag='"a1"')
    with pytest.raises(Changed):
        await presets.put("acorn", PROFILE, is_new=True)
    with pytest.raises(Changed):
        await presets.delete("acorn", etag='"a1"')

    told = [(one.headers.get("If-Match"), one.headers.get("If-None-Match")) for one in server.asked]
    assert told == [('"a1"', None), (None, "*"), ('"a1"', None)]
