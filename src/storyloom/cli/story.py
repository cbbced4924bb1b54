"""`storyloom sessions` and `storyloom notifications`: beside a server, or over HTTP."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import typer
from rich.markup import escape

from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.story_routes import Json, StoryRoutes
from storyloom.cli.wording import one_line
from storyloom.errors import InvalidInput, NotFound
from storyloom.settings import Settings

_MOST_BYTES = 32 * 1024 * 1024
_STDIN = "-"
_ANY = "*"
_SHOWN = 60


def show_list(options: JobsOptions, *, limit: int, before: int | None) -> None:
    """List the newest sessions."""
    found = _ask(options, lambda routes: routes.sessions(limit, before))
    if options.as_json:
        print_json(found)
        return
    table = new_table("Session", "Story", "Episode", "Script")
    for one in found["sessions"]:
        episode = one["analyzedEpisode"]
        title = episode.get("title") if isinstance(episode, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        words = [one["storyUuid"], str(title or ""), one["scriptText"]]  # pyright: ignore[reportUnknownArgumentType]
        table.add_row(str(one["timestamp"]), *(_plain(word) for word in words))
    print_table(table)


def show_one(options: JobsOptions, timestamp: str) -> None:
    """Show one session."""
    session, status = _ask(options, lambda routes: routes.session(timestamp))
    if options.as_json:
        print_json(session)
        return
    table = new_table("Session", timestamp)
    for name, value in {
        "Story": session["data"].get("storyUuid", ""),
        "Prompt mode": session["data"].get("promptMode", ""),
        "Beats": status["totalBeats"],
        "With prompts": status["totalPrompts"],
        "Prompts ready": "yes" if status["promptsReady"] else "no",
        "Last updated": status["lastUpdated"],
        "ETag": _bare(session["etag"]),
    }.items():
        table.add_row(name, _plain(str(value)))
    print_table(table)


def save(options: JobsOptions, file: str, if_match: str | None) -> None:
    """Save a session from a file."""
    raw = _read(file)
    done = _ask(options, lambda routes: routes.save(raw, _tag(if_match)))
    _say(options, done, f"Saved as {done['sessionTimestamp']}, in {done['storage']}.")


def add_prompts(options: JobsOptions, timestamp: str, file: str, if_match: str | None) -> None:
    """Add prompts from a file."""
    raw = _read(file)
    done = _ask(options, lambda routes: routes.add_prompts(timestamp, raw, _tag(if_match)))
    ready = "ready" if done["promptsReady"] else "not ready yet"
    beats = f"{done['totalPrompts']} of {done['totalBeats']} beats have prompts"
    _say(options, done, f"{beats}; the session is {ready}.")


def delete(options: JobsOptions, timestamp: str) -> None:
    """Delete a session."""
    done = _ask(options, lambda routes: routes.delete(timestamp))
    _say(options, done, f"Session {timestamp} is deleted.")


def check(options: JobsOptions, kinds: Sequence[str], *, limit: int, wait: float) -> None:
    """List what is not acknowledged."""
    found = _ask(options, lambda routes: routes.check(kinds, limit, wait))
    if options.as_json:
        print_json(found)
        return
    table = new_table("Notification", "Type", "Session", "Story", "Prompts", "Made")
    for one in found["notifications"]:
        table.add_row(
            one["id"],
            one["type"],
            str(one["sessionTimestamp"]),
            _plain(one["storyUuid"]),
            str(one["totalPrompts"]),
            one["timestamp"],
        )
    print_table(table)


def acknowledge(options: JobsOptions, notification_id: str) -> None:
    """Acknowledge a notification."""
    done = _ask(options, lambda routes: routes.acknowledge(notification_id))
    _say(options, done, f"{notification_id} is acknowledged.")


def _ask(options: JobsOptions, ask: Callable[[StoryRoutes], Awaitable[Any]]) -> Any:
    opening = _routes(options)

    async def asked() -> Any:
        async with opening as routes:
            return await ask(routes)

    return anyio.run(asked)


def _routes(options: JobsOptions) -> AbstractAsyncContextManager[StoryRoutes]:
    # One of two is needed, and each takes a while to import.
    if options.server is not None:
        from storyloom.cli.server import open_server  # noqa: PLC0415

        return _remote(open_server(options.server, options.org))
    from storyloom.bootstrap.story import open_story  # noqa: PLC0415
    from storyloom.cli.story_local import LocalStory  # noqa: PLC0415

    settings = Settings.load(data_dir=options.data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)

    @asynccontextmanager
    async def local() -> AsyncGenerator[StoryRoutes]:
        async with open_story(settings) as story, story.attended():
            yield LocalStory(story, options.org)

    return local()


@asynccontextmanager
async def _remote(opening: AbstractAsyncContextManager[Any]) -> AsyncGenerator[StoryRoutes]:
    from storyloom.cli.story_remote import RemoteStory  # noqa: PLC0415

    async with opening as server:
        yield RemoteStory(server)


def _bare(etag: str) -> str:
    """A tag without its quotation marks, which a shell would take away."""
    return etag.removeprefix("W/").strip('"')


def _tag(given: str | None) -> str | None:
    return given if given is None or given == _ANY else f'"{_bare(given)}"'


def _read(file: str) -> bytes:
    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if file == _STDIN else _bytes_of(Path(file))
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.") from None
    except OSError as fault:
        raise InvalidInput(f"{file} cannot be read: {fault.strerror}.") from fault
    if len(raw) > _MOST_BYTES:
        raise InvalidInput(f"{file} is larger than {_MOST_BYTES:,} bytes, which is the most.")
    return raw


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def _say(options: JobsOptions, done: Json, sentence: str) -> None:
    if options.as_json:
        print_json(done)
    else:
        typer.echo(sentence)


def _plain(text: str) -> str:
    line = one_line(text)
    return escape(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…")
