"""What makes the pictures of stories: all image backends that the settings choose."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from anyio import to_thread

from storyloom.adapters.typst.image_backend import TypstFrameBackend
from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.swarmui import SwarmUiService
from storyloom.imaging.ports import ImageBackend, ImageStore
from storyloom.settings import Settings


@asynccontextmanager
async def gear_of(
    settings: Settings,
    swarmui: SwarmUiService,
    images: ImageStore,
    model: ImageBackend | None = None,
) -> AsyncGenerator[Gear]:
    """Open them; nothing is asked yet. `model` is the image model of a provider."""
    backends: dict[Backend, ImageBackend] = {}
    async with AsyncExitStack() as stack:
        if uses_swarmui(settings):
            from storyloom.adapters.swarmui.image_backend import (  # noqa: PLC0415 - HTTP
                open_swarm_image_backend,
            )

            backends[Backend.SWARMUI] = await stack.enter_async_context(
                open_swarm_image_backend(
                    swarmui.address, model=settings.swarmui_model, notes=images
                )
            )
        if settings.comfyui_url is not None:
            from storyloom.adapters.comfyui._api import open_comfy_api  # noqa: PLC0415 - HTTP
            from storyloom.adapters.comfyui._workflow import load_workflow  # noqa: PLC0415
            from storyloom.adapters.comfyui.image_backend import (  # noqa: PLC0415
                ComfyImageBackend,
            )

            workflow = await to_thread.run_sync(load_workflow, settings.comfyui_workflow)
            api = await stack.enter_async_context(open_comfy_api(settings.comfyui_url))
            backends[Backend.COMFYUI] = ComfyImageBackend(api, workflow)
        if model is not None:
            backends[Backend.MODEL] = model
        yield Gear(backends, TypstFrameBackend(threads=settings.render_threads))


def uses_swarmui(settings: Settings) -> bool:
    """Whether there is a SwarmUI: one that can be launched here, or whose address was told."""
    return settings.swarmui_dir is not None or "swarmui_url" in settings.model_fields_set
