"""A ComfyUI for tests: one prompt at a time, a history in memory, and frames in the real order.

Its faults are those that a real one was seen with. `made` counts what was really painted.
"""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.until import until

Json = dict[str, Any]
_NO_ROOM = (
    "Allocation on device 0 would exceed allowed memory.\n"
    "This error means you ran out of memory on your GPU."
)
FAILURES = {
    "oom": ("torch.OutOfMemoryError", _NO_ROOM),
    "error": ("ValueError", "the sampler has no such name\nat line 3"),
}


class Tell(Protocol):
    async def __call__(self, kind: str, **data: Any) -> None: ...


@dataclass
class Manners:
    """How it behaves; may be changed while it runs."""

    models: list[str] = field(default_factory=lambda: ["dream.safetensors"])
    steps: int = 3
    step_s: float = 0.0
    #: What befalls the next prompts, in order: ok, oom, error, cut, mute, deleted, no_file
    faults: list[str] = field(default_factory=list[str])
    refusal: Json | None = None
    node_errors: Json = field(default_factory=dict[str, Any])
    hides_frames: bool = False  #: frames that a late socket has missed are not told again
    size: tuple[int, int] | None = None  #: of its pictures, whatever was asked for


@dataclass
class _Prompt:
    number: int
    id: str
    graph: Json
    client_id: str


