"""`storyloom code` and `storyloom roadmap`: several at once, each reported, none lost."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import anyio
import typer
from anyio import CapacityLimiter, create_task_group, to_thread
from rich.console import Console

from storyloom.cli.destinations import plan, write
from storyloom.cli.faults import unexpected
from storyloom.cli.makers import Made, Maker, Order, order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.output import complain, print_json, warn
from storyloom.cli.progress import Watcher, on_terminal, watching
from storyloom.cli.sources import Kind, Source, gather
from storyloom.cli.wording import one_line, sentence_of
from storyloom.errors import StoryloomError
from storyloom.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """One source on its way to its picture, and how that went."""

    source: Source
    path: Path
    made: Made | None = None
    fault: StoryloomError | None = None
    elapsed_ms: int = 0

    def told(self) -> dict[str, object]:
        """The work as JSON."""
        made, fault = self.made, self.fault
        return {
            "source": self.source.shown,
            "status": "failed" if made is None else "completed",
            "path": None if made is None else str(self.path),
            "headline": None if made is None else made.headline,
            "understanding": None if made is None else made.understanding,
            "warnings": [] if made is None else list(made.warnings),
            "job_id": None if made is None else made.job_id,
            "elapsed_ms": self.elapsed_ms,
            "error": None if fault is None else {"code": fault.code, "message": sentence_of(fault)},
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """What is the same for all works of one command."""

    order: Order
    at_a_time: int
    console: Console | None


def draw(kind: Kind, files: Sequence[str], options: DrawOptions) -> int:
    """Draw them all, and return the exit status: the highest of those that failed."""
    settings = Settings.load()
    sources = gather(files, kind, options.stdin_name)
    chosen = plan(sources, options.output, options.file_format)
    order = order_of(kind, options, chosen.file_format)
    works = [Work(*pair) for pair in zip(sources, chosen.paths, strict=True)]
    maker = _maker(order, options, settings)
    batch = Batch(order, settings.concurrency, on_terminal(as_json=options.as_json))
    done = anyio.run(_all, works, maker, batch)
    if options.as_json:
        print_json({"storyboards": [work.told() for work in done]})
    else:
        for work in done:
            _report(work)
    return max((work.fault.exit_status for work in done if work.fault), default=0)


async def _all(
    works: Sequence[Work], opening: AbstractAsyncContextManager[Maker], batch: Batch
) -> list[Work]:
    done = list(works)
    limiter = CapacityLimiter(batch.at_a_time)

    async def one(number: int, maker: Maker, watcher: Watcher) -> None:
        async with limiter:
            done[number] = await _attempt(works[number], batch.order, maker, watcher)

    async with opening as maker:
        with watching(len(works), batch.console) as watcher:
            async with create_task_group() as tasks:
                for number in range(len(works)):
                    tasks.start_soon(one, number, maker, watcher)
    return done


def _maker(
    order: Order, options: DrawOptions, settings: Settings
) -> AbstractAsyncContextManager[Maker]:
    """Choose who makes them, and say what is wrong for all of them once."""
    if options.server is not None:
        from storyloom.cli.remote import at_server  # noqa: PLC0415 - one of two is needed

        return at_server(options.server, options.org)
    from storyloom.bootstrap.studio import open_studio  # noqa: PLC0415
    from storyloom.cli.local import StudioMaker  # noqa: PLC0415

    studio = open_studio(settings)
    studio.catalogue.brief(order.wishes)
    return nullcontext(StudioMaker(studio))


async def _attempt(work: Work, order: Order, maker: Maker, watcher: Watcher) -> Work:
    started = perf_counter()

    def tell(phase: str) -> None:
        watcher.at(work.source.shown, phase)

    try:
        raw = await to_thread.run_sync(work.source.read, order.kind)
        if order.kind is Kind.CODE:
            made = await maker.code(work.source.name, raw, order, tell)
        else:
            made = await maker.roadmap(raw, order, tell)
        await to_thread.run_sync(write, work.path, made.data)
        outcome = replace(work, made=made)
    except StoryloomError as fault:
        outcome = replace(work, fault=fault)
    except Exception as fault:  # noqa: BLE001 - the job runner: the other files are still drawn
        outcome = replace(work, fault=unexpected(fault))
    watcher.done()
    return replace(outcome, elapsed_ms=round((perf_counter() - started) * 1000))


def _report(work: Work) -> None:
    if work.made is not None:
        for sentence in work.made.warnings:
            warn(f"{work.source.shown}: {sentence}")
        typer.echo(f"{work.path}\t{one_line(work.made.headline)}")
    elif work.fault is not None:
        complain(f"{work.source.shown}: {sentence_of(work.fault)}")
