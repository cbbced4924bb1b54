"""A fake install, launched under a guardian: whatever happens, nothing of it is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from storyloom.adapters.swarmui._process import Command, GuardedProcess
from storyloom.adapters.swarmui.swarm_launcher import InstalledSwarmLauncher
from storyloom.automation.errors import SwarmUiFailed
from storyloom.automation.ports import SwarmProcess
from storyloom.errors import Misconfigured
from storyloom.settings import foreign_environment
from tests.measuring import measured
from tests.processes import descendants_of, is_alive, open_files, wait_until
from tests.swarmui.install import SCRIPT, FakeInstall
from tests.until import until


@pytest.fixture
def install(tmp_path: Path) -> FakeInstall:
    return FakeInstall(tmp_path / "SwarmUI")


def launcher_of(install: FakeInstall) -> InstalledSwarmLauncher:
    return InstalledSwarmLauncher(
        install.folder,
        install.port,
        environment={**foreign_environment(), **measured(), "DOTNET_ROOT": "/opt/dotnet"},
        log=install.folder.parent / "logs" / "swarmui.log",
        platform="linux",
    )


async def until_it_listens(process: SwarmProcess) -> None:
    await until(lambda: process.port is not None)


async def until_it_has_ended(process: SwarmProcess) -> None:
    await until(lambda: process.exit_code is not None)


async def test_it_is_launched_as_its_own_script_wants_it(install: FakeInstall) -> None:
    process = await launcher_of(install).launch()
    await until_it_listens(process)
    await process.stop(20)

    [launch] = install.launches
    assert launch["arguments"] == ["--launch_mode", "none", "--port", str(install.port)]
    assert launch["environment"]["DOTNET_ROOT"] == "/opt/dotnet"


async def test_the_port_is_the_one_that_it_names(install: FakeInstall) -> None:
    install.does(hops=2)

    process = await launcher_of(install).launch()
    await until(lambda: process.port == install.port + 2)
    await process.stop(20)


async def test_it_may_end_in_its_own_time(install: FakeInstall) -> None:
    process = await launcher_of(install).launch()
    await until_it_listens(process)

    await process.stop(20)

    assert install.ended_well
    assert process.exit_code is not None
    assert not is_alive(install.launches[0]["pid"])


async def test_stopping_it_again_does_nothing(install: FakeInstall) -> None:
    process = await launcher_of(install).launch()
    await until_it_listens(process)

    await process.stop(20)
    await process.stop(20)


@pytest.mark.parametrize("kind", ["child", "stubborn", "runaway", "stubborn runaway"])
async def test_what_it_has_started_ends_with_it(install: FakeInstall, kind: str) -> None:
    install.does(children=[kind])
    process = await launcher_of(install).launch()
    await until_it_listens(process)

    await process.stop(0.5)

    assert not is_alive(install.children[0])


async def test_one_that_ignores_the_signal_is_killed(install: FakeInstall) -> None:
    install.does(ignores_sigterm=True)
    process = await launcher_of(install).launch()
    await until_it_listens(process)

    await process.stop(0.5)

    assert not is_alive(install.launches[0]["pid"])
    assert not install.ended_well


async def test_a_second_stop_may_be_less_patient(install: FakeInstall) -> None:
    install.does(ignores_sigterm=True)
    process = await launcher_of(install).launch()
    await until_it_listens(process)

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(process.stop, 600)
            await anyio.sleep(0.2)
            tasks.start_soon(process.stop, 0.1)

    assert not is_alive(install.launches[0]["pid"])


async def test_a_crash_tells_its_code_and_its_last_words(install: FakeInstall) -> None:
    install.does(crashes=3)

    process = await launcher_of(install).launch()
    await until_it_has_ended(process)
    await process.stop(20)

    assert process.exit_code == 3
    assert process.last_lines[-1] == "System.IO.IOException: no space left on [31mdevice"


async def test_what_a_crash_leaves_behind_ends_too(install: FakeInstall) -> None:
    install.does(crashes=3, children=["child", "runaway"])

    process = await launcher_of(install).launch()
    await until_it_has_ended(process)
    await process.stop(0.5)

    assert [child for child in install.children if is_alive(child)] == []


async def test_a_flood_of_lines_does_not_stop_it_and_fills_no_disk(install: FakeInstall) -> None:
    install.does(lines=15_000)

    process = await launcher_of(install).launch()
    await until_it_listens(process)
    await process.stop(20)

    logs = sorted((install.folder.parent / "logs").iterdir())
    assert [log.name for log in logs] == ["swarmui.log", "swarmui.log.1", "swarmui.log.2"]
    assert sum(log.stat().st_size for log in logs) < 4 << 20
    assert len(process.last_lines) == 20


async def test_a_log_that_cannot_be_written_is_done_without(install: FakeInstall) -> None:
    (install.folder.parent / "logs" / "swarmui.log").mkdir(parents=True)

    process = await launcher_of(install).launch()
    await until_it_listens(process)
    await process.stop(20)

    assert install.ended_well


async def test_a_script_that_the_system_cannot_run_says_so(install: FakeInstall) -> None:
    install.script.write_bytes(b"\x7fELFnonsense")

    process = await launcher_of(install).launch()
    await until_it_has_ended(process)
    await process.stop(20)

    assert process.exit_code == 127
    assert "Exec format error" in process.last_lines[-1]


async def test_a_guardian_that_was_killed_takes_it_along(install: FakeInstall) -> None:
    process = await launcher_of(install).launch()
    await until_it_listens(process)
    assert isinstance(process, GuardedProcess)

    process._guardian.kill()
    await until_it_has_ended(process)
    await process.stop(20)

    assert process.exit_code == -signal.SIGKILL
    wait_until(lambda: not is_alive(install.launches[0]["pid"]))


async def test_a_guardian_that_is_told_to_end_ends_it_first(install: FakeInstall) -> None:
    process = await launcher_of(install).launch()
    await until_it_listens(process)
    assert isinstance(process, GuardedProcess)

    process._guardian.terminate()
    await until_it_has_ended(process)
    await process.stop(20)

    assert install.ended_well


async def test_a_guardian_that_stumbles_is_heard(tmp_path: Path) -> None:
    command = Command([], tmp_path, foreign_environment())  # it has nothing to run

    process = await to_thread.run_sync(GuardedProcess, command, tmp_path / "log")
    await until_it_has_ended(process)
    await process.stop(1)

    assert process.exit_code == 1
    assert "IndexError" in process.last_lines[-1]


OWNER = """
import sys, time
from pathlib import Path
from storyloom.adapters.swarmui._process import Command, GuardedProcess
folder = Path(sys.argv[1])
process = GuardedProcess(
    Command([str(folder / "{script}"), "--launch_mode", "none", "--port", sys.argv[2]], folder, {{}}),
    folder / "log",
)
time.sleep(300)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_who_launched_it(install: FakeInstall, number: int) -> None:
    install.does(children=["child", "runaway"])
    code = OWNER.format(script=SCRIPT)
    owner = subprocess.Popen([sys.executable, "-c", code, str(install.folder), str(install.port)])
    wait_until(lambda: len(install.children) == 2)
    family = descendants_of(owner.pid)
    assert len(family) >= 5

    owner.send_signal(number)
    owner.wait()

    wait_until(lambda: not [pid for pid in family if is_alive(pid)])


