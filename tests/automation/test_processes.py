"""Which processes are those of the SwarmUI that was launched here."""

import os

from storyloom.adapters.procfs.engine_programs import ProcfsEnginePrograms
from tests.automation.bench import opened
from tests.swarmui.install import FakeInstall


async def test_all_that_it_has_started_is_its_also_what_ran_away(install: FakeInstall) -> None:
    install.does(children=["child", "runaway"])
    async with opened(install) as bench:
        assert bench.swarmui.process_id() is None
        await bench.swarmui.start()
        swarmui = frozenset({install.launches[0]["pid"], *install.children})
        programs = ProcfsEnginePrograms(bench.swarmui.address, bench.swarmui.process_id)

        found = await programs.among(swarmui | {os.getpid()})

    assert found == swarmui
    assert len(swarmui) == 3
