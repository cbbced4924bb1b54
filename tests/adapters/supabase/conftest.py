"""A project whose rows lie in a real PostgreSQL, and the archive that is kept in it."""

from collections.abc import AsyncGenerator, Generator

import pytest

from storyloom.adapters.supabase._project import Project, open_project
from tests.postgrest import server
from tests.postgrest.keys import SERVICE_KEY

# So long may one call take; those that hang here, hang until then.
SHORT_S = 1.0


@pytest.fixture
def supabase(postgres_with_tables: str) -> Generator[server.Project]:
    with server.supabase_running(postgres_with_tables) as running:
        yield running


@pytest.fixture
def bare(postgres_url: str) -> Generator[server.Project]:
    """A project without any table."""
    with server.supabase_running(postgres_url) as running:
        yield running


@pytest.fixture
async def project(supabase: server.Project) -> AsyncGenerator[Project]:
    async with open_project(supabase.url, SERVICE_KEY, timeout_s=SHORT_S) as opened:
        supabase.seen.clear()
        yield opened
