"""Opening what lets in, as the settings choose."""

from pathlib import Path

import pytest

from storyloom.access.gate import Asked
from storyloom.access.schemas import NewKey, Scope
from storyloom.access.state import KeyRing
from storyloom.bootstrap.access import (
    is_private,
    limits_of,
    open_access,
    open_key_store,
    refuse_without_key,
)
from storyloom.errors import Misconfigured
from storyloom.kit.clock import ManualClock, SystemClock
from storyloom.settings import Settings

WANTED = NewKey(name="one", scopes=[Scope.GPU])
EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing listens


async def _note(settings: Settings, *keys: NewKey) -> str:
    async with open_key_store(settings) as store:
        for key in keys:
            await KeyRing(store, ManualClock()).make(key, "acme")
        async with open_access(settings, store) as access:
            return access.note


async def test_whoever_starts_a_server_is_told_who_may_call(tmp_path: Path) -> None:
    ended = WANTED.model_copy(update={"expires_at": ManualClock().at.replace(month=2)})

    assert "only this machine can call" in await _note(Settings.load(data_dir=tmp_path / "a"))
    refused = "every call is refused"
    assert refused in await _note(Settings.load(data_dir=tmp_path / "b", host=EVERYWHERE))
    assert refused in await _note(Settings.load(data_dir=tmp_path / "c"), ended)
    needed = "a key is needed"
    assert needed in await _note(Settings.load(data_dir=tmp_path / "d"), WANTED)
    assert needed in await _note(Settings.load(data_dir=tmp_path / "e", admin_key="k" * 32))


@pytest.mark.parametrize(
    ("chosen", "private"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": EVERYWHERE}, False),
        ({"app_env": "production"}, False),
        ({"admin_key": "k" * 32}, False),
    ],
)
def test_a_private_server(chosen: dict[str, str], *, private: bool) -> None:
    assert is_private(Settings.load(**chosen)) is private


@pytest.mark.parametrize("place", ["sqlite", "postgres"])
async def test_production_needs_a_key_that_lets_in(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if place == "postgres" else None
    settings = Settings.load(data_dir=tmp_path, app_env="production", database_url=url)

    with pytest.raises(Misconfigured, match="storyloom keys create") as fault:
        await refuse_without_key(settings)
    assert fault.value.setting == "STORYLOOM_ADMIN_KEY"

    async with open_key_store(settings) as store:
        await KeyRing(store, SystemClock()).make(WANTED, "acme")
    await refuse_without_key(settings)


async def test_development_starts_without_one_and_makes_nothing(tmp_path: Path) -> None:
    await refuse_without_key(Settings.load(data_dir=tmp_path / "data"))

    assert not (tmp_path / "data").exists()


async def test_requests_are_counted_where_the_settings_say(redis_url: str) -> None:
    clock = SystemClock()
    async with limits_of(Settings.load(rate_limit="none"), clock) as limits:
        assert limits is None
    async with limits_of(Settings.load(rate_limit="2/day"), clock) as limits:
        assert limits is not None
        assert (await limits.count("one")).left == 1
    shared = Settings.load(rate_limit="2/day", redis_url=redis_url)
    async with limits_of(shared, clock) as one, limits_of(shared, clock) as other:
        assert one is not None
        assert other is not None
        await one.count("one")
        assert (await other.count("one")).left == 0


async def test_the_gate_knows_the_keys_of_the_store(tmp_path: Path) -> None:
    settings = Settings.load(data_dir=tmp_path, rate_limit="9/day")
    async with open_key_store(settings) as store, open_access(settings, store) as access:
        key = await access.keys.make(WANTED, "acme")
        asked = Asked("/api/v1/gpu/status", (f"Bearer {key.key}",), (), "203.0.113.7")

        admission = await access.gate.admit(asked)

    assert admission.caller.org_id == "acme"
    assert admission.standing is not None
    assert admission.standing.left == 8
