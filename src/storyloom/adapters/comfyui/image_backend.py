"""Pictures by ComfyUI, from a workflow that the operator may replace."""

from collections.abc import Mapping
from contextlib import suppress
from secrets import randbelow
from uuid import uuid4, uuid5

import anyio
from anyio import to_thread
from pydantic import JsonValue

from storyloom.adapters.comfyui._api import ComfyApi
from storyloom.adapters.comfyui._run import QUIET_S
from storyloom.adapters.comfyui._run import Run as _Run
from storyloom.adapters.comfyui._wire import NAMES, SYSTEM, File, History
from storyloom.adapters.comfyui._workflow import Workflow
from storyloom.errors import (
    BadAnswer,
    InvalidInput,
    ModelNotFound,
    NotFound,
    StoryloomError,
    TimedOut,
    Unsupported,
)
from storyloom.imaging.fitting import fitted
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture

_KINDS = (MediaType.PNG, MediaType.JPEG)
_MAX_SIDE = 4096
_SEEDS = 2**32
LONGEST_S = 3600.0
_STOP_S = 1.5
_TRIES = 8
_OURS = frozenset({"prompt", "negative_prompt", "width", "height", "seed", "work"})


class ComfyImageBackend:
    """An `ImageBackend` over one ComfyUI.

    The name of a piece of work becomes the id of its prompt and the name of its file. So a second
    process that is given the same work finds it in the history, in the queue, or on the disk, also
    when ComfyUI was started anew in between.
    """

    def __init__(
        self,
        api: ComfyApi,
        workflow: Workflow,
        *,
        model: str | None = None,
        quiet_s: float = QUIET_S,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Take an open API, the workflow, and the model where a request names none."""
        self._api = api
        self._workflow = workflow
        self._model = model
        self._quiet_s = quiet_s
        self._longest_s = longest_s

    @property
    def name(self) -> str:
        """The name in settings and in job records."""
        return "comfyui"

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, without asking it."""
        return Capabilities(
            media_types=frozenset(_KINDS),
            max_width=_MAX_SIDE,
            max_height=_MAX_SIDE,
            supports_seed=True,
            supports_negative_prompt="negative_prompt" in self._workflow.names,
            is_local=True,
            is_free=True,
            needs_gpu=True,
        )

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        """Run the workflow, or go on with what was begun of the same work."""
        media_type = _media_type(request)
        values = await self._values(request)
        try:
            with anyio.fail_after(self._longest_s):
                data = await self._made(request.work, values, watch)
        except TimeoutError as fault:
            said = f"ComfyUI has not made the picture within {self._longest_s:g} seconds"
            raise TimedOut(said, system=SYSTEM) from fault
        return await to_thread.run_sync(self._fitted, data, request, media_type, values)

    async def ping(self) -> None:
        """Return when it answers."""
        await self._api.look()

    async def free(self) -> None:
        """Let it unload its models."""
        await self._api.free()

    async def _values(self, request: ImageRequest) -> dict[str, JsonValue]:
        """What is filled into the workflow: of the request's parameters, those it has a place for."""
        ours: dict[str, JsonValue] = {
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt,
            "width": request.width,
            "height": request.height,
            "seed": randbelow(_SEEDS) if request.seed is None else request.seed,
            "work": request.work or uuid4().hex,
        }
        places = self._workflow.names
        asked = {k: v for k, v in request.parameters.items() if k in places and _is_plain(v)}
        if "model" in places:
            asked["model"] = await self._chosen_model(asked.get("model"))
        return asked | ours

    async def _chosen_model(self, asked: JsonValue) -> str:
        wanted = str(asked or self._model or "")
        # As in SwarmUI, a name is good with and without its ending.
        for model in await self._api.checkpoints():
            if wanted in {"", model, model.rpartition(".")[0]}:
                return model
        missing = f"the model {wanted!r}" if wanted else "any model"
        raise ModelNotFound(f"ComfyUI does not have {missing}", system=SYSTEM)

    async def _made(self, work: str, values: Mapping[str, JsonValue], watch: Watch) -> bytes:
        prompt_id = str(uuid4())
        if work:
            prompt_id, found = await self._earlier(work)
            if found is not None:
                return found
        run = _Run(self._api, prompt_id, self._workflow.filled(values), quiet_s=self._quiet_s)
        try:
            ended = await run.ended(watch)
        except anyio.get_cancelled_exc_class():
            await self._stop(prompt_id)
            raise
        return await self._picture(ended)

    async def _earlier(self, work: str) -> tuple[str, bytes | None]:
        """The id for a run of this work, and the picture where one has been made already.

        An id whose run has failed is not used again: its history would be taken for the new run's.
        """
        for count in range(_TRIES):
            prompt_id = str(uuid5(NAMES, f"{work} {count}"))
            ended = await self._api.history(prompt_id)
            if ended is None:
                return prompt_id, await self._kept(work)
            if ended.files and not ended.failed:
                with suppress(NotFound):
                    return prompt_id, await self._api.picture(ended.files[0])
        return str(uuid4()), None

    async def _kept(self, work: str) -> bytes | None:
        """The file on its disk, which outlives its history."""
        file = File(filename=f"{work}_00001_.png", subfolder="storyloom")
        try:
            return await self._api.picture(file)
        except (NotFound, BadAnswer):  # 400 and 403 are told for names that it does not like
            return None

    async def _picture(self, ended: History) -> bytes:
        if not ended.files:
            raise BadAnswer("ComfyUI's workflow ended without a picture that is kept")
        try:
            return await self._api.picture(ended.files[0])
        except NotFound as fault:
            raise BadAnswer(fault.message) from fault

    async def _stop(self, prompt_id: str) -> None:
        with anyio.move_on_after(_STOP_S, shield=True):
            try:
                await self._api.cancel(prompt_id)
            except StoryloomError:
                return  # it does not answer, so there is nothing more that we can do

    def _fitted(
        self,
        data: bytes,
        request: ImageRequest,
        media_type: MediaType,
        values: Mapping[str, JsonValue],
    ) -> Picture:
        try:
            data, media_type = fitted(data, request.width, request.height, media_type=media_type)
        except InvalidInput as fault:
            raise BadAnswer(f"ComfyUI gave a picture that cannot be used: {fault}") from fault
        told = {k: v for k, v in values.items() if k not in _OURS}
        return Picture(
            data=data,
            media_type=media_type,
            width=request.width,
            height=request.height,
            backend=self.name,
            model=str(values.get("model", "workflow")),
            seed=int(str(values["seed"])),
            parameters=told,
        )


def _is_plain(value: JsonValue) -> bool:
    return isinstance(value, str | int | float | bool)


def _media_type(request: ImageRequest) -> MediaType:
    for kind in request.accept or _KINDS:
        if kind in _KINDS:
            return kind
    raise Unsupported("ComfyUI's pictures are kept as PNG or JPEG files.", system=SYSTEM)
