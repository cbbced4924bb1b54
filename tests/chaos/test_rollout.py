"""Workers come and go: stopped with grace or in a hurry, of one version or another."""

import signal
from collections.abc import Generator
from pathlib import Path
from time import monotonic

import pytest

from tests.chaos.cluster import Cluster, Member, cluster, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
# Less than a lease: nobody waited for a beat to stand still.
AT_ONCE_S = 6


@pytest.fixture
def running(tmp_path: Path) -> Generator[Cluster]:
    with cluster(tmp_path, apis=1, workers=0, supervised=False) as service:
        yield service


def begun_by(service: Cluster, worker: Member, step: str = "understand") -> bool:
    return any(call.pid == worker.pid and call.step == step for call in service.calls())


def exit_status(worker: Member) -> int | None:
    assert worker.process is not None
    return worker.process.poll()


def test_one_signal_lets_a_worker_finish_what_it_has_begun(running: Cluster) -> None:
    worker = running.add_worker()
    running.submit_surely(0)
    until(lambda: begun_by(running, worker), 60, "the job did not begin")

    worker.signal(signal.SIGTERM)
    until(lambda: exit_status(worker) is not None, 30, "the worker did not stop")

    assert exit_status(worker) == 0
    assert list(running.statuses().values()) == ["completed"]
    assert "Storyloom finishes what it has begun." in worker.log.read_text()


def test_two_signals_hand_a_job_over_at_once(running: Cluster) -> None:
    workers = [running.add_worker(), running.add_worker()]
    for worker in workers:
        until(lambda w=worker: "takes jobs" in w.log.read_text(), 60, "a worker did not start")
    running.submit_surely(0)
    until(lambda: len(running.calls()) == 2, 60, "the job did not begin")
    holder, other = sorted(workers, key=lambda w: w.pid != running.calls()[-1].pid)

    started = monotonic()
    holder.signal(signal.SIGTERM)
    holder.signal(signal.SIGINT)
    until(lambda: exit_status(holder) is not None, 30, "the worker did not stop")
    until(lambda: running.calls()[-1].pid == other.pid, 30, "nobody took the job up")
    took_s = monotonic() - started
    until(running.all_ended, 60, "jobs did not end")

    assert set(running.statuses().values()) == {"completed"}
    assert took_s < AT_ONCE_S


def test_a_new_version_starts_anew_what_the_old_one_left(running: Cluster) -> None:
    old = running.add_worker(("CHAOS_VERSION", "old"))
    running.submit_surely(0)
    until(lambda: begun_by(running, old, "illustrate"), 60, "the job did not begin")
    old.kill()

    new = running.add_worker(("CHAOS_VERSION", "new"))
    until(running.all_ended, 90, "the job did not end")

    steps = [call.step for call in running.calls() if call.pid == new.pid]
    assert list(running.statuses().values()) == ["completed"]
    assert steps == ["understand", "illustrate", "draw"]


def test_after_a_rollback_the_old_version_takes_new_jobs(running: Cluster) -> None:
    new = running.add_worker(("CHAOS_VERSION", "new"))
    until(lambda: "takes jobs" in new.log.read_text(), 60, "the new worker did not start")
    new.signal(signal.SIGTERM)
    until(lambda: exit_status(new) is not None, 30, "the worker did not stop")

    old = running.add_worker(("CHAOS_VERSION", "a version before"))
    running.submit_surely(0)
    until(running.all_ended, 60, "the job did not end")

    assert begun_by(running, old)


def test_in_a_rollout_new_jobs_go_to_the_new_version(running: Cluster) -> None:
    old = running.add_worker(("CHAOS_VERSION", "old"))
    running.submit_surely(0)
    until(lambda: begun_by(running, old), 60, "the job did not begin")
    new = running.add_worker(("CHAOS_VERSION", "new"))
    until(lambda: "takes jobs" in new.log.read_text(), 60, "the new worker did not start")
    running.submit_surely(1)
    until(running.all_ended, 60, "jobs did not end")

    by = {call.source: call.pid for call in running.calls()}
    assert set(running.statuses().values()) == {"completed"}
    assert list(by.values()) == [old.pid, new.pid]
