"""Submitting, and running through workers, with everything that production has."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import psycopg

from bench.client import Client
from bench.figures import Figure, Times, compared
from bench.fleet import Fleet, fleet
from bench.processes import serving

ROUNDS = 12
EACH = 20
SUBMIT_AT_MOST = 3.0
JOBS = 60
COMPLETED_AT_MOST_S = 0.060
POLL_EVERY_S = 0.005
BATCH = 400
CLIENTS = 8
BODY: dict[str, object] = {"file_name": "a.py", "file_content": "x = 1\n" * 40}
ENDED = "SELECT count(*) FROM storyboard_jobs WHERE status = 'completed'"


def workers() -> Iterator[Figure]:
    with fleet() as running:
        port = running.api()
        with serving("bench.bare_insert", running.postgres.new_database()) as (_, bare):
            yield _submitted(Client(port), Client(int(bare)))
        _empty(running)
    with fleet() as running:
        port = running.api()
        running.worker()
        yield _completed(Client(port))
        one = _jobs_per_s(running, port)
        running.worker(1)
        two = _jobs_per_s(running, port)
        yield Figure(
            "jobs with instant steps, 2 workers, all processes on these cores",
            f"{two:.0f} jobs/s",
            f"{one:.0f} jobs/s: 1 worker",
            two / one,
        )


def _empty(running: Fleet) -> None:
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE storyboard_jobs")


def _submitted(ours: Client, bare: Client) -> Figure:
    """In turn, one request at a time."""
    first: list[float] = []
    second: list[float] = []
    for number in range(ROUNDS + 1):
        a = [_timed(ours, "/storyboard/code") for _ in range(EACH)]
        b = [_timed(bare, "/bare") for _ in range(EACH)]
        if number:  # the first round warms both up
            first += a
            second += b
    return compared(
        "submit a job",
        Times(first),
        Times(second),
        named="a bare FastAPI route with one INSERT",
        at_most=SUBMIT_AT_MOST,
    )


def _timed(client: Client, path: str) -> float:
    started = perf_counter()
    client.post(path, BODY)
    return perf_counter() - started


def _completed(client: Client) -> Figure:
    each = Times([_run(client) for _ in range(JOBS + 5)][5:])
    return Figure(
        "submitted to completed through a worker, instant steps",
        str(each),
        target=f"<= {COMPLETED_AT_MOST_S * 1000:.0f} ms",
        is_met=each.median <= COMPLETED_AT_MOST_S,
    )


def _run(client: Client) -> float:
    started = perf_counter()
    path = client.post("/storyboard/code", BODY)["poll_url"]
    while b'"status":"completed"' not in client.get(path)[:200]:
        time.sleep(POLL_EVERY_S)
    return perf_counter() - started


def _jobs_per_s(running: Fleet, port: int) -> float:
    """From the first submit to the last end."""
    with psycopg.connect(running.database_url, autocommit=True) as connection:

        def ended() -> int:
            row = connection.execute(ENDED).fetchone()
            return 0 if row is None else int(row[0])

        before, started = ended(), perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(_submit_some, [port] * CLIENTS))
        while ended() < before + BATCH:
            time.sleep(0.01)
        return BATCH / (perf_counter() - started)


def _submit_some(port: int) -> None:
    client = Client(port)
    for _ in range(BATCH // CLIENTS):
        client.post("/storyboard/code", BODY)
