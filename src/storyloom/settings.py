"""Every knob, and the only reader of the environment.

Settings come from the environment, with the prefix `STORYLOOM_`, or from arguments; the outside
systems have the names that the API's document gives them, without a prefix. The defaults run a
laptop with nothing installed. Loaded once, in an entry point, and passed down.
"""

import difflib
import os
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storyloom.errors import Misconfigured
from storyloom.kit.sentences import sentence_of
from storyloom.outbound.schemas import ModelPrice
from storyloom.settings_forms import (
    AllowedTargets,
    HardToGuess,
    Origin,
    Origins,
    PostgresUrl,
    RateOfRequests,
    RedisUrl,
)

PREFIX = "STORYLOOM_"


class Settings(BaseSettings):
    """What an operator can choose."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    app_env: Literal["development", "production"] = Field(
        default="development",
        validation_alias="APP_ENV",
        description="In production the log is JSON, and the server starts with a key only",
    )
    admin_key: HardToGuess | None = Field(
        default=None,
        description="The operator's key, besides those that `storyloom keys` makes: good for "
        "everything, in every organisation; at least 32 letters, digits and marks",
    )
    key: SecretStr | None = Field(
        default=None, description="The key that commands send to a server with `--server`"
    )
    rate_limit: RateOfRequests = Field(
        default="6000/minute",
        description="How many requests one key may make in a `second`, `minute`, `hour` or `day`; "
        "`none` for any number",
    )
    redis_url: RedisUrl | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="Redis for hot state, sessions and notifications, such as "
        "`redis://localhost:6379`; without it, the memory of the process and the database",
    )
    database_url: PostgresUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL for the archive and the engine, such as "
        "`postgresql://user:password@host:5432/name`; without it, SQLite in the data directory",
    )
    supabase_url: str | None = Field(
        default=None,
        validation_alias="SUPABASE_URL",
        description="A Supabase project whose REST API keeps the archive, such as "
        "`https://xxx.supabase.co`; several servers share it only with one `DATABASE_URL`",
    )
    supabase_service_key: SecretStr | None = Field(
        default=None,
        validation_alias="SUPABASE_SERVICE_KEY",
        description="The service_role key of that project",
    )
    google_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        description="The key for Gemini; with it, models understand and illustrate",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", description="The key for OpenAI's models"
    )
    anthropic_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="ANTHROPIC_API_KEY",
        description="The key for Anthropic's models",
    )
    llm_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="LLM_API_KEY",
        description="The key for the other OpenAI-compatible servers, where they want one",
    )
    google_base_url: str | None = Field(
        default=None,
        validation_alias="GOOGLE_GEMINI_BASE_URL",
        description="Where Gemini is reached, when that is not Google itself",
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias="OPENAI_BASE_URL",
        description="Where `openai:` is reached, when that is not OpenAI itself",
    )
    anthropic_base_url: str | None = Field(
        default=None,
        validation_alias="ANTHROPIC_BASE_URL",
        description="Where `anthropic:` is reached, when that is not Anthropic itself",
    )
    ollama_base_url: str = Field(
        default="http://127.0.0.1:11434/v1",
        validation_alias="OLLAMA_BASE_URL",
        description="Where `ollama:` is reached",
    )
    vllm_base_url: str = Field(
        default="http://127.0.0.1:8000/v1",
        validation_alias="VLLM_BASE_URL",
        description="Where `vllm:` is reached",
    )
    lmstudio_base_url: str = Field(
        default="http://127.0.0.1:1234/v1",
        validation_alias="LMSTUDIO_BASE_URL",
        description="Where `lmstudio:` is reached",
    )
    llm_base_url: str | None = Field(
        default=None,
        validation_alias="LLM_BASE_URL",
        description="Where `local:` is reached: any other OpenAI-compatible server",
    )
    language_model: str | None = Field(
        default=None,
        description="What understands, such as `google:gemini-3.8-flash` or `ollama:qwen3-vl:8b`; "
        "without it, Gemini where there is a key for it, or else rules; `none` for rules",
    )
    image_model: str | None = Field(
        default=None,
        description="What illustrates, such as `google:gemini-3.1-flash-image`; without it, Gemini "
        "where there is a key for it, or else drawn scenes; `none` for drawn scenes",
    )
    fallback_models: str = Field(
        default="", description="Models to go on with when the first fails, with commas between"
    )
    fallback_image_models: str = Field(default="", description="The same for image models")
    allowed_models: str = Field(
        default="",
        description="Models that a request may name besides those above: names or patterns such as "
        "`google:*`, with commas between them",
    )
    model_prices: dict[str, ModelPrice] = Field(
        default={},
        description="Prices in dollars for a million tokens that go before the known ones, as JSON "
        'such as `{"ollama:*": {"input": 0, "output": 0}}`',
    )
    budget_per_job_usd: Decimal | None = Field(
        default=None, ge=0, description="The most that one job may spend on models, in US dollars"
    )
    budget_per_org_day_usd: Decimal | None = Field(
        default=None,
        ge=0,
        description="The most that one organisation may spend in a UTC day, in US dollars",
    )
    provider_concurrency: int = Field(
        default=8, ge=1, le=512, description="How many calls go to one provider at the same time"
    )
    images_url: SecretStr | None = Field(
        default=None,
        description="A bucket for pictures, such as `s3://bucket/folder`, or a folder that all hosts "
        "mount, such as `file:///folder`; without it, files in the data directory",
    )
    migrate_on_start: bool = Field(
        default=True,
        description="Bring the PostgreSQL database up to date at start; "
        "without it, `storyloom migrate` does",
    )
    queues: str = Field(
        default="*",
        description="Which queues the worker takes jobs from: names or patterns such as `images-*`,"
        " with commas between them",
    )
    queue_poll_s: float = Field(
        default=0.05,
        gt=0,
        description="How often a worker looks into each of its queues, in seconds",
    )
    drain_s: int = Field(
        default=30,
        ge=0,
        description="How long running jobs may go on after the signal to stop, in seconds",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="The port on which `storyloom work` tells its health and metrics",
    )
    keep_days: float | None = Field(
        default=None,
        gt=0,
        description="How long finished jobs and their pictures are kept, in days; "
        "without it, for ever",
    )
    event_streams: int = Field(
        default=2000,
        ge=1,
        description="How many clients may follow events at one server at once; half of them may be "
        "of one organisation",
    )
    webhook_allow: AllowedTargets = Field(
        default="",
        description="What webhooks may lead to although it is not public: host names, addresses or "
        "networks such as `10.0.0.0/8`, with commas between them",
    )
    traces: bool = Field(
        default=False,
        description="Send OpenTelemetry traces, as the standard `OTEL_` variables say",
    )
    nvidia_smi: str | None = Field(
        default=None,
        description="The nvidia-smi that tells of the GPUs; without it, the one on the PATH; "
        "`none` looks for no GPU",
    )
    ffmpeg: str | None = Field(
        default=None,
        description="The ffmpeg that makes animatics of stories; without it, the one on the PATH",
    )
    swarmui_dir: Path | None = Field(
        default=None,
        description="The folder of a SwarmUI that may be launched here; without it, only one that "
        "already runs is used",
    )
    swarmui_url: Origin = Field(
        default="http://localhost:7801",
        description="Where SwarmUI answers, or will when launched; one that somebody else has "
        "started makes pictures only where this names it",
    )
    swarmui_startup_timeout_s: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="How long a launched SwarmUI may take until it answers, in seconds",
    )
    swarmui_idle_s: float | None = Field(
        default=None,
        gt=0,
        description="Stop a SwarmUI that was launched here when it has generated nothing for so "
        "many seconds; without it, it runs on",
    )
    swarmui_model: str | None = Field(
        default=None,
        description="SwarmUI's model where a run names none; without it, the loaded one",
    )
    comfyui_url: Origin | None = Field(
        default=None,
        description="Where a ComfyUI answers that makes pictures, such as `http://127.0.0.1:8188`",
    )
    comfyui_workflow: Path | None = Field(
        default=None,
        description="The workflow that it runs, in its API format, with places such as `{{prompt}}` "
        "and `{{seed}}`; without it, a plain one for any checkpoint",
    )
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
        default=4, ge=1, le=256, description="How many jobs run at the same time in this process"
    )
    render_threads: int = Field(
        default=2, ge=1, le=32, description="How many pictures are drawn at the same time"
    )
    system_fonts: bool = Field(
        default=True, description="Use the fonts of this machine for what Inter does not cover"
    )
    call_timeout_s: float = Field(
        default=90.0,
        gt=0,
        description="The longest that a call to a model may take, its one retry included, in seconds",
    )
    job_timeout_s: float = Field(
        default=120.0, gt=0, description="The longest that one run of a job may take, in seconds"
    )
    reconcile_every_s: float = Field(
        default=5.0, gt=0, description="How often lost jobs are looked for, in seconds"
    )
    cors_origins: Origins | None = Field(
        default=None,
        description="Which web pages may call the API: origins such as `https://app.example.com` "
        "with commas between them, `*` for all, or `none`; without it, pages of this machine in "
        "development, and none in production",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much the log tells"
    )

    @classmethod
    def variable(cls, name: str) -> str:
        """The environment variable of a setting."""
        match cls.model_fields[name].validation_alias:
            case str(alias):
                return alias
            case AliasChoices(choices=[str(alias), *_]):
                return alias
            case _:
                return PREFIX + name.upper()

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
            field = str(first["loc"][0])
            name = cls.variable(field) if field in cls.model_fields else field
            said = sentence_of(first)
            raise Misconfigured(f"The setting {name} is wrong: {said}.", setting=name) from None


def _refuse_unknown(kind: type[BaseSettings]) -> None:
    known = {
        name.upper() for name, field in kind.model_fields.items() if not field.validation_alias
    }
    for variable in os.environ:
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {PREFIX}{close[0]}?" if close else ""
            raise Misconfigured(f"There is no setting {variable}.{hint}", setting=variable)


def foreign_environment() -> dict[str, str]:
    """The environment for programs of others: without our settings, above all without our keys."""
    ours = {Settings.variable(name) for name in Settings.model_fields} | {"GEMINI_API_KEY"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith((PREFIX, "AWS_", "OTEL_"))
    }
