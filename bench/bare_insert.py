"""A bare FastAPI route that does one INSERT of psycopg: the least that a kept job can cost."""

import asyncio
import json
import sys
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI
from psycopg import AsyncConnection
from pydantic import BaseModel

from bench.processes import READY
from storyloom.cli.serving import bind
from storyloom.settings import Settings

CONNECTIONS = 10
_TABLE = "CREATE TABLE bare (id UUID PRIMARY KEY, input_params JSONB NOT NULL)"
_INSERT = "INSERT INTO bare VALUES (%s, %s)"
app = FastAPI()
free: asyncio.Queue[AsyncConnection[Any]] = asyncio.Queue()


class Source(BaseModel):
    file_name: str
    file_content: str


@app.post("/bare", status_code=202)
async def bare(body: Source) -> dict[str, str]:
    job_id = str(uuid4())
    connection = await free.get()
    try:
        await connection.execute(_INSERT, (job_id, json.dumps(body.model_dump())))
    finally:
        free.put_nowait(connection)
    return {"job_id": job_id, "status": "pending"}


async def _serve(database_url: str) -> None:
    for _ in range(CONNECTIONS):
        free.put_nowait(await AsyncConnection.connect(database_url, autocommit=True))
    connection = await free.get()
    await connection.execute(_TABLE)
    free.put_nowait(connection)
    listener = bind(Settings.load(port=0))
    listener.listen()
    print(f"{READY}{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
