"""One run of a workflow, from its submission to its history."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from storyloom.adapters.comfyui._api import ComfyApi
from storyloom.adapters.comfyui._listening import listening
from storyloom.adapters.comfyui._wire import NAMES, SYSTEM, Event, History, failure
from storyloom.errors import Interrupted, Unreachable
from storyloom.imaging.ports import Watch
from storyloom.imaging.schemas import Progress

# So often the history is asked while nothing is heard: a frame may have been missed.
QUIET_S = 5.0
_QUEUED = "it waits in ComfyUI's queue"


class Run:
    """Runs a graph under an id, or waits for the run that has the id already."""

    def __init__(
        self, api: ComfyApi, prompt_id: str, graph: Mapping[str, Any], *, quiet_s: float = QUIET_S
    ) -> None:
        """Take an open API, the id, and the graph."""
        self._api = api
        self._id = prompt_id
        self._graph = graph
        self._quiet_s = quiet_s
        self._fraction = 0.0

    async def ended(self, watch: Watch) -> History:
        """Wait for its good end. A connection that is cut is made again.

        Raises what a failed run means, and `Interrupted` when ComfyUI knows nothing of it any more.
        """
        client_id = str(uuid5(NAMES, self._id))
        is_asked = await self._api.has(self._id)
        while True:
            # First the ear, then the prompt: the first frames may come before the answer to it.
            async with listening(self._api.url, client_id) as ear:
                if is_asked:
                    ended = await self._looked_up()
                else:
                    await self._api.submit(self._graph, self._id, client_id)
                    is_asked, ended = True, None
                    watch(Progress(fraction=0, says=_QUEUED))
                while ended is None:
                    try:
                        event = await ear.hear(self._quiet_s)
                    except Unreachable:
                        break
                    ended = await self._heard(event, watch)
            if ended is not None:
                return _good(ended)

    async def _heard(self, event: Event | None, watch: Watch) -> History | None:
        if event is None:
            return await self._looked_up()
        # Without a client's id, progress goes to all: the prompt's id is always looked at.
        if event.data.get("prompt_id") != self._id:
            return None
        if event.type == "executing":
            node = event.data.get("node")
            if node is None:  # after success, error and interruption alike
                return await self._looked_up()
            watch(Progress(fraction=self._fraction, says=self._kind(node)))
        elif event.type == "progress":
            value, most = _number(event.data.get("value")), _number(event.data.get("max"))
            self._fraction = min(1.0, max(0.0, value / most)) if most > 0 else self._fraction
            watch(Progress(fraction=self._fraction))
        return None

    async def _looked_up(self) -> History | None:
        """How it ended; None while it waits or runs."""
        ended = await self._api.history(self._id)
        if ended is None and not await self._api.has(self._id):
            ended = await self._api.history(self._id)  # it may have ended between the two looks
            if ended is None:
                said = (
                    "ComfyUI does not know the picture any more: somebody took it out of the queue, "
                    "or ComfyUI was started anew"
                )
                raise Interrupted(said, system=SYSTEM)
        return ended

    def _kind(self, node: object) -> str:
        found: object = self._graph.get(str(node), {})
        return f"ComfyUI is at {found['class_type']}" if isinstance(found, dict) else ""


def _good(ended: History) -> History:
    if ended.failed:
        name, data = ended.status.messages[-1] if ended.status.messages else ("", {})
        raise failure(name, data)
    return ended


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
