"""What makes pictures here, by the names that people choose from."""

from collections.abc import Mapping, Sequence

from storyloom.automation.runs.config import Backend
from storyloom.errors import Misconfigured
from storyloom.imaging.ports import ImageBackend

#: What is tried first where nobody chooses, and after another has failed.
ORDER = (Backend.SWARMUI, Backend.COMFYUI, Backend.MODEL)
#: The settings that configure each; the first is the one that a program is told.
_SETTINGS = {
    Backend.SWARMUI: ("STORYLOOM_SWARMUI_URL", "STORYLOOM_SWARMUI_DIR"),
    Backend.COMFYUI: ("STORYLOOM_COMFYUI_URL",),
    Backend.MODEL: ("STORYLOOM_IMAGE_MODEL", "GOOGLE_API_KEY"),
}


class Gear:
    """The image backends that are configured. Drawn frames are always there."""

    def __init__(self, backends: Mapping[Backend, ImageBackend], frames: ImageBackend) -> None:
        """Take those that make real pictures, and what draws frames."""
        self._backends = {**backends, Backend.FRAMES: frames}

    def choice(self, wanted: Backend) -> Backend:
        """The wanted one, or the best there is; raises `Misconfigured` that names the setting."""
        if wanted is Backend.AUTO:
            return next((one for one in ORDER if one in self._backends), Backend.FRAMES)
        if wanted not in self._backends:
            names = _SETTINGS[wanted]
            raise Misconfigured(
                f"The backend {wanted} is not configured here: set {' or '.join(names)}.",
                setting=names[0],
            )
        return wanted

    def backend(self, name: str) -> ImageBackend:
        """The backend of this name, or drawn frames where it is configured no longer."""
        return self._backends.get(Backend(name), self.frames)

    @property
    def frames(self) -> ImageBackend:
        """What draws frames."""
        return self._backends[Backend.FRAMES]

    def others(self, name: str) -> Sequence[str]:
        """Those that could make a picture in its place; a drawn frame is not one of them."""
        return [one.value for one in ORDER if one in self._backends and one != name]
