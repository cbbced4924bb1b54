"""`storyloom code` and `storyloom roadmap`: several at once, each reported, none lost."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
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
from storyloom.storyboard.schemas import BoardFile


@dataclass(frozen=True, slots=True)
class Work:
    """One source, and where its picture goes."""

    source: Source
    path: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a work went."""

    work: Work
    result: Made | StoryloomError
    elapsed_ms: int

    def told(self) -> dict[str, object]:
        """The outcome as JSON."""
        source, result = self.work.source.shown, self.result
        made = result if isinstance(result, Made) else None
        fault = result if isinstance(result, StoryloomError) else None
        return {
            "source": source,
            "status": "completed" if made else "failed",
            "path": str(self.work.path) if made else None,
            "headline": made and made.headline,
            "understanding": made and made.understanding,
            "warnings": list(made.warnings) if made else [],
            "job_id": made and made.job_id,
            "cost": made.cost.model_dump(mode="json") if made and made.cost else None,
            "elapsed_ms": self.elapsed_ms,
            "error": fault and {"code": fault.code, "message": sentence_of(fault)},
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
    maker = maker_of(order, options, settings)
    batch = Batch(order, settings.concurrency, on_terminal(as_json=options.as_json))
    done = anyio.run(_all, works, maker, batch)
    if options.as_json:
        print_json({"storyboards": [outcome.told() for outcome in done]})
    else:
        for outcome in done:
            report(outcome)
    faults = (outcome.result for outcome in done if isinstance(outcome.result, StoryloomError))
    return max((fault.exit_status for fault in faults), default=0)


async def _all(
    works: Sequence[Work], opening: AbstractAsyncContextManager[Maker], batch: Batch
) -> list[Outcome]:
    done: dict[int, Outcome] = {}
    limiter = CapacityLimiter(batch.at_a_time)

    async def one(number: int, maker: Maker, watcher: Watcher) -> None:
        async with limiter:
            done[number] = await _attempt(works[number], batch.order, maker, watcher)

    async with opening as maker:
        with watching(len(works), batch.console) as watcher:
            async with create_task_group() as tasks:
                for number in range(len(works)):
                    tasks.start_soon(one, number, maker, watcher)
    return [done[number] for number in range(len(works))]


def maker_of(
    order: Order, options: DrawOptions, settings: Settings
) -> AbstractAsyncContextManager[Maker]:
    """Choose who makes them, and say what is wrong for all of them once."""
    if options.server is not None:
        from storyloom.cli.remote import making  # noqa: PLC0415 - one of two is needed
        from storyloom.cli.server import open_server  # noqa: PLC0415

        return making(open_server(options.server, options.org))
    from storyloom.boards.export.slides import check_slides  # noqa: PLC0415
    from storyloom.bootstrap.models import asks  # noqa: PLC0415
    from storyloom.bootstrap.studio import open_studio  # noqa: PLC0415
    from storyloom.cli.local import StudioMaker, asking  # noqa: PLC0415

    if order.file_format is BoardFile.PPTX:
        check_slides()
    studio = open_studio(settings)
    studio.catalogue.brief(order.wishes)
    if asks(settings, order.wishes.model):
        return asking(settings, studio)
    return nullcontext(StudioMaker(studio))


async def _attempt(work: Work, order: Order, maker: Maker, watcher: Watcher) -> Outcome:
    started = perf_counter()
    result: Made | StoryloomError
    try:
        result = await _make(work, order, maker, watcher)
    except StoryloomError as fault:
        result = fault
    except Exception as fault:  # noqa: BLE001 - the job runner: the other files are still drawn
        result = unexpected(fault)
    watcher.done()
    return Outcome(work, result, round((perf_counter() - started) * 1000))


async def _make(work: Work, order: Order, maker: Maker, watcher: Watcher) -> Made:
    tell = partial(watcher.at, work.source.shown)
    raw = await to_thread.run_sync(work.source.read, order.kind)
    if order.kind is Kind.CODE:
        made = await maker.code(work.source.name, raw, order, tell)
    else:
        made = await maker.roadmap(raw, order, tell)
    await to_thread.run_sync(write, work.path, made.data)
    return made


def report(outcome: Outcome) -> None:
    """Tell people how a work went."""
    shown, result = outcome.work.source.shown, outcome.result
    if isinstance(result, StoryloomError):
        complain(f"{shown}: {sentence_of(result)}")
        return
    for sentence in result.warnings:
        warn(f"{shown}: {sentence}")
    typer.echo(f"{outcome.work.path}\t{one_line(result.headline)}")
