"""The figures in Prometheus' text format."""

from collections.abc import Sequence

import anyio
import pytest

from storyloom.adapters.prometheus._metrics import Metrics
from storyloom.adapters.prometheus._readings import Reading
from storyloom.adapters.prometheus._sources import Sources
from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import JobCount, JobStatus, QueueDepth
from storyloom.kit.questions import Questions
from storyloom.storyboard.hot import HotCounts


async def counts() -> Sequence[JobCount]:
    return [JobCount(job_type="code_to_storyboard", status=JobStatus.FAILED, count=3)]


async def queues() -> Sequence[QueueDepth]:
    return [QueueDepth(name="storyboards", waiting=5, running=2, oldest_wait_s=1.5)]


async def number() -> int | None:
    return 7


async def unknown() -> int | None:
    return None


async def scraped(sources: Sources) -> list[str]:
    text = b""
    async with anyio.create_task_group() as tasks:
        text = await Metrics(sources, Questions(tasks)).text()
    return text.decode().splitlines()


@pytest.mark.parametrize(
    "line",
    [
        'storyloom_jobs{job_type="code_to_storyboard",status="failed"} 3.0',
        'storyloom_queue_jobs{queue="storyboards",state="waiting"} 5.0',
        'storyloom_queue_jobs{queue="storyboards",state="running"} 2.0',
        'storyloom_queue_oldest_wait_seconds{queue="storyboards"} 1.5',
        "storyloom_redis_memory_bytes 7.0",
        "storyloom_workers_alive 7.0",
        'storyloom_hot_reads_total{result="hit"} 4.0',
        'storyloom_hot_reads_total{result="fault"} 0.0',
        "storyloom_hot_outdated_total 1.0",
        'storyloom_jobs_mended_total{how="started"} 0.0',
        'storyloom_job_duration_seconds_bucket{job_type="x",le="0.5",status="completed"} 1.0',
        'storyloom_job_duration_seconds_count{job_type="x",status="completed"} 1.0',
        'storyloom_job_duration_seconds_sum{job_type="x",status="completed"} 0.3',
    ],
)
async def test_everything_is_told(line: str) -> None:
    meter = Meter()
    meter.ended("x", JobStatus.COMPLETED, 300)
    sources = Sources(
        meter,
        hot=HotCounts(hits=4, outdated=1),
        jobs=Reading("jobs", counts, ()),
        archive_bytes=Reading("archive_size", unknown, None),
        queues=Reading("queues", queues, ()),
        memory_bytes=Reading("redis_memory", number, None),
        workers=Reading("workers", number, None),
    )

    lines = await scraped(sources)

    assert line in lines
    assert not [one for one in lines if one.startswith("storyloom_archive_size_bytes ")]


async def test_what_cannot_be_read_here_has_no_sample_but_is_still_explained() -> None:
    lines = await scraped(Sources(Meter()))

    assert "# TYPE storyloom_redis_memory_bytes gauge" in lines
    assert not [one for one in lines if one.startswith("storyloom_redis_memory_bytes")]


async def test_a_figure_that_is_broken_spoils_no_other() -> None:
    async def broken() -> int | None:
        raise KeyError("used_memory")

    lines = await scraped(
        Sources(
            Meter(),
            memory_bytes=Reading("redis_memory", broken, None),
            workers=Reading("workers", number, None),
        )
    )

    assert "storyloom_workers_alive 7.0" in lines
    assert not [line for line in lines if line.startswith("storyloom_redis_memory_bytes ")]
