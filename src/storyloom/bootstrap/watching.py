"""What looks at the GPU for a run."""

from urllib.parse import urlsplit

from storyloom.adapters.procfs.engine_programs import ProcfsEnginePrograms
from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.watch import GpuWatch
from storyloom.bootstrap.automation import NONE, Automation
from storyloom.kit.addresses import is_loopback
from storyloom.settings import Settings


def watch_of(settings: Settings, automation: Automation, backend: str) -> GpuWatch | None:
    """A look with an eye to the engine behind a backend; None where it is not to be looked.

    A GPU on another machine cannot be looked at from here.
    """
    swarmui = automation.swarmui
    is_comfy = backend == Backend.COMFYUI and settings.comfyui_url is not None
    url = settings.comfyui_url if is_comfy else settings.swarmui_url
    if settings.nvidia_smi == NONE or not is_loopback(urlsplit(url or "").hostname or ""):
        return None

    async def comfyui() -> str:
        return url or ""

    if is_comfy:
        return GpuWatch(automation.gpu, ProcfsEnginePrograms(comfyui))
    return GpuWatch(automation.gpu, ProcfsEnginePrograms(swarmui.address, swarmui.process_id))
