"""What can be chosen for a run."""

from datetime import time

import pytest
from pydantic import ValidationError

from storyloom.automation.runs.config import RunConfig
from storyloom.story.prompts import Aspect


def test_names_are_in_camel_case_and_defaults_are_those_of_existing_clients() -> None:
    config = RunConfig.model_validate({"imagesPerPrompt": 2, "aspects": ["vertical", "vertical"]})

    assert (config.images_per_prompt, config.aspects) == (2, (Aspect.VERTICAL,))
    gpu = config.model_dump(by_alias=True, mode="json")["gpu"]
    assert (gpu["maxUtilization"], gpu["minFreeMemory"], gpu["maxTemperature"]) == (80, 4096, 85)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"gpu": {"resumeUtilization": 90}}, "gpu.resumeUtilization"),
        ({"gpu": {"maxUtilization": 50}}, "gpu.resume_utilization"),
        ({"gpu": {"resumeTemperature": 99}}, "gpu.resumeTemperature"),
        ({"quietHours": {"start": "22:00", "end": "07:00", "timezone": "Mars/Base"}}, "time zone"),
        ({"quietHours": {"start": "22:00", "end": "07:00", "timezone": "../etc"}}, "time zone"),
        ({"gpu": {"devices": ["first"]}}, "devices"),
        ({"imagesPerPrompts": 2}, "imagesPerPrompts"),
        ({"parameters": {"a": "\ud800"}}, "plain JSON"),
        ({"parameters": {"a": float("nan")}}, "plain JSON"),
    ],
)
def test_what_makes_no_sense_is_named(given: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        RunConfig.model_validate(given)


def test_quiet_hours_have_a_time_zone() -> None:
    quiet = {"start": "22:00", "end": "07:00", "timezone": "Europe/Berlin"}
    config = RunConfig.model_validate({"quietHours": quiet})

    assert config.quiet_hours is not None
    assert config.quiet_hours.timezone == "Europe/Berlin"


def test_quiet_hours_are_by_the_clocks_of_their_zone() -> None:
    quiet = {"start": "22:00+02:00", "end": "07:00", "timezone": "Europe/Berlin"}
    config = RunConfig.model_validate({"quietHours": quiet})

    assert config.quiet_hours is not None
    assert (config.quiet_hours.start, config.quiet_hours.end) == (time(22), time(7))
