"""Every knob, and the only reader of the environment.

Settings come from the environment, with the prefix `STORYLOOM_`, or from arguments. The defaults
run a laptop with nothing installed. Loaded once, in an entry point, and passed down.
"""

import difflib
import os
from pathlib import Path
from typing import Any, Literal, Self

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storyloom.errors import Misconfigured

PREFIX = "STORYLOOM_"


class Settings(BaseSettings):
    """What an operator can choose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("storyloom", appauthor=False),
        description="Where the database and the pictures lie; one server at a time uses it",
    )
    host: str = Field(default="127.0.0.1", description="The address that the server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="The port; 0 takes a free one")
    presets_dir: Path | None = Field(
        default=None,
        description="A folder with `icp`, `stages` and `audiences` that adds to the presets",
    )
    concurrency: int = Field(
        default=4, ge=1, le=64, description="How many jobs run at the same time in this process"
    )
    render_threads: int = Field(
        default=2, ge=1, le=32, description="How many pictures are drawn at the same time"
    )
    system_fonts: bool = Field(
        default=True, description="Use the fonts of this machine for what Inter does not cover"
    )
    step_timeout_s: float = Field(
        default=90.0, gt=0, description="The longest that one step of a job may take, in seconds"
    )
    job_timeout_s: float = Field(
        default=120.0, gt=0, description="The longest that one run of a job may take, in seconds"
    )
    reconcile_every_s: float = Field(
        default=5.0, gt=0, description="How often lost jobs are looked for, in seconds"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much the log tells"
    )

    @classmethod
    def load(cls, **chosen: object) -> Self:
        """Read the environment; what is chosen here wins, None chooses nothing.

        Raises `Misconfigured` that names the setting.
        """
        _refuse_unknown(cls)
        given: dict[str, Any] = {name: v for name, v in chosen.items() if v is not None}
        try:
            return cls(**given)
        except ValidationError as fault:
            first = fault.errors()[0]
            name = PREFIX + str(first["loc"][0]).upper().removeprefix(PREFIX)
            raise Misconfigured(
                f"The setting {name} is wrong: {first['msg']}.", setting=name
            ) from fault


def _refuse_unknown(kind: type[BaseSettings]) -> None:
    known = {name.upper() for name in kind.model_fields}
    for variable in os.environ:
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {PREFIX}{close[0]}?" if close else ""
            raise Misconfigured(f"There is no setting {variable}.{hint}", setting=variable)
