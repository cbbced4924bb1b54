"""Our app as it is, with one job that waits for ever; a child process of the benchmark."""

import asyncio
import sys
from pathlib import Path

import uvicorn

from bench.processes import READY
from storyloom.api.application import create_app
from storyloom.cli.logs import set_up
from storyloom.cli.serving import bind, with_state
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import new_job_id
from storyloom.settings import Settings
from storyloom.storyboard.schemas import JobType


def _waiting() -> Job:
    return Job(
        id=new_job_id(),
        org_id="default",
        job_type=JobType.CODE,
        status=JobStatus.PENDING,
        input_params={"file_name": "a.py", "file_content": "x = 1"},
        created_at=SystemClock().now(),
    )


async def _serve(data_dir: Path) -> None:
    # The reconciler looks once, at the start, and leaves young jobs alone; so one can wait for ever.
    settings = Settings.load(data_dir=data_dir, reconcile_every_s=86400.0, rate_limit="none")
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:
        job = _waiting()
        jobs = (state or {})["jobs"]
        await jobs.accept(job)
        await jobs.show(job)
        listener = bind(Settings.load(port=0))
        listener.listen()
        config = uvicorn.Config(
            with_state(app, state or {}), lifespan="off", log_config=None, access_log=False
        )
        print(f"{READY}{listener.getsockname()[1]} {job.id}", flush=True)
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    set_up("error")
    asyncio.run(_serve(Path(sys.argv[1])))
