"""A bare FastAPI route that returns given bytes: the least that any poll can cost."""

import asyncio
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

from bench.processes import READY
from storyloom.cli.serving import bind
from storyloom.settings import Settings

app = FastAPI()
bodies: dict[str, bytes] = {}


@app.get("/bare/{name}")
async def bare(name: str) -> Response:
    return Response(bodies[name], media_type="application/json")


async def _serve() -> None:
    listener = bind(Settings.load(port=0))
    listener.listen()
    print(f"{READY}{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    bodies.update({Path(name).stem: Path(name).read_bytes() for name in sys.argv[1:]})
    asyncio.run(_serve())
