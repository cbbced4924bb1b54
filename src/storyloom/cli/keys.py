"""`storyloom keys`: the keys in the database, beside a running server or before the first."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import anyio
import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from storyloom.access.schemas import PREFIX, ApiKey, MadeKey, NewKey
from storyloom.access.state import KeyRing
from storyloom.bootstrap.access import open_key_store
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import ago, clock_time, one_line
from storyloom.errors import InvalidInput
from storyloom.kit.clock import SystemClock
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.settings import Settings

_OPTIONS = {"name": "NAME", "org_id": "--org", "scopes": "--scope", "expires_at": "--days"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of `keys create`."""

    name: str
    org: str | None
    scopes: tuple[str, ...]
    days: float | None
    if_none: bool


def create(wanted: Wanted, data_dir: Path | None, *, as_json: bool) -> None:
    """Make a key and print it, the key alone on stdout."""
    settings = Settings.load(data_dir=data_dir)
    order = _order(wanted)

    async def make(keys: KeyRing) -> MadeKey | None:
        if wanted.if_none and (settings.admin_key is not None or await keys.exist()):
            return None
        return await keys.make(order, order.org_id or DEFAULT_ORG)

    made = _with_keys(settings, make)
    if as_json:
        print_json({"key": None} if made is None else made.model_dump(mode="json"))
    elif made is None:
        typer.echo("There is a key already, so none was made.", err=True)
    else:
        typer.echo(made.key)
        end = "" if made.expires_at is None else f", until {clock_time(made.expires_at)}"
        typer.secho(
            f"This is the only time it is shown. It is good for {', '.join(made.scopes)} in the "
            f"organisation '{made.org_id}'{end}.",
            err=True,
        )


def show_newest(org: str | None, limit: int, data_dir: Path | None, *, as_json: bool) -> None:
    """List the newest keys."""
    settings = Settings.load(data_dir=data_dir)

    async def newest(keys: KeyRing) -> Sequence[ApiKey]:
        return await keys.newest(org_id=org, limit=limit)

    found = _with_keys(settings, newest)
    if as_json:
        print_json({"keys": [key.model_dump(mode="json") for key in found]})
    else:
        print_table(_listed(found))


def revoke(ids: Sequence[str], data_dir: Path | None, *, as_json: bool) -> None:
    """Revoke keys; raises `KeyNotFound` for the first that there is not."""
    settings = Settings.load(data_dir=data_dir)
    plain = [one.removeprefix(PREFIX) for one in ids]

    async def take_back(keys: KeyRing) -> None:
        for key_id in plain:
            await keys.revoke(key_id, org_id=None)

    _with_keys(settings, take_back)
    if as_json:
        print_json({"revoked": plain})
    else:
        typer.echo("\n".join(f"Revoked {key_id}" for key_id in plain))


def _with_keys(settings: Settings, work: Callable[[KeyRing], Awaitable[T]]) -> T:
    async def run() -> T:
        async with _opened(settings) as keys:
            return await work(keys)

    return anyio.run(run)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[KeyRing]:
    async with open_key_store(settings) as store:
        yield KeyRing(store, SystemClock())


def _order(wanted: Wanted) -> NewKey:
    now = SystemClock().now()
    try:
        return NewKey.model_validate(
            {
                "name": wanted.name,
                "org_id": wanted.org,
                "scopes": wanted.scopes,
                "expires_at": None if wanted.days is None else now + timedelta(days=wanted.days),
            }
        )
    except ValidationError as fault:
        first = fault.errors()[0]
        raise InvalidInput(f"{_OPTIONS[str(first['loc'][0])]}: {first['msg']}") from None


def _listed(keys: Sequence[ApiKey]) -> Table:
    now = SystemClock().now()
    table = new_table("Id", "Name", "Organisation", "Scopes", "Made", "Last used", "State")
    table.columns[0].no_wrap = True
    for key in keys:
        table.add_row(
            key.id,
            escape(one_line(key.name)),
            escape(one_line(key.org_id)),
            ", ".join(key.scopes),
            ago(key.created_at, now),
            "never" if key.last_used_at is None else ago(key.last_used_at, now),
            _state(key),
        )
    return table


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "[red]revoked[/]"
    if not key.is_good(SystemClock().now()):
        return "[yellow]ended[/]"
    return "good" if key.expires_at is None else f"until {clock_time(key.expires_at)}"
