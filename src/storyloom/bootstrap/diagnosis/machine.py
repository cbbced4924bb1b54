"""What this machine has: the data directory, room on the disk, fonts, and who can reach the server."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from anyio import to_thread

from storyloom.bootstrap.diagnosis.asking import Check, at_once
from storyloom.bootstrap.exports import films_of
from storyloom.bootstrap.lock import holder_of
from storyloom.bootstrap.parts import text_reader_fault
from storyloom.bootstrap.studio import open_studio
from storyloom.errors import Unsupported
from storyloom.kit.addresses import is_loopback
from storyloom.kit.findings import Finding, absent, error, warning, well
from storyloom.settings import Settings

# Fonts and models come from this machine's disk, which may be slow, but does not hang.
_LOADING_S = 15.0
_GB = 10**9
_FULL, _TIGHT = 0.1 * _GB, 1 * _GB


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, which may still have to be made."""

    path: str
    exists: bool
    writable: bool
    used_by: str | None


def folder_of(path: Path) -> Folder:
    """Look at a folder. One that is still to be made has to be writable where it will be made."""
    place = _nearest(path)
    writable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return Folder(str(path), path.exists(), writable, holder_of(path))


def checks_of(settings: Settings) -> Sequence[Check]:
    """What is to be looked at here."""
    folder = partial(look_at_folder, "data directory", settings.data_dir, "STORYLOOM_DATA_DIR")
    return [
        Check("settings", at_once(partial(look_at_settings, settings)), ""),
        Check("data directory", at_once(folder), ""),
        Check(
            "renderer",
            partial(look_at_renderer, settings),
            "Correct the presets that it names, or install Storyloom again.",
            _LOADING_S,
        ),
        Check("ocr", look_at_text_reader, "pip install 'storyloom[ocr]'", _LOADING_S),
        Check("ffmpeg", partial(look_at_films, settings), ""),
    ]


def look_at_folder(check: str, path: Path, setting: str) -> Sequence[Finding]:
    """Whether files can be kept there, and for how much longer."""
    folder = folder_of(path)
    if not folder.writable:
        return [
            error(
                check,
                f"{folder.path} cannot be written.",
                f"Give the user who runs Storyloom the right to, or set {setting}.",
            )
        ]
    free = shutil.disk_usage(_nearest(path)).free
    if free >= _TIGHT:
        return [well(check, f"{folder.path} can be written, and has {free / _GB:,.0f} GB of room.")]
    tell = error if free < _FULL else warning
    return [
        tell(
            check,
            f"The disk of {folder.path} has only {free / _GB:.1f} GB of room.",
            "Make room, or forget old jobs: storyloom clean --older-than DAYS",
        )
    ]


def look_at_settings(settings: Settings) -> Sequence[Finding]:
    """What is set, and does not go together."""
    found = [*_exposed(settings), *_supabase(settings), *_traces(settings)]
    return found or [well("settings", "They go together.")]


async def look_at_renderer(settings: Settings) -> Sequence[Finding]:
    """Whether boards can be drawn; it also reads the presets."""
    studio = await to_thread.run_sync(open_studio, settings)
    await studio.renderer.ping()
    return [well("renderer", "Boards can be drawn.")]


async def look_at_text_reader() -> Sequence[Finding]:
    """Whether words in pictures can be read."""
    fault = await text_reader_fault()
    if fault is None:
        return [well("ocr", "Words in pictures can be read.")]
    says, _, mend = fault.partition(". ")
    return [warning("ocr", f"{says.rstrip('.')}.", mend or "pip install 'storyloom[ocr]'")]


async def look_at_films(settings: Settings) -> Sequence[Finding]:
    """Whether stories can become films; nothing else needs ffmpeg."""
    try:
        await films_of(settings).ping()
    except Unsupported as fault:
        if settings.ffmpeg is None:
            return [absent("ffmpeg", fault.message)]
        says = f"{settings.ffmpeg}, which STORYLOOM_FFMPEG names, cannot be run."
        mend = "Correct it, or leave it out: then the ffmpeg on the PATH makes films of stories."
        return [warning("ffmpeg", says, mend)]
    return [well("ffmpeg", "Stories can become films.")]


def _exposed(settings: Settings) -> Sequence[Finding]:
    if is_loopback(settings.host):
        return []
    return [
        warning(
            "settings",
            f"The server listens on {settings.host} and speaks plain HTTP: where others are on the "
            "way, they can read keys and pictures.",
            "Put a proxy with TLS before it, or set STORYLOOM_HOST to 127.0.0.1.",
        )
    ]


def _supabase(settings: Settings) -> Sequence[Finding]:
    if settings.supabase_service_key is not None and settings.supabase_url is None:
        return [
            warning(
                "settings",
                "SUPABASE_SERVICE_KEY is set and SUPABASE_URL is not: the key is not used.",
                "Set SUPABASE_URL, such as https://xxx.supabase.co, or leave the key out.",
            )
        ]
    return []


def _traces(settings: Settings) -> Sequence[Finding]:
    if settings.traces and find_spec("opentelemetry") is None:
        return [
            error(
                "settings",
                "STORYLOOM_TRACES is set, and OpenTelemetry is not installed.",
                "pip install 'storyloom[otel]', or leave STORYLOOM_TRACES out.",
            )
        ]
    return []


def _nearest(path: Path) -> Path:
    return next(place for place in (path, *path.absolute().parents) if place.exists())
