"""What was chosen for each part, for people who want to know; nothing is opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from storyloom.adapters.objectstore._diagnosis import place_of as images_place
from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.adapters.redis._diagnosis import place_of as redis_place
from storyloom.adapters.sql._connecting import place_of as postgres_place
from storyloom.adapters.typst._fonts import choose
from storyloom.bootstrap.automation import NONE
from storyloom.bootstrap.database import database_file
from storyloom.bootstrap.models import image_names, language_names
from storyloom.errors import Misconfigured, Unsupported
from storyloom.llm.names import ModelName
from storyloom.settings import Settings

UNREADABLE = "an address that cannot be read"
# A script, a few of its characters, their language, and what brings it to a Debian machine.
_SCRIPTS = (
    ("Latin", "Añ", "en", "none: Inter comes with Storyloom"),
    ("CJK", "\u6f22\u5b57\u304b\u306a\ud55c\uae00", "zh", "fonts-noto-cjk"),
    ("Arabic", "\u0639\u0631\u0628\u064a", "ar", "fonts-noto-core"),
    ("Hebrew", "\u05e2\u05d1\u05e8\u05d9\u05ea", "he", "fonts-noto-core"),
    ("Thai", "\u0e44\u0e17\u0e22", "th", "fonts-noto-core"),
    ("Devanagari", "\u0939\u093f\u0928\u094d\u0926\u0940", "hi", "fonts-noto-core"),
    ("Emoji", "\U0001f680\U0001f389", "en", "fonts-noto-color-emoji"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands behind one part."""

    part: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Script:
    """Whether boards can be written in a script, with which fonts, and what would add it."""

    name: str
    covered: bool
    fonts: tuple[str, ...]
    package: str


def choices(settings: Settings) -> Sequence[Choice]:
    """What was chosen, part by part."""
    named: Mapping[str, str] = {
        "hot state": _hot(settings),
        "archive": _archive(settings),
        "engine": _engine(settings),
        "worker queues": settings.queues,
        "pictures": _pictures(settings),
        "retention": _retention(settings.keep_days),
        "traces": "OpenTelemetry, as the OTEL_ variables say" if settings.traces else "none",
        "understanding of code": _models(
            language_names, settings, "static: tree-sitter and rules, no model"
        ),
        "understanding of roadmaps": _models(
            language_names, settings, "static: OCR and rules, no model"
        ),
        "image art": _models(image_names, settings, "vector scenes, drawn by Typst"),
        "models on request": settings.allowed_models or "none but those above",
        "budget": _budget(settings),
        "board renderer": f"Typst, {settings.render_threads} at a time",
        "sessions and notifications": _stories(settings),
        "GPUs": _gpus(settings.nvidia_smi),
        "SwarmUI": _swarmui(settings),
        "films of stories": settings.ffmpeg or "ffmpeg on the PATH",
    }
    return [Choice(part, chosen) for part, chosen in named.items()]


def _hot(settings: Settings) -> str:
    if settings.redis_url is None:
        return "memory of the server's process"
    return f"Redis, {redis_place(settings.redis_url.get_secret_value())}"


def _archive(settings: Settings) -> str:
    if settings.supabase_url is not None:
        project = urlsplit(settings.supabase_url).hostname or UNREADABLE
        alone = "" if settings.database_url else "; for one server, without DATABASE_URL"
        return f"Supabase's REST API, {project}{alone}"
    if settings.database_url is not None:
        return f"PostgreSQL, {_postgres(settings.database_url)}"
    return f"SQLite, {database_file(settings.data_dir)}"


def _engine(settings: Settings) -> str:
    jobs = f"{settings.concurrency} jobs at a time"
    if settings.database_url is not None:
        return f"DBOS, shared, PostgreSQL, {_postgres(settings.database_url)}, {jobs} a worker"
    return f"DBOS, embedded, {database_file(settings.data_dir)}, {jobs}"


def _pictures(settings: Settings) -> str:
    if settings.images_url is not None:
        return images_place(settings.images_url.get_secret_value())
    return f"files, {settings.data_dir / 'images'}"


def _stories(settings: Settings) -> str:
    if settings.redis_url is not None:
        return _hot(settings)
    if settings.database_url is not None:
        return f"PostgreSQL, {_postgres(settings.database_url)}"
    return f"SQLite, {database_file(settings.data_dir)}"


def _gpus(program: str | None) -> str:
    if program == NONE:
        return "none is looked for"
    return f"as {program or 'nvidia-smi on the PATH'} tells"


def _swarmui(settings: Settings) -> str:
    launched = (
        "launched by others" if settings.swarmui_dir is None else f"in {settings.swarmui_dir}"
    )
    return f"{settings.swarmui_url}, {launched}"


def _retention(keep_days: float | None) -> str:
    return "for ever" if keep_days is None else f"{keep_days:g} days after their end"


def _models(
    names_of: Callable[[Settings], Sequence[ModelName]], settings: Settings, without: str
) -> str:
    try:
        names = names_of(settings)
    except Misconfigured as fault:
        return f"unknown: {fault.message}"
    return "; if it fails: ".join(map(str, names)) or without


def _budget(settings: Settings) -> str:
    limits = {
        "a job": settings.budget_per_job_usd,
        "a day for each organisation": settings.budget_per_org_day_usd,
    }
    told = [f"${limit} {of}" for of, limit in limits.items() if limit is not None]
    return ", ".join(told) or "no limit"


def _postgres(address: SecretStr) -> str:
    try:
        return postgres_place(address.get_secret_value())
    except Misconfigured:
        return UNREADABLE


async def text_reader_fault() -> str | None:
    """Why words in pictures cannot be read here, and how to change that; None when they can."""
    try:
        await RapidOcrTextReader().ping()
    except Unsupported as fault:
        return fault.message
    return None


def scripts(settings: Settings) -> Sequence[Script]:
    """Which scripts the fonts cover. Looks into font files: call it in a thread."""
    return [_script(*sample, system_fonts=settings.system_fonts) for sample in _SCRIPTS]


def _script(name: str, text: str, language: str, package: str, *, system_fonts: bool) -> Script:
    wardrobe = choose([text], language, system_fonts=system_fonts)
    return Script(name, not wardrobe.missing, wardrobe.families, package)
