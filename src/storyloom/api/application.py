"""The app factory."""

import gc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from storyloom.access.router import router as keys
from storyloom.access.router_session import router as session
from storyloom.api.access import Access as AccessMiddleware
from storyloom.api.bodies import BodyLimit
from storyloom.api.conditional import Conditional
from storyloom.api.cors import Cors, Origins
from storyloom.api.doctor import router as doctor
from storyloom.api.documentation import document
from storyloom.api.ends import Ends
from storyloom.api.errors import render_errors
from storyloom.api.health import router as health
from storyloom.api.health import state_of
from storyloom.api.idempotency import STATE as IDEMPOTENCY
from storyloom.api.idempotency import Idempotency
from storyloom.api.metrics import router as metrics
from storyloom.api.page import router as page
from storyloom.api.requests import Requests
from storyloom.api.waiting import STATE as ENDS
from storyloom.api.waiting import Waiting
from storyloom.automation.router import router as swarmui
from storyloom.automation.runs.router import router as runs
from storyloom.automation.runs.router_config import router as run_config
from storyloom.automation.runs.router_exports import router as run_exports
from storyloom.bootstrap.access import Access, is_private, open_access, refuse_without_key
from storyloom.bootstrap.diagnosis.doctor import Doctor
from storyloom.bootstrap.services import Services, open_services
from storyloom.events.router import router as events
from storyloom.events.sockets import router as sockets
from storyloom.gpu.router import router as gpu
from storyloom.kit.clock import SystemClock
from storyloom.notifications.router import router as notifications
from storyloom.settings import Settings
from storyloom.story.router import router as story
from storyloom.storyboard.previews.router import router as previews
from storyloom.storyboard.profiles.router import router as profiles
from storyloom.storyboard.quick import QuickPicture, QuickPoll
from storyloom.storyboard.router import router as storyboard
from storyloom.storyboard.studio import Studio
from storyloom.webhooks.router import router as webhooks
from storyloom.work.router import router as work
from storyloom.work.router_insights import router as work_insights
from storyloom.work.router_organizations import router as organizations
from storyloom.work.router_queues import router as work_queues
from storyloom.work.router_statistics import router as work_statistics

_ROUTERS = (
    *(storyboard, gpu, swarmui, run_config, runs, run_exports, story, notifications),
    *(previews, profiles, events, sockets, webhooks, work, work_insights, work_queues),
    *(work_statistics, organizations),
    *(keys, session, doctor, health, metrics, page),
)
# From the innermost to the outermost.
_MIDDLEWARE = (
    *(Conditional, Idempotency, Waiting),
    *(BodyLimit, AccessMiddleware, Cors, Requests),
)
DESCRIPTION = """
Turns source material into finished pictures, unattended.

Send a code file or a roadmap screenshot, get a job's address, poll it until it is `completed`,
and take the storyboard: as base64 in the answer, or as a file from `/image`.
"""


def create_app(
    settings: Settings | None = None, studio: Studio | None = None, *, takes_jobs: bool = True
) -> FastAPI:
    """Make the app.

    Settings are read from the environment at start-up when none are given, and the studio is opened
    from the settings. An app that takes no jobs leaves them to workers.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        chosen = settings or Settings.load()
        await refuse_without_key(chosen)
        async with (
            open_services(chosen, studio, takes_jobs=takes_jobs) as services,
            services.story.attended(),
            open_access(chosen, services.keys) as access,
        ):
            app.state.catalogue = services.presets.catalogue
            app.state.is_private = is_private(chosen)
            _settle()
            yield _state_of(services, chosen) | _state_of_access(access)

    # Its documentation pages bring their own scripts: they work without the internet.
    app = FastAPIOffline(
        title="Storyloom",
        version=version("storyloom"),
        description=DESCRIPTION,
        lifespan=lifespan,
        routes=[QuickPoll(), QuickPicture()],
    )
    for middleware in _MIDDLEWARE:
        app.add_middleware(middleware)
    for router in _ROUTERS:
        app.include_router(router)
    render_errors(app)
    document(app)
    return app


def _state_of(services: Services, settings: Settings) -> dict[str, object]:
    """What routes and middleware find in the state of a request."""
    return state_of(services) | {
        "intake": services.intake,
        "jobs": services.jobs,
        "pictures": services.pictures,
        "ledger": services.ledger,
        "gpu": services.automation.gpu,
        "gpu_leases": services.automation.leases,
        "swarmui": services.automation.swarmui,
        "run_defaults": services.automation.defaults,
        "webhooks": services.webhooks,
        "hurry": services.hurry,
        "doctor": Doctor(settings, SystemClock()),
        IDEMPOTENCY: services.idempotency,
        ENDS: Ends(services.newsroom.events, services.jobs.outdate),
        "origins": Origins.of(settings),
        **services.presets.state,
        **services.story.state,
        **services.office.state,
        **services.works.state,
        **services.newsroom.state,
    }


def _state_of_access(access: Access) -> dict[str, object]:
    return {"gate": access.gate, "keys": access.keys, "note": access.note}


def _settle() -> None:
    """Spare the collector what is here to stay: looking through it all would hold up polls."""
    gc.collect()
    gc.freeze()