class ComfyDouble:
    """The server, and what it has made."""

    def __init__(self) -> None:
        self.manners = Manners()
        self.url = ""
        self.made = Counter[str]()
        self.calls: list[tuple[str, str]] = []
        self.freed = 0
        self.files: dict[str, bytes] = {}
        self.history: dict[str, Json] = {}
        self.sockets: dict[str, WebSocket] = {}
        self._waiting: list[_Prompt] = []
        self._running: _Prompt | None = None
        self._interrupted = asyncio.Event()
        self._numbers = itertools.count()
        self._news = asyncio.Event()

    def restart(self) -> None:
        """As if it had been started anew: the disk is as it was, and nothing else."""
        self.history.clear()
        self._waiting.clear()
        self._interrupted.set()

    @property
    def graphs(self) -> list[Json]:
        return [entry["prompt"][2] for entry in self.history.values()]

    async def work(self) -> None:
        """Run one prompt after the other."""
        while True:
            while not self._waiting:
                self._news.clear()
                await self._news.wait()
            self._running = self._waiting.pop(0)
            self._interrupted.clear()
            with suppress(KeyError):
                await self._execute(self._running)
            self._running = None

    async def _execute(self, prompt: _Prompt) -> None:
        fault = self.manners.faults.pop(0) if self.manners.faults else "ok"
        messages: list[tuple[str, Json]] = []

        async def tell(kind: str, **data: Any) -> None:
            if kind.startswith("execution_"):
                messages.append((kind, {"prompt_id": prompt.id, **data}))
            if fault != "mute":
                await self._send(prompt.client_id, kind, {**data, "prompt_id": prompt.id})

        await tell("execution_start")
        await tell("execution_cached", nodes=[])
        await self._sample(prompt, fault, tell)
        if self._interrupted.is_set():
            await tell("execution_interrupted", node_type="KSampler", executed=[])
            self._end(prompt, "error", messages, {})
        elif fault in FAILURES:
            kind, said = FAILURES[fault]
            await tell(
                "execution_error",
                node_type="KSampler",
                exception_type=kind,
                exception_message=said,
                traceback=[],
            )
            self._end(prompt, "error", messages, {})
        else:
            outputs = self._paint(prompt, keep=fault != "no_file")
            await tell("executed", node="9", display_node="9", output=outputs["9"])
            await tell("execution_success")
            if fault != "deleted":
                self._end(prompt, "success", messages, outputs)
        await self._send_all("status", {"status": {"exec_info": {"queue_remaining": 0}}})
        await tell("executing", node=None)

    async def _sample(self, prompt: _Prompt, fault: str, tell: Tell) -> None:
        sampler = next(n for n, node in prompt.graph.items() if node["class_type"] == "KSampler")
        await tell("executing", node=sampler, display_node=sampler)
        for step in range(1, self.manners.steps + 1):
            await tell("progress", value=step, max=self.manners.steps, node=sampler)
            await self._preview(prompt.client_id)
            if fault == "cut" and step == 1:
                await self._cut(prompt.client_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._interrupted.wait(), self.manners.step_s or 0.001)
            if self._interrupted.is_set():
                return

    def _paint(self, prompt: _Prompt, *, keep: bool) -> Json:
        inputs = {node["class_type"]: node["inputs"] for node in prompt.graph.values()}
        prefix = str(inputs["SaveImage"]["filename_prefix"])
        self.made[prefix] += 1
        folder, _, name = prefix.rpartition("/")
        latent, seed = inputs["EmptyLatentImage"], int(inputs["KSampler"]["seed"])
        size = self.manners.size or (int(latent["width"]), int(latent["height"]))
        out = BytesIO()
        colour = (seed & 255, seed >> 8 & 255, 90)
        Image.new("RGB", size, colour).save(out, "PNG")
        count = sum(1 for key in self.files if key.startswith(f"{prefix}_")) + 1
        file = f"{name}_{count:05}_.png"
        if not keep:
            return {"9": {"images": [{"filename": file, "subfolder": folder, "type": "temp"}]}}
        self.files[f"{folder}/{file}"] = out.getvalue()
        return {"9": {"images": [{"filename": file, "subfolder": folder, "type": "output"}]}}

    def _end(
        self, prompt: _Prompt, status: str, messages: list[tuple[str, Json]], outputs: Json
    ) -> None:
        self.history[prompt.id] = {
            "prompt": [prompt.number, prompt.id, prompt.graph, {}, ["9"]],
            "outputs": outputs,
            "status": {
                "status_str": status,
                "completed": status == "success",
                "messages": messages,
            },
            "meta": {},
        }

    async def _send(self, client_id: str, kind: str, data: Json) -> None:
        socket = self.sockets.get(client_id)
        if socket is not None and not self.manners.hides_frames:
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_text(json.dumps({"type": kind, "data": data}))

    async def _send_all(self, kind: str, data: Json) -> None:
        for client_id in list(self.sockets):
            await self._send(client_id, kind, data)

    async def _preview(self, client_id: str) -> None:
        if socket := self.sockets.get(client_id):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_bytes(b"\0\0\0\1\0\0\0\1" + b"jpeg")

    async def _cut(self, client_id: str) -> None:
        if socket := self.sockets.pop(client_id, None):
            await socket.close(1006 if socket.client is None else 1011)

    # The routes.

    async def prompt(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse(
                "500 Internal Server Error\n\nServer got itself in trouble", 500
            )
        self.calls.append(("prompt", body["prompt_id"]))
        if str(UUID(body["prompt_id"])) != body["prompt_id"]:
            return JSONResponse({"error": {"type": "invalid_prompt_id"}, "node_errors": {}}, 400)
        loader = next(
            (n for n in body["prompt"].values() if n["class_type"] == "CheckpointLoaderSimple"),
            None,
        )
        if loader and loader["inputs"]["ckpt_name"] not in self.manners.models:
            return JSONResponse(_no_model(loader["inputs"]["ckpt_name"]), 400)
        if self.manners.refusal is not None:
            return JSONResponse(self.manners.refusal, 400)
        number = next(self._numbers)
        client_id = body.get("client_id", "")
        self._waiting.append(_Prompt(number, body["prompt_id"], body["prompt"], client_id))
        self._news.set()
        return JSONResponse(
            {
                "prompt_id": body["prompt_id"],
                "number": number,
                "node_errors": self.manners.node_errors,
            }
        )

    async def queue(self, request: Request) -> Response:
        if request.method == "POST":
            gone = (await request.json()).get("delete", [])
            self.calls.append(("delete", *gone))
            self._waiting = [p for p in self._waiting if p.id not in gone]
            return Response()
        entry: Callable[[_Prompt], list[Any]] = lambda p: [p.number, p.id, p.graph, {}, ["9"]]  # noqa: E731
        running = [entry(self._running)] if self._running else []
        return JSONResponse(
            {"queue_running": running, "queue_pending": list(map(entry, self._waiting))}
        )

    async def one_history(self, request: Request) -> Response:
        name = request.path_params["prompt_id"]
        return JSONResponse({name: self.history[name]} if name in self.history else {})

    async def view(self, request: Request) -> Response:
        query = request.query_params
        if ".." in query["filename"] or query["type"] not in {"output", "temp", "input"}:
            return Response(status_code=400)
        found = self.files.get(f"{query['subfolder']}/{query['filename']}")
        return Response(found, 200 if found else 404, media_type="image/png")

    async def interrupt(self, request: Request) -> Response:
        body = await request.body()
        wanted = json.loads(body).get("prompt_id") if body else None
        self.calls.append(("interrupt", str(wanted)))
        if self._running is not None and wanted in {None, self._running.id}:
            self._interrupted.set()
        return Response()

    async def free(self, request: Request) -> Response:
        self.freed += bool((await request.json())["unload_models"])
        return Response()

    async def stats(self, request: Request) -> Response:
        return JSONResponse({"system": {"comfyui_version": "0.3.64"}, "devices": [{"name": "cpu"}]})

    async def checkpoints(self, request: Request) -> Response:
        return JSONResponse(self.manners.models)

    async def socket(self, socket: WebSocket) -> None:
        await socket.accept()
        client_id = socket.query_params["clientId"]
        self.sockets[client_id] = socket
        hello = {"status": {"exec_info": {"queue_remaining": 0}}, "sid": client_id}
        await socket.send_text(json.dumps({"type": "status", "data": hello}))
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await socket.receive_text()


def _no_model(name: str) -> Json:
    fault: Json = {
        "type": "value_not_in_list",
        "message": "Value not in list",
        "details": f"ckpt_name: '{name}' not in []",
        "extra_info": {},
    }
    head = {
        "type": "prompt_outputs_failed_validation",
        "message": "Prompt outputs failed validation",
    }
    node: Json = {
        "errors": [fault],
        "dependent_outputs": ["9"],
        "class_type": "CheckpointLoaderSimple",
    }
    return {"error": {**head, "details": "", "extra_info": {}}, "node_errors": {"4": node}}


@asynccontextmanager
async def comfy_double() -> AsyncGenerator[ComfyDouble]:
    """A running one, on a free port."""
    double = ComfyDouble()
    routes = [
        Route("/prompt", double.prompt, methods=["POST"]),
        Route("/queue", double.queue, methods=["GET", "POST"]),
        Route("/history/{prompt_id}", double.one_history),
        Route("/view", double.view),
        Route("/interrupt", double.interrupt, methods=["POST"]),
        Route("/free", double.free, methods=["POST"]),
        Route("/system_stats", double.stats),
        Route("/models/checkpoints", double.checkpoints),
        WebSocketRoute("/ws", double.socket),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), port=0, log_config=None, ws="websockets-sansio", lifespan="off"
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server.serve())
        working = tasks.create_task(double.work())
        await until(lambda: server.started)
        double.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield double
        finally:
            server.should_exit = server.force_exit = True
            await serving
            working.cancel()


class _Server(uvicorn.Server):
    """One that leaves the signals alone."""

    def install_signal_handlers(self) -> None: ...
