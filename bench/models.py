"""What a job costs beside the time of its models: one at a time, and a hundred under way."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any

from bench.client import Client
from bench.figures import Figure, Times
from bench.processes import serving
from bench.sources import source
from tests.e2e.models import ANSWER
from tests.providers.server import Providers, providers_in_process

CALLS = 2
ALONE = 20
ALONE_LATENCY_S = 0.5
ALONE_AT_MOST_S = 0.25
UNDER_WAY = 100
MANY = 200
# As the API's document expects of the two calls together.
MANY_LATENCY_S = 20.0
MANY_AT_MOST_S = 1.0
MANY_EVERY_S = 2.0
LONG_S = 300.0
_WORDS = [
    "jobs",
    "crews",
    "costs",
    "returns",
    "sites",
    "visits",
    "plans",
    "orders",
    "repairs",
    "quotes",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A server, and the providers that it asks."""

    port: int
    providers: Providers
    key: str


def models() -> Iterator[Figure]:
    with providers_in_process() as providers, TemporaryDirectory() as folder:
        key = providers.new_key()
        settings = {
            **providers.settings(key),
            "STORYLOOM_CONCURRENCY": str(UNDER_WAY + 20),
            "STORYLOOM_PROVIDER_CONCURRENCY": str(2 * UNDER_WAY),
        }
        with serving("bench.served", folder, **settings) as (_, told):
            place = Place(int(told.split()[0]), providers, key)
            alone = Times(_alone(place))
            ruled = Times(_by_rules(place))
            many = Times(_many(place))
    yield Figure(
        "code storyboard with models, their time taken off, one at a time",
        str(alone),
        f"{ruled}: vector, a model's understanding that is there already",
        alone.median / ruled.median,
        f"<= {ALONE_AT_MOST_S * 1000:.0f} ms",
        alone.median <= ALONE_AT_MOST_S,
    )
    yield Figure(
        f"the same, {UNDER_WAY} under way in one worker",
        str(many),
        f"{alone}: one at a time",
        many.median / alone.median,
        f"<= {MANY_AT_MOST_S:g} s",
        many.median <= MANY_AT_MOST_S,
    )


def _answers(count: int, salt: str) -> Sequence[Mapping[str, Any]]:
    """Another subject each time, so that nothing is used again."""
    told: list[Mapping[str, Any]] = []
    for number in range(count):
        a, b, c = (_WORDS[(number // 10**place) % 10] for place in range(3))
        what = f"Works out what {a}, {b} and {c} give back for what they cost {salt}."
        told.append({**ANSWER, "what_it_does": what})
    return told


def _alone(place: Place) -> list[float]:
    place.providers.latency(place.key, ALONE_LATENCY_S)
    place.providers.script(place.key, *_answers(ALONE + 3, "today"), kind="text")
    return [took - CALLS * ALONE_LATENCY_S for took in _in_turn(place, CALLS)]


def _by_rules(place: Place) -> list[float]:
    """The same sources again: understood already, and drawn without a picture of a model."""
    return _in_turn(place, 0, render="vector")


def _in_turn(place: Place, calls: int, **wishes: object) -> list[float]:
    """By the jobs' own times: who waits for the end of one sees it a poll later.

    So polls can be as rare as those of clients; each of them takes its time from the job.
    """
    client = Client(place.port)
    each: list[float] = []
    for number in range(ALONE + 3):
        name, text = source(number)
        body: dict[str, object] = {"file_name": name, "file_content": text, **wishes}
        job = _polled(client, client.post("/storyboard/code", body)["poll_url"])
        _check(job, calls)
        each.append(_took_s(job))
    return each[3:]


def _polled(client: Client, path: str) -> Mapping[str, Any]:
    """The job, once it has ended well."""
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        time.sleep(ALONE_LATENCY_S)
        job = json.loads(client.get(path))
        if job["status"] == "completed":
            return job
        if job["status"] == "failed":
            raise SystemExit(f"A job failed: {job}")
    raise SystemExit("The job did not end.")


def _check(job: Mapping[str, Any], calls: int) -> None:
    """A job that models were asked for again, or that rules had to read, is not what is measured."""
    if job["cost"]["calls"] != calls or job["understanding"]["degraded"]:
        raise SystemExit(f"Not the job that is to be measured: {job['cost']}, {job}"[:2000])


def _many(place: Place) -> list[float]:
    """Jobs come as fast as they end, so that so many are under way; the first ones fill the worker."""
    place.providers.latency(place.key, MANY_LATENCY_S)
    place.providers.script(place.key, *_answers(MANY, "in the end"), kind="text")
    every_s = CALLS * MANY_LATENCY_S / UNDER_WAY
    client, started = Client(place.port), time.perf_counter()
    ids: set[str] = set()
    for number in range(MANY):
        time.sleep(max(0.0, started + number * every_s - time.perf_counter()))
        name, text = source(1000 + number)
        body: dict[str, object] = {"file_name": name, "file_content": text}
        ids.add(client.post("/storyboard/code", body)["job_id"])
    jobs = _ended(client, ids)
    for job in jobs[:: UNDER_WAY // 2]:
        _check(json.loads(client.get(f"/storyboard/jobs/{job['job_id']}")), CALLS)
    full = [job for job in jobs if job["job_id"] in ids][UNDER_WAY:]
    return [_took_s(job) - CALLS * MANY_LATENCY_S for job in full]


def _ended(client: Client, ids: set[str]) -> list[dict[str, Any]]:
    """All of these, oldest first, once they have ended well."""
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        jobs = [
            job
            for job in json.loads(client.get(f"/storyboard/jobs?limit={MANY}"))["jobs"]
            if job["job_id"] in ids
        ]
        if any(job["status"] == "failed" for job in jobs):
            raise SystemExit(f"A job failed: {jobs}")
        if all(job["status"] == "completed" for job in jobs):
            return jobs[::-1]
        time.sleep(MANY_EVERY_S)
    raise SystemExit("The jobs did not end.")


def _took_s(job: Mapping[str, Any]) -> float:
    created, completed = (
        datetime.fromisoformat(str(job[name])) for name in ("created_at", "completed_at")
    )
    return (completed - created).total_seconds()
