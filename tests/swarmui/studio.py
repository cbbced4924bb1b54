"""Where a double makes its pictures: one at a time over all sockets, in the order of asking."""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.swarmui.behaviour import FAULTS, Behaviour
from tests.swarmui.gallery import Gallery, metadata_of, png
from tests.swarmui.requests import Refused, Wanted, understood

Json = dict[str, Any]
Tell = Callable[[Json | str], None]
KINDS = ("waiting_gens", "loading_models", "waiting_backends", "live_gens")
_POLL_S = 0.005
_BIG = 9 << 20
_NONE = "No backends available!"
INTERRUPTED = "Generation session interrupted."
OUT_OF_MEMORY = (
    "ComfyUI execution error: CUDA out of memory. Tried to allocate 2.00 GiB.\n"
    "This error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before..."
)


@dataclass(eq=False)
class Order:
    """Pictures that one socket has asked for at a time."""

    session: str
    tell: Tell  #: takes a frame for the socket, whether or not anybody listens there
    cut: Callable[[], None]  #: drops the socket
    close: Callable[[], None]  #: closes the socket in order
    counts: Json = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str = ""
    status: Json = field(default_factory=dict[str, Any])  #: what was told last


class Studio:
    """Makes pictures, and counts what it makes."""

    def __init__(
        self,
        behaviour: Callable[[], Behaviour],
        gallery: Gallery,
        status: Callable[[str], Json],
        note: Callable[[Json], None],
    ) -> None:
        self._behaviour = behaviour
        self._status = status
        self._note = note
        self._line: list[Order] = []  #: the first one has the GPU
        self._orders: list[Order] = []
        self.gallery = gallery
        self.loaded: str | None = None  #: the model in the GPU's memory
        self.number = 0  #: of the pictures that were asked for
        self.unknown: list[str] = []  #: parameters that were ignored
        self.made: list[
            Json
        ] = []  #: an entry for each picture that was begun, and one when finished
        self.used_at: float | None = None
        self.forget: Callable[[str], None] = lambda session: None
        self.die: Callable[[], None] = lambda: None

    def counts(self, session: str | None = None) -> Json:
        """What there is to do; of one session, or of all."""
        mine = [one for one in self._orders if session in {None, one.session}]
        return {kind: sum(one.counts[kind] for one in mine) for kind in KINDS}

    def tally(self) -> Json:
        """How often each picture was begun and finished, by path and by prompt."""
        kinds = ("begun", "finished")
        return {
            by: {
                kind: dict(Counter(one[by] for one in self.made if one["what"] == kind))
                for kind in kinds
            }
            for by in ("path", "prompt")
        }

    def interrupt(self, session: str) -> None:
        """Stop everything of a session, running or waiting."""
        for order in self._orders:
            if order.session == session:
                order.interrupted.set()

    async def fill(self, order: Order, body: Mapping[str, Any]) -> None:
        """Make what an order asks for; its frames come in the documented order."""
        images = int(body.get("images", 1))
        order.counts["waiting_gens"] = images
        self._orders.append(order)
        try:
            self._tell_status(order)
            try:
                wanted = understood(
                    body,
                    self._behaviour().models,
                    knows_outpath=self._behaviour().knows_outpath,
                )
            except Refused as refusal:
                order.tell({"error": str(refusal)})
                return
            self.unknown += wanted.unknown
            for index in range(images):
                if not order.interrupted.is_set():
                    await self._one(order, wanted, index)
                if order.fault == "cut after":
                    await asyncio.sleep(0.05)  # the frames before this are on their way
                    order.cut()
                order.tell({"keep_alive": True})
            discarded = [0] if order.fault == "discarded" else []
            order.tell({"discard_indices": discarded})
        finally:
            self._orders.remove(order)

    async def _one(self, order: Order, wanted: Wanted, index: int) -> None:
        self.number += 1
        path = self._path(wanted)
        order.fault = self._behaviour().fault_of(self.number, wanted.text("prompt"), path)
        order.counts["waiting_backends"] += 1
        self._tell_status(order)
        try:
            ready = await self._has_backend(order, wanted)
            order.counts["waiting_backends"] -= 1
            if ready:
                await self._generate(order, wanted, index, path)
        finally:
            if order in self._line:
                self._line.remove(order)
            order.counts["waiting_gens"] -= 1
            self._tell_status(order)

    async def _has_backend(self, order: Order, wanted: Wanted) -> bool:
        """Wait for a backend with the model; false when there will be none."""
        if not await self._has_turn(order):
            return False
        await self._load(order, wanted)
        return True

    def _path(self, wanted: Wanted) -> str:
        default = f"raw/2026-01-01/{wanted.text('prompt')[:40]}-{wanted.given['seed']}"
        return wanted.text("overrideoutpathformat") or default

    async def _has_turn(self, order: Order) -> bool:
        """Wait for a backend; false when it was interrupted, of which nothing is said, or has none."""
        while (status := self._look(order)) in {"loading", "some_loading"}:
            if order.interrupted.is_set():
                return False
            await asyncio.sleep(_POLL_S)
        if status in {"empty", "all_disabled"}:
            order.tell({"error": _NONE})
            return False
        self._line.append(order)
        waited_s = 0.0
        while self._line[0] is not order:
            if order.interrupted.is_set():
                self._line.remove(order)
                return False
            await asyncio.sleep(_POLL_S)
            waited_s += _POLL_S
            if waited_s > self._behaviour().keep_alive_s:
                order.tell({"keep_alive": True})
                waited_s = 0.0
        return not order.interrupted.is_set()

    async def _load(self, order: Order, wanted: Wanted) -> None:
        if self.loaded == wanted.given["model"]:
            return
        order.counts["loading_models"] += 1
        self._tell_status(order)
        await self._work(order, self._behaviour().load_s)
        order.counts["loading_models"] -= 1
        self.loaded = wanted.given["model"]

    async def _generate(self, order: Order, wanted: Wanted, index: int, path: str) -> None:
        order.counts["live_gens"] += 1
        self._tell_status(order)
        told = {"path": path, "prompt": wanted.text("prompt"), "seed": wanted.given["seed"] + index}
        self._record({"what": "begun", **told})
        began = monotonic()
        try:
            await self._steps(order, wanted, index)
            if order.interrupted.is_set():
                order.tell({"error": INTERRUPTED})
            elif order.fault == "oom":
                order.tell({"error": OUT_OF_MEMORY})
            elif order.fault and order.fault not in FAULTS:
                order.tell({"error": order.fault})
            elif order.fault != "no image":
                self._record({"what": "finished", **told})
                self._deliver(order, wanted, index, monotonic() - began)
        finally:
            order.counts["live_gens"] -= 1
            self.used_at = monotonic()

    async def _steps(self, order: Order, wanted: Wanted, index: int) -> None:
        behaviour = self._behaviour()
        for step in range(behaviour.steps):
            await self._work(order, behaviour.image_s / behaviour.steps)
            if order.interrupted.is_set():
                return
            if step == min(1, behaviour.steps - 1):
                self._misbehave(order)
            # A string, or a number where a backend has counted too.
            number = str(index) if step % 2 else index
            progress: Json = {"batch_index": number, "request_id": "123"}
            progress["overall_percent"] = (step + 1) / (behaviour.steps + 1)
            progress["current_percent"] = 0.35
            if step == 0:
                progress["metadata"] = metadata_of(_shown(wanted, index), 0)
            elif not wanted.flag("nopreviews"):
                progress["preview"] = "data:image/jpeg;base64," + "x" * 4000
            order.tell({"gen_progress": progress})

    def _misbehave(self, order: Order) -> None:
        if order.fault == "cut":
            order.cut()
        elif order.fault == "hangs up":
            order.close()
        elif order.fault == "silence":
            order.tell = lambda frame: None
        elif order.fault == "garbage":
            order.tell("<html>")
        elif order.fault == "session expires":
            self.forget(order.session)
        elif order.fault == "dies":
            self.die()

    async def _work(self, order: Order, for_s: float) -> None:
        """Take so long, or until it is interrupted."""
        end = monotonic() + for_s
        await asyncio.sleep(0)
        while (left_s := end - monotonic()) > 0 and not order.interrupted.is_set():
            try:
                await asyncio.wait_for(order.interrupted.wait(), min(left_s, self._keep_alive_s))
            except TimeoutError:
                if left_s > self._keep_alive_s:
                    order.tell({"keep_alive": True})

    @property
    def _keep_alive_s(self) -> float:
        return self._behaviour().keep_alive_s

    def _deliver(self, order: Order, wanted: Wanted, index: int, took_s: float) -> None:
        metadata = metadata_of(_shown(wanted, index), took_s)
        if order.fault == "error before":
            order.tell({"error": "Something went wrong while generating images."})
        if order.fault == "grid":
            order.tell(_frame("data:image/png;base64,", "-11", metadata))
        where = self._kept(order, wanted, index, metadata)
        frame = _frame(where, str(index), metadata)
        order.tell({"image": frame} if order.fault == "nested" else frame)
        if order.fault == "error after":
            order.tell({"error": "Something went wrong while generating images."})
        if order.fault == "grid":
            order.tell(_frame("data:image/png;base64,", "-1", metadata))

    def _kept(self, order: Order, wanted: Wanted, index: int, metadata: str) -> str:
        behaviour, fault = self._behaviour(), order.fault
        size = wanted.size
        if fault == "other size":
            size = size[0] // 2, size[1] // 2
        padding = _BIG if fault == "big data" else 0
        data = png(size, wanted.looks(index), metadata, padding)
        if fault == "no picture":
            data = b"<html>"
        saves = behaviour.saves_files and not wanted.flag("donotsave")
        if fault in {"data", "big data"} or not saves:
            return "data:image/png;base64," + b64encode(data).decode()
        name = self.gallery.keep(self._path(wanted), data)
        if fault in {"no file", "discarded"}:
            self.gallery.lose(name)
        return f"{'View/local' if behaviour.appends_user else 'Output'}/{name}"

    def _tell_status(self, order: Order) -> None:
        self._look(order, again=True)

    def _look(self, order: Order, *, again: bool = False) -> str:
        """What its backends are, which is told when it changes."""
        told = self._status(order.session)
        if again or told != order.status:
            order.tell(told)
        order.status = told
        return told["backend_status"]["status"]

    def _record(self, entry: Json) -> None:
        self.made.append(entry)
        self._note(entry)


def _shown(wanted: Wanted, index: int) -> Json:
    hidden = {"images", "donotsave", "nopreviews", "overrideoutpathformat", "imageformat"}
    shown = {k: v for k, v in wanted.given.items() if k not in hidden}
    shown["model"] = wanted.given["model"].removesuffix(".safetensors")
    return {**shown, "seed": wanted.given["seed"] + index, "swarm_version": "0.9.8.2"}


def _frame(where: str, index: str, metadata: str) -> Json:
    return {"image": where, "batch_index": index, "request_id": "123", "metadata": metadata}
