"""`/metrics`: what is told, and that the documents and the dashboard name only what is told."""

import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import httpx2
import pytest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from storyloom.adapters.prometheus._families import families
from storyloom.adapters.prometheus._metrics import Metrics
from storyloom.adapters.prometheus._sources import Sources
from storyloom.api.aside import telling_health
from storyloom.bootstrap.services import Services
from storyloom.errors import Misconfigured
from storyloom.jobs.meter import Meter
from storyloom.jobs.observers import Observers
from storyloom.kit.questions import Questions
from storyloom.settings import Settings
from storyloom.storyboard.hot import HotCounts

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\b(?:storyloom|process)_[a-z_]+")
ROW = re.compile(r"^\| `(storyloom_[a-z_]+)` \| (\w+) \| ([^|]*) \|", re.MULTILINE)
CODE = {"file_content": "def roi(cost, gain):\n    return gain / cost\n", "file_name": "roi.py"}


def told(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def samples(client: httpx2.Client, family: str) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {tuple(s.labels.values()): s.value for s in told(answer.text)[family].samples}


def test_a_job_is_told_from_its_acceptance_to_its_end(
    client: httpx2.Client, finish: Callable[[httpx2.Response], dict[str, Any]]
) -> None:
    finish(client.post("/storyboard/code", json=CODE))

    text = client.get("/metrics").text

    assert 'storyloom_jobs_accepted_total{job_type="code_to_storyboard"}' in text
    assert 'storyloom_step_duration_seconds_count{outcome="ok",step="draw"}' in text
    assert 'http_request_duration_seconds_count{method="POST",route="/storyboard/code"' in text
    ended = re.search(
        r'job_duration_seconds_count\{job_type="code_to_storyboard",status="completed"\} (\S+)',
        text,
    )
    assert ended is not None
    assert float(ended[1]) >= 1
    assert re.search(r"^storyloom_jobs_running_peak [1-9]", text, re.MULTILINE)


def test_what_the_archive_holds_is_told(client: httpx2.Client) -> None:
    client.get("/metrics")

    assert samples(client, "storyloom_archive_size_bytes")[()] > 0
    assert samples(client, "storyloom_reading_age_seconds").keys() >= {("jobs",), ("archive_size",)}


def test_the_process_is_told_too(client: httpx2.Client) -> None:
    assert samples(client, "process_resident_memory_bytes")[()] > 0


def test_it_is_no_part_of_the_document_of_the_api(client: httpx2.Client) -> None:
    assert "/metrics" not in client.get("/openapi.json").json()["paths"]


def every_family() -> Sequence[Metric]:
    return list(families(Sources(Meter(), hot=HotCounts())))


def exported() -> set[str]:
    """Every name under which a sample can be stored."""
    kinds = {
        "counter": ("_total",),
        "histogram": ("_bucket", "_count", "_sum"),
        "gauge": ("",),
    }
    return {f.name + ending for f in every_family() for ending in kinds[f.type]}


def expressions(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in cast("dict[str, object]", node).items():
            if key in {"expr", "query", "definition"} and isinstance(value, str):
                yield value
            yield from expressions(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from expressions(value)


def test_the_dashboard_names_only_what_is_told() -> None:
    dashboard = json.loads((ROOT / "deploy/grafana/storyloom.json").read_text("utf-8"))

    named = set(NAME.findall(" ".join(expressions(dashboard))))

    assert (
        named - exported() - {"process_resident_memory_bytes", "process_cpu_seconds_total"} == set()
    )


def test_the_alerts_name_only_what_is_told() -> None:
    text = (ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8")

    named = set(NAME.findall(text)) - {"storyloom_alerts"}

    assert named
    assert named - exported() == set()


def test_the_documents_name_every_figure_with_its_labels() -> None:
    page = (ROOT / "docs/observability.md").read_text("utf-8")
    rows = {
        name: (kind, labels.replace("`", "").strip()) for name, kind, labels in ROW.findall(page)
    }

    known: dict[str, tuple[str, str]] = {}
    for family in every_family():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = cast("tuple[str, ...]", vars(family)["_labelnames"])
        known[name] = (family.type, ", ".join(labels))

    assert rows == known


@asynccontextmanager
async def aside(port: int | None) -> AsyncGenerator[tuple[int | None, Services]]:
    """Health on a port, over services that have no more than that needs."""

    async def up() -> None: ...

    async with anyio.create_task_group() as tasks:
        questions, observers = Questions(tasks), Observers()
        metrics = Metrics(Sources(observers.meter), questions)
        services: Any = SimpleNamespace(
            pings={"part": up}, questions=questions, metrics=metrics, observers=observers
        )
        async with telling_health(Settings(metrics_port=port), services) as heard:
            yield heard, services


async def test_a_process_without_an_api_tells_its_health_on_a_port() -> None:
    async with (
        aside(0) as (port, _),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        answers = [await client.get(path) for path in ("/healthz", "/readyz", "/metrics", "/")]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    assert "storyloom_build_info" in answers[2].text
    assert "X-Request-Id" in answers[0].headers


async def test_without_a_port_nothing_is_told() -> None:
    async with aside(None) as (port, _):
        assert port is None


async def test_a_port_that_is_taken_is_told() -> None:
    async with aside(0) as (port, services):
        with pytest.raises(Misconfigured, match=f"port {port}"):
            await telling_health(Settings(metrics_port=port), services).__aenter__()
