"""The program behind a fake install's launcher: what SwarmUI prints and does, and how it fails.

In the folder where it is run, `does.json` says how it starts and `behaviour.json` how it behaves from
moment to moment (`Behaviour`, such as `image_s`, the seconds for a picture, and `faults`, where `dies`
ends this program at once). SIGUSR1 is an update: it ends, and its script starts it anew. It leaves there
what outlives it: pictures in `Output/local`, `sessions`, and a line of JSON in `made` for each picture
that was begun or finished:
`{"what": "begun", "path": "storyloom/…", "prompt": "…", "seed": 7}`. `FakeInstall.made` reads them, and
`GET /double/made` counts those of the running program.
"""
# ruff: noqa: T201 - it prints what the real one prints

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.swarmui.ground import is_free, note


def say(text: str) -> None:
    print(f"12:00:00.000 [Init] {text}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--launch_mode", required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    here = Path.cwd()
    does = json.loads((here / "does.json").read_text("utf-8"))
    told = {"arguments": sys.argv[1:], "pid": os.getpid(), "environment": dict(os.environ)}  # noqa: TID251
    note(here / "launches", told)
    say("=== SwarmUI v0.9.8.2 Starting at 2026-01-01 12:00:00 ===")
    if does.get("ignores_sigterm"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for kind in does.get("children", ()):
        ignoring = "trap '' TERM; sleep 300" if "stubborn" in kind else "sleep 300"
        child = subprocess.Popen(["/bin/sh", "-c", ignoring], start_new_session="runaway" in kind)
        note(here / "children", child.pid)
    if lines := does.get("lines"):
        say("\n".join(f"line {number} {'x' * 250}" for number in range(lines)))
    time.sleep(does.get("waits_s", 0))
    if "crashes" in does:
        print(
            "System.IO.IOException: no space left on \x1b[31mdevice\x00",
            file=sys.stderr,
            flush=True,
        )
        return does["crashes"]
    port = given.port
    while not is_free(port) or port < given.port + does.get("hops", 0):
        say(f"Port {port} was taken, using {port + 1} instead.")
        port += 1
    say("Loading backends...")
    import asyncio  # noqa: PLC0415 - the first lines do not wait for it

    asyncio.run(serve(here, port))
    return 0


async def serve(here: Path, port: int) -> None:
    import asyncio  # noqa: PLC0415

    from tests.swarmui.double import Behaviour, swarm_double  # noqa: PLC0415

    file = here / "behaviour.json"
    async with swarm_double(lambda: Behaviour.load(file), port, here) as double:
        double.studio.die = lambda: os._exit(137)
        # An update lets it end so, and its script starts it anew.
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, os._exit, 42)
        double.told = lambda route: note(here / "calls", route)
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, double.ended.set)
        say(f"Starting webserver on http://localhost:{port}")
        say("SwarmUI v0.9.8.2 - Local is now running.")
        await double.ended.wait()
        say("Shutting down...")
    note(here / "ended", "well")


if __name__ == "__main__":
    sys.exit(main())
