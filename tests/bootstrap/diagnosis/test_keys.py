"""What the doctor says of keys."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from storyloom.access.schemas import NewKey, Scope
from storyloom.access.state import KeyRing
from storyloom.adapters.memory.key_store import MemoryKeyStore
from storyloom.bootstrap.access import open_key_store
from storyloom.bootstrap.archive import archive_of
from storyloom.bootstrap.diagnosis.keys import look_at_keys, look_at_own_keys
from storyloom.kit.clock import ManualClock
from storyloom.kit.findings import Verdict
from storyloom.settings import Settings

WANTED = NewKey(name="one", scopes=[Scope.ADMIN])


@pytest.mark.parametrize(
    ("chosen", "status", "says"),
    [
        ({}, Verdict.OK, "only this machine can call"),
        ({"host": "0.0.0.0"}, Verdict.WARNING, "listens on 0.0.0.0, and there are no keys"),  # noqa: S104
        ({"app_env": "production"}, Verdict.ERROR, "starts with a key only"),
        ({"app_env": "production", "admin_key": "k" * 32}, Verdict.OK, "STORYLOOM_ADMIN_KEY"),
    ],
)
async def test_without_keys(
    chosen: dict[str, str], status: Verdict, says: str, clock: ManualClock
) -> None:
    (found,) = await look_at_keys(Settings.load(**chosen), MemoryKeyStore(), clock)

    assert (found.check, found.status) == ("keys", status)
    assert says in found.says
    assert "kkk" not in found.says


async def test_a_key_lets_in_until_it_ends(clock: ManualClock) -> None:
    store, end = MemoryKeyStore(), clock.now() + timedelta(days=1)
    await KeyRing(store, clock).make(WANTED.model_copy(update={"expires_at": end}), "acme")

    (good,) = await look_at_keys(Settings.load(), store, clock)
    clock.advance(86_400)
    (ended,) = await look_at_keys(Settings.load(), store, clock)

    assert good.status is Verdict.OK
    assert ended.status is Verdict.WARNING
    assert "storyloom keys create" in ended.mend


async def test_the_file_of_a_server_is_looked_at_and_not_made(
    tmp_path: Path, clock: ManualClock
) -> None:
    settings = Settings.load(data_dir=tmp_path / "data", app_env="production")

    (before,) = await look_at_own_keys(settings, clock)
    assert not (tmp_path / "data").exists()
    async with open_key_store(settings) as store:
        await KeyRing(store, clock).make(WANTED, "acme")
    (after,) = await look_at_own_keys(settings, clock)

    assert before.status is Verdict.ERROR
    assert after.status is Verdict.OK


async def test_a_file_of_an_older_server_has_no_keys(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings.load(data_dir=tmp_path)
    async with archive_of(settings):
        pass
    with sqlite3.connect(tmp_path / "storyloom.sqlite") as file:
        file.execute("DROP TABLE storyloom_keys")
    file.close()

    (found,) = await look_at_own_keys(settings, clock)

    assert found.status is Verdict.OK
