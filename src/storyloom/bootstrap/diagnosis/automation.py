"""Whether this machine has a GPU, and a SwarmUI that answers or could be launched."""

from collections.abc import Sequence
from functools import partial

from storyloom.adapters.nvidia.gpu_probe import NOT_FOUND
from storyloom.adapters.swarmui.swarm_api import open_swarm_api
from storyloom.automation.ports import SwarmLook
from storyloom.automation.searching import Searcher
from storyloom.bootstrap.automation import (
    NONE,
    gpu_probe_of,
    launch_lock_of,
    launcher_of,
    plan_of,
)
from storyloom.bootstrap.diagnosis.asking import Check
from storyloom.errors import Misconfigured, Unavailable
from storyloom.gpu.schemas import Gpu
from storyloom.kit.findings import Finding, absent, error, warning, well
from storyloom.settings import Settings

GPU, SWARMUI = "gpu", "swarmui"
# Both give up by themselves long before.
_LIMIT_S = 15.0
_BY_HAND = (
    "Run nvidia-smi by hand; mostly its driver is to be installed anew, or the machine to restart."
)
_WAIT = "Wait: a first start takes minutes."
_OBSTACLE = (
    "A SwarmUI has to let this machine in without an account or a key; let another program leave the "
    "port, or name another port in STORYLOOM_SWARMUI_URL."
)


def checks_of(settings: Settings) -> Sequence[Check]:
    """What pictures of stories need here; nothing is launched."""
    return [
        Check(GPU, partial(look_at_gpu, settings), _BY_HAND, _LIMIT_S),
        Check(SWARMUI, partial(look_at_swarmui, settings), _WAIT, _LIMIT_S),
    ]


async def look_at_gpu(settings: Settings) -> Sequence[Finding]:
    """What nvidia-smi says. No job needs a GPU, so nothing of it is an error."""
    if settings.nvidia_smi == NONE:
        return [absent(GPU, "None is looked for: STORYLOOM_NVIDIA_SMI is none.")]
    try:
        reading = await gpu_probe_of(settings).look()
    except Unavailable as fault:
        if fault.message == NOT_FOUND:
            return [_without_smi(settings)]
        return [warning(GPU, _sentence(f"nvidia-smi fails: {fault.message}"), _BY_HAND)]
    if not reading.gpus:
        says = _sentence(f"nvidia-smi runs, and finds none: {reading.says or 'it names no GPU'}")
        mend = "Look whether its driver fits, and whether this container may use it (--gpus all)."
        return [warning(GPU, says, mend) if _is_wanted(settings) else absent(GPU, says)]
    broken = [_broken(number, gpu) for number, gpu in enumerate(reading.gpus) if gpu.error]
    usable = [_told(gpu) for gpu in reading.gpus if not gpu.error]
    return broken + ([well(GPU, f"Can be used: {'; '.join(usable)}.")] if usable else [])


async def look_at_swarmui(settings: Settings) -> Sequence[Finding]:
    """Whether one answers, and else whether one could be launched."""
    plan = plan_of(settings)
    async with open_swarm_api() as api, launch_lock_of(settings) as lock:
        search = await Searcher(api, lock, plan).search()
    folder = await _folder_fault(settings)
    if search.found is not None:
        answers = _answering(search.found.url, search.found.look)
        return [answers] if folder is None else [answers, _folder(folder, is_needed=False)]
    if search.obstacle:
        tell = warning if settings.swarmui_dir is None else error
        return [tell(SWARMUI, _sentence(f"It cannot be used: {search.obstacle}"), _OBSTACLE)]
    if folder is not None:
        return [_folder(folder, is_needed=True)]
    return [_absent(settings, is_local=plan.is_local)]


def _is_wanted(settings: Settings) -> bool:
    """Whether somebody counts on a GPU here."""
    return settings.nvidia_smi is not None or settings.swarmui_dir is not None


def _without_smi(settings: Settings) -> Finding:
    says = "nvidia-smi is not found: there is no GPU of NVIDIA's, or not its driver."
    if not _is_wanted(settings):
        return absent(GPU, says)
    mend = "Install the driver, or name the program in STORYLOOM_NVIDIA_SMI; none looks for no GPU."
    return warning(GPU, says, mend)


def _broken(number: int, gpu: Gpu) -> Finding:
    name = number if gpu.index is None else gpu.index
    mend = "Restart the machine; if it comes again, look at the GPU's power and its slot."
    return warning(GPU, f"GPU {name} cannot be used: {gpu.error}.", mend)


def _told(gpu: Gpu) -> str:
    memory = f"{gpu.memory_used} of {gpu.memory_total} MiB in use"
    figures = {
        f"{gpu.utilization} % busy": gpu.utilization is not None,
        memory: gpu.memory_used is not None and gpu.memory_total is not None,
        f"{gpu.temperature} \N{DEGREE SIGN}C": gpu.temperature is not None,
    }
    return ", ".join(
        [gpu.name or "a GPU", *(told for told, is_known in figures.items() if is_known)]
    )


async def _folder_fault(settings: Settings) -> Misconfigured | None:
    """What is wrong with the folder that is named, if one is."""
    if settings.swarmui_dir is not None:
        try:
            await launcher_of(settings).check()
        except Misconfigured as fault:
            return fault
    return None


def _folder(fault: Misconfigured, *, is_needed: bool) -> Finding:
    tell = error if is_needed else warning
    mend = f"Correct {fault.setting}: the folder of an install that was started by hand once."
    return tell(SWARMUI, f"It cannot be launched: {fault.message}.", mend)


def _answering(url: str, look: SwarmLook) -> Finding:
    answers = f"SwarmUI {look.version} answers at {url}"
    if look.is_usable:
        return well(SWARMUI, f"{answers}; its backends: {look.backend_status or 'not told'}.")
    if look.is_loading:
        return warning(SWARMUI, f"{answers}; its backends are still loading.", _WAIT)
    says = f"{answers}, and cannot generate; its backends: {look.backend_status}. {look.message}"
    return warning(SWARMUI, says.strip(), f"Look at Server, Backends in its page, {url}.")


def _absent(settings: Settings, *, is_local: bool) -> Finding:
    if settings.swarmui_dir is not None and is_local:
        says = f"None runs; one can be launched from {settings.swarmui_dir}."
        return well(SWARMUI, says)
    if "swarmui_url" in settings.model_fields_set:
        says = f"None answers at {settings.swarmui_url}, where STORYLOOM_SWARMUI_URL leads."
        return warning(SWARMUI, says, "Start it there, or correct the address.")
    return absent(
        SWARMUI, "None runs, and none is set up: STORYLOOM_SWARMUI_DIR would name its folder."
    )


def _sentence(told: str) -> str:
    """With one full stop, whoever told it."""
    return f"{told.rstrip('.')}."