async def test_nothing_is_left_of_any_of_them(install: FakeInstall) -> None:
    launcher = launcher_of(install)
    await (await launcher.launch()).stop(1)
    before = open_files(), descendants_of(os.getpid())

    for what in ({}, {"crashes": 1}, {"ignores_sigterm": True}, {"children": ["runaway"]}):
        install.does(**what)
        await (await launcher.launch()).stop(0.2)

    # Servers that other tests share may be among the descendants.
    assert (open_files(), descendants_of(os.getpid())) == before


async def test_without_a_folder_nothing_can_be_launched() -> None:
    launcher = InstalledSwarmLauncher(None, 7801, environment={}, log=Path("log"))

    with pytest.raises(Misconfigured, match="STORYLOOM_SWARMUI_DIR does not say") as fault:
        await launcher.check()

    assert fault.value.setting == "STORYLOOM_SWARMUI_DIR"


async def test_a_sound_install_passes(install: FakeInstall) -> None:
    await launcher_of(install).check()

    assert install.launches == []


async def test_what_is_wrong_with_an_install_is_said(install: FakeInstall, tmp_path: Path) -> None:
    launcher = launcher_of(install)

    install.script.chmod(0o644)
    with pytest.raises(Misconfigured, match="may not be executed; try: chmod"):
        await launcher.check()

    outside = tmp_path / "outside.sh"
    install.script.rename(outside)
    with pytest.raises(Misconfigured, match=f"there is no {SCRIPT}"):
        await launcher.launch()

    outside.chmod(0o755)
    install.script.symlink_to(outside)
    with pytest.raises(Misconfigured, match="leads out of"):
        await launcher.launch()

    gone = InstalledSwarmLauncher(tmp_path / "gone", 1, environment={}, log=tmp_path / "log")
    with pytest.raises(Misconfigured, match="is no folder"):
        await gone.check()


@pytest.mark.parametrize(
    ("platform", "script"),
    [
        ("darwin", "launch-macos.sh"),
        ("win32", "launch-windows.bat"),
        ("linux", "launch-linux.sh"),
        ("freebsd14", "launch-linux.sh"),
    ],
)
async def test_each_system_has_a_script_of_its_own(
    tmp_path: Path, platform: str, script: str
) -> None:
    launcher = InstalledSwarmLauncher(
        tmp_path, 7801, environment={}, log=tmp_path / "log", platform=platform
    )

    with pytest.raises(Misconfigured, match=f"there is no {script} in"):
        await launcher.check()


async def test_a_system_that_makes_no_process_is_told_of(install: FakeInstall) -> None:
    launcher = InstalledSwarmLauncher(
        install.folder, 1, environment={}, log=install.script / "no folder" / "log"
    )

    with pytest.raises(SwarmUiFailed, match="its process cannot be made"):
        await launcher.launch()
