"""A project that is open, and whether it can be used."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storyloom.adapters.supabase._address import checked_key, rest_url
from storyloom.adapters.supabase._faults import Refused
from storyloom.adapters.supabase._rest import open_rest
from storyloom.adapters.supabase.job_archive import SupabaseJobArchive
from storyloom.adapters.supabase.job_index import SupabaseJobIndex
from storyloom.adapters.supabase.job_owners import SupabaseJobOwners
from storyloom.adapters.supabase.job_rows import SupabaseJobRows
from storyloom.adapters.supabase.job_statistics import SupabaseJobStatistics
from storyloom.errors import Misconfigured, Unavailable

TIMEOUT_S = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Project:
    """What a project is used for."""

    archive: SupabaseJobArchive
    statistics: SupabaseJobStatistics
    index: SupabaseJobIndex
    rows: SupabaseJobRows
    owners: SupabaseJobOwners


@asynccontextmanager
async def open_project(
    url: str, key: str, *, timeout_s: float = TIMEOUT_S
) -> AsyncGenerator[Project]:
    """Open a project, and close it in the end; raises `Misconfigured` for what cannot work.

    A project that is away for now is no reason not to start: it is asked again with every job.
    """
    async with open_rest(rest_url(url), checked_key(key), timeout_s=timeout_s) as rest:
        project = Project(
            SupabaseJobArchive(rest),
            SupabaseJobStatistics(rest),
            SupabaseJobIndex(rest),
            SupabaseJobRows(rest),
            SupabaseJobOwners(rest),
        )
        try:
            await project.archive.ping()
        except Refused as fault:
            raise Misconfigured(fault.message, setting=fault.setting) from fault
        except Unavailable as fault:
            log.warning("started while the job archive is away: %s", fault)
        yield project
