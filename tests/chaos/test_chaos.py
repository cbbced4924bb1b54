"""Everything is killed at random: no accepted job is lost, no finished step is paid for again.

`make chaos` runs the long form three times and prints a table for each; the suite runs a short one.
"""

import os
import random
import threading
from pathlib import Path

import pytest

from tests.chaos.cluster import Cluster, cluster, until
from tests.chaos.monkey import OUTAGE_S, Monkey
from tests.chaos.report import Report, report_of

LONG = bool(os.environ.get("CHAOS"))  # noqa: TID251 - chosen by `make chaos`
TAKEOVER_LIMIT_S = 30


def spell(folder: Path, *, jobs: int, seconds: float, seed: int) -> Report:
    """Submit jobs while things break, mend everything, wait, and count.

    Without any seconds, what is worst breaks once.
    """
    with cluster(folder, apis=2, workers=3) as running:
        outage_s = OUTAGE_S if seconds else OUTAGE_S / 2
        dice = random.Random(seed)  # noqa: S311 - for repeating, not for secrets
        monkey = Monkey(running, dice, outage_s)
        client = threading.Thread(target=submit, args=(running, jobs, seconds / jobs))
        client.start()
        if seconds:
            monkey.for_seconds(seconds)
        else:
            monkey.the_worst_once()
        client.join()
        until(running.is_up, 60, "the service did not come up again")
        until(running.all_ended, 240, "jobs did not end")
        return report_of(running, monkey.deaths, monkey.events)


def submit(running: Cluster, jobs: int, every_s: float) -> None:
    pace = threading.Event()
    for number in range(jobs):
        running.submit_surely(number)
        pace.wait(every_s * 0.5)


def table(report: Report) -> str:
    width = max(len(name) for name, _ in report.rows)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in report.rows)


def hold(report: Report, jobs: int) -> None:
    told = table(report)
    assert report.accepted == report.completed == jobs, told
    assert report.paid_twice == [], told
    assert report.takeovers_s, f"nobody died with a job in hand\n{told}"
    assert max(report.takeovers_s) <= TAKEOVER_LIMIT_S, told


@pytest.mark.slow
@pytest.mark.skipif(LONG, reason="the long form runs instead")
@pytest.mark.timeout(600)
def test_a_short_spell_loses_nothing(tmp_path: Path) -> None:
    hold(spell(tmp_path, jobs=60, seconds=0, seed=1), 60)


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="make chaos")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_spell_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    report = spell(tmp_path, jobs=240, seconds=90, seed=seed)

    with capsys.disabled():
        print(f"\nChaos, run {seed}\n{table(report)}")  # noqa: T201 - the table is what is asked for
    hold(report, 240)
