"""A whole Storyloom in this process, for tools that are given no server."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2
from anyio import to_thread
from starlette.types import ASGIApp

from storyloom.bootstrap.lock import FolderInUse
from storyloom.cli.server import Server
from storyloom.errors import Conflict
from storyloom.settings import Settings

#: As many may run at the same time over one data directory: one for each open editor.
MOST = 16
_URL = "http://127.0.0.1"
#: Redis, PostgreSQL, Supabase and the bucket belong to servers, whose jobs are not ours to take.
_ELSEWHERE = ("database_url", "supabase_url", "redis_url", "images_url")
#: Nobody but this process reaches it, so that there is nobody to keep out.
_PRIVATE = {"host": "127.0.0.1", "app_env": "development", "admin_key": None}


@asynccontextmanager
async def embedded(settings: Settings, org: str | None) -> AsyncGenerator[Server]:
    """Open one over the first folder below the data directory that nobody uses.

    What was not finished when the last one over that folder was closed goes on. Raises `Conflict`
    when all folders are in use, and what opening an app raises.
    """
    async with AsyncExitStack() as stack:
        app = await _opened(settings, stack)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {} if org is None else {"X-Org-ID": org}
        client = httpx2.AsyncClient(transport=transport, base_url=_URL, headers=headers)
        yield Server(await stack.enter_async_context(client), "the embedded server")


async def _opened(settings: Settings, stack: AsyncExitStack) -> ASGIApp:
    for number in range(1, MOST + 1):
        home = settings.data_dir / "mcp" / str(number)
        app = await to_thread.run_sync(_imported, settings, home)
        try:
            return await stack.enter_async_context(app)
        except FolderInUse:
            continue
    raise Conflict(f"All {MOST} folders in {settings.data_dir / 'mcp'} are in use.")


def _imported(settings: Settings, home: Path):  # noqa: ANN202 - told by its parts
    from storyloom.api.application import create_app  # noqa: PLC0415 - seconds, once it is needed
    from storyloom.cli.serving import with_state  # noqa: PLC0415

    app = create_app(
        settings.model_copy(update={**dict.fromkeys(_ELSEWHERE), **_PRIVATE, "data_dir": home})
    )

    @asynccontextmanager
    async def opening() -> AsyncGenerator[ASGIApp]:
        async with app.router.lifespan_context(app) as state:
            yield with_state(app, state or {})

    return opening()
