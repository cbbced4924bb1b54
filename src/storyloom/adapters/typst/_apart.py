"""Typesetting a sheet in a process of its own, which can be ended: what a thread has begun cannot.

Run as a module, this is that process. It is given an order, and answers with a drawing or a reason.
"""

import pickle
import sys
from collections.abc import Mapping

from anyio import run_process, to_thread

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._sheet_drawing import drawn
from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing
from storyloom.errors import StoryloomError

CALL = [sys.executable, "-P", "-m", "storyloom.adapters.typst._apart"]


async def drawn_apart(
    reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes], *, system_fonts: bool
) -> Drawing:
    """The same as `drawn`; the process ends with the task that waits for it."""
    order = (reel, layout, dict(thumbnails), system_fonts)
    # Both ends are ours, and nobody else is at the pipe.
    given = await to_thread.run_sync(pickle.dumps, order)
    ended = await run_process(CALL, input=given, check=False)
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise StoryloomError(f"The sheet could not be typeset: {said or ended.returncode}")
    answer = await to_thread.run_sync(pickle.loads, ended.stdout)
    if isinstance(answer, Drawing):
        return answer
    raise StoryloomError(str(answer))


def main() -> None:
    """Do what the order says."""
    reel, layout, thumbnails, system_fonts = pickle.load(sys.stdin.buffer)  # noqa: S301 - from us
    try:
        answer = drawn(Typesetter(1), reel, layout, thumbnails, system_fonts=system_fonts)
    except StoryloomError as fault:
        answer = fault.message
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
