"""`storyloom keys`: in the database, beside a running server or before the first, or over HTTP."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

import anyio
import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from storyloom.access.schemas import PREFIX, ApiKey, MadeKey, NewKey
from storyloom.access.state import KeyRing
from storyloom.bootstrap.access import open_key_store
from storyloom.cli.asking import using
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.server import Server
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


class Keys(Protocol):
    """Makes, lists and revokes keys, wherever they are."""

    async def exist(self) -> bool:
        """Whether there is one."""
        ...

    async def make(self, order: NewKey) -> MadeKey:
        """Make one."""
        ...

    async def newest(self, org: str | None, limit: int) -> Sequence[ApiKey]:
        """The newest ones, of one organisation or of all that may be seen."""
        ...

    async def revoke(self, key_id: str) -> None:
        """Revoke one; raises `NotFound`."""
        ...


def create(wanted: Wanted, options: JobsOptions) -> None:
    """Make a key and print it, the key alone on stdout."""
    order = _order(wanted)

    async def make(keys: Keys) -> MadeKey | None:
        return None if wanted.if_none and await keys.exist() else await keys.make(order)

    made = _with_keys(options, make)
    if options.as_json:
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


def show_newest(options: JobsOptions, limit: int) -> None:
    """List the newest keys."""
    found = _with_keys(options, lambda keys: keys.newest(options.org, limit))
    if options.as_json:
        print_json({"keys": [key.model_dump(mode="json") for key in found]})
    else:
        print_table(_listed(found))


def revoke(ids: Sequence[str], options: JobsOptions) -> None:
    """Revoke keys; raises `NotFound` for the first that there is not."""
    plain = [one.removeprefix(PREFIX) for one in ids]

    async def take_back(keys: Keys) -> None:
        for key_id in plain:
            await keys.revoke(key_id)

    _with_keys(options, take_back)
    if options.as_json:
        print_json({"revoked": plain})
    else:
        typer.echo("\n".join(f"Revoked {key_id}" for key_id in plain))


class _KeptKeys:
    """Those in the database."""

    def __init__(self, keys: KeyRing, settings: Settings) -> None:
        self._keys = keys
        self._settings = settings

    async def exist(self) -> bool:
        return self._settings.admin_key is not None or await self._keys.exist()

    async def make(self, order: NewKey) -> MadeKey:
        return await self._keys.make(order, order.org_id or DEFAULT_ORG)

    async def newest(self, org: str | None, limit: int) -> Sequence[ApiKey]:
        return await self._keys.newest(org_id=org, limit=limit)

    async def revoke(self, key_id: str) -> None:
        await self._keys.revoke(key_id, org_id=None)


class _ServedKeys:
    """Those of a server, as far as our own key lets us see them."""

    def __init__(self, server: Server) -> None:
        self._keys = server.api.keys

    async def exist(self) -> bool:
        return bool((await self._keys.list(limit=1)).keys)

    async def make(self, order: NewKey) -> MadeKey:
        return await self._keys.create(
            order.name, order.scopes, org_id=order.org_id, expires_at=order.expires_at
        )

    async def newest(self, org: str | None, limit: int) -> Sequence[ApiKey]:
        found = (await self._keys.list(limit=limit)).keys
        return [key for key in found if org in {None, key.org_id}]

    async def revoke(self, key_id: str) -> None:
        await self._keys.revoke(key_id)


def _with_keys(options: JobsOptions, work: Callable[[Keys], Awaitable[T]]) -> T:
    if options.server is not None:
        # The label of a request is for servers without keys; the order names the organisation.
        asking = JobsOptions(None, options.server, None)
        return using(asking, lambda server: work(_ServedKeys(server)))
    settings = Settings.load(data_dir=options.data_dir)

    async def run() -> T:
        async with _opened(settings) as keys:
            return await work(_KeptKeys(keys, settings))

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
