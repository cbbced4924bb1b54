"""A bare FastAPI route that does one GET of redis-py and returns the bytes."""

import asyncio
import sys

import uvicorn
from fastapi import FastAPI, Response
from redis.asyncio import Redis

from bench.processes import READY
from storyloom.cli.serving import bind
from storyloom.settings import Settings

app = FastAPI()
client = Redis.from_url(sys.argv[1])


@app.get("/bare/{name}")
async def bare(name: str) -> Response:
    return Response(await client.get(name), media_type="application/json")


async def _serve() -> None:
    listener = bind(Settings.load(port=0))
    listener.listen()
    print(f"{READY}{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(_serve())
