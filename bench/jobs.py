"""From submitted to completed: the engine alone, and a whole code storyboard."""

import json
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from time import perf_counter

import anyio

from bench.client import Client
from bench.figures import Figure, Times, compared
from bench.processes import serving
from bench.sources import source
from storyloom.boards.schemas import FileFormat
from storyloom.bootstrap.studio import open_studio
from storyloom.cli.local import StudioMaker
from storyloom.cli.makers import order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.sources import Kind
from storyloom.settings import Settings

ROUNDS = 20
AT_MOST_S = 0.5


def jobs() -> Iterator[Figure]:
    with TemporaryDirectory() as folder, serving("bench.instant", folder) as (_, told):
        engine, by_hand = map(Times, json.loads(told))
    yield compared(
        "run a job of 4 instant steps, engine only",
        engine,
        by_hand,
        named="6 safe SQLite commits by hand",
    )
    with TemporaryDirectory() as folder, serving("bench.served", folder) as (_, told):
        client = Client(int(told.split()[0]))
        submitted = Times([client.storyboard(*source(n))[1] for n in range(ROUNDS + 3)][3:])
    alone = anyio.run(_alone, StudioMaker(open_studio(Settings.load())))
    ratio = submitted.median / alone.median
    yield Figure(
        what="code storyboard, submitted to completed over HTTP, warm",
        ours=str(submitted),
        baseline=f"{alone}: the same parts in a row, nothing kept",
        ratio=ratio,
        target=f"<= {AT_MOST_S * 1000:.0f} ms",
        is_met=submitted.median <= AT_MOST_S,
    )


async def _alone(maker: StudioMaker) -> Times:
    order = order_of(Kind.CODE, DrawOptions(), FileFormat.PNG)
    each: list[float] = []
    for number in range(ROUNDS + 3):
        name, text = source(number)
        started = perf_counter()
        await maker.code(name, text.encode(), order, lambda _: None)
        each.append(perf_counter() - started)
    return Times(each[3:])
