"""What makes pictures here."""

import pytest

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.gear import Gear
from storyloom.errors import Misconfigured
from tests.automation.runs.scenarios.doubles import PictureBackend


def test_the_best_that_is_configured_is_chosen() -> None:
    frames, model, comfy = (PictureBackend(name) for name in ("frames", "model", "comfyui"))
    gear = Gear({Backend.MODEL: model, Backend.COMFYUI: comfy}, frames)

    assert gear.choice(Backend.AUTO) is Backend.COMFYUI
    assert gear.choice(Backend.MODEL) is Backend.MODEL
    assert gear.others("comfyui") == ["model"]
    assert gear.backend("comfyui") is comfy
    # It was configured when the run began.
    assert gear.backend("swarmui") is frames
    assert Gear({}, frames).choice(Backend.AUTO) is Backend.FRAMES
    with pytest.raises(Misconfigured, match="STORYLOOM_SWARMUI_URL or STORYLOOM_SWARMUI_DIR"):
        gear.choice(Backend.SWARMUI)
