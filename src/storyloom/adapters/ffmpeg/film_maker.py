"""Films of stills, made by ffmpeg where there is one."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event

from anyio import CancelScope, to_thread

from storyloom.adapters.ffmpeg._program import Ended, Program
from storyloom.boards.export.ports import Still
from storyloom.boards.export.subtitles import subtitles_of
from storyloom.errors import StoryloomError, TimedOut, Unsupported
from storyloom.kit.scratch import Scratch

NAME = "ffmpeg"
TIMEOUT_S = 900.0
_DYING_S = 10.0
_LIST, _WORDS = "stills.txt", "words.srt"
_NOT_FOUND = (
    "Film needs ffmpeg, which is not installed here: install it (apt-get install ffmpeg), or name it "
    "in STORYLOOM_FFMPEG."
)
# Some builds leave the first out, for its licence.
_CODEC = ("libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "20")
_OTHER_CODEC = ("mpeg4", "-q:v", "3")


class FfmpegFilmMaker:
    """A `FilmMaker` that runs ffmpeg in a process group of its own."""

    def __init__(
        self,
        environment: Mapping[str, str],
        program: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Take the environment that it is run in; without a program, the one on the PATH."""
        self._environment = environment
        self._program = program
        self._timeout_s = timeout_s

    async def film(self, stills: Sequence[Still], frames_per_second: int, out: Path) -> None:
        """Write an MP4 with the words as subtitles; raises `StoryloomError` when ffmpeg fails."""
        program, begun, over = Program(self._environment), Event(), Event()

        def work() -> Ended:
            begun.set()
            try:
                return self._film(program, stills, frames_per_second, out)
            finally:
                over.set()

        try:
            ended = await to_thread.run_sync(work, abandon_on_cancel=True)
        finally:
            # After its end there is nothing to stop; a caller who gives up leaves nothing running.
            with CancelScope(shield=True):
                program.stop()
                if begun.is_set():  # pragma: no branch - else it waited for a thread in vain
                    await to_thread.run_sync(partial(over.wait, _DYING_S))
        if ended.late:
            raise TimedOut(f"ffmpeg was not done within {self._timeout_s:g} seconds", system=NAME)
        if ended.code:
            raise StoryloomError(f"ffmpeg failed: {ended.said or f'exit code {ended.code}'}")

    async def ping(self) -> None:
        """Return when there is an ffmpeg; raise `Unsupported` when there is none."""
        await to_thread.run_sync(self._found)

    def _found(self) -> str:
        found = shutil.which(self._program or NAME, path=self._environment.get("PATH"))
        if found is None:
            raise Unsupported(_NOT_FOUND, system=NAME)
        return found

    def _film(self, program: Program, stills: Sequence[Still], rate: int, out: Path) -> Ended:
        found = self._found()
        with Scratch("film") as folder:
            (folder / _LIST).write_text("".join(_listed(stills, rate)), "utf-8")
            timed = [(still.frames, still.words) for still in stills]
            (folder / _WORDS).write_text(subtitles_of(timed, rate), "utf-8")
            frames = sum(still.frames for still in stills)

            def run(codec: Sequence[str]) -> Ended:
                arguments = [found, *_arguments(frames, rate, codec), str(out.resolve())]
                return program.run(arguments, folder, self._timeout_s)

            ended = run(_CODEC)
            return run(_OTHER_CODEC) if "Unknown encoder" in ended.said else ended


def _listed(stills: Sequence[Still], rate: int) -> Iterator[str]:
    """The list that ffmpeg's `concat` reads; it wants the last file named again after its end."""
    last = ""
    for still in stills:
        # In its quotation marks only a quotation mark is special.
        quoted = str(still.path.resolve()).replace("'", r"'\''")
        last = f"file '{quoted}'\n"
        yield f"{last}duration {still.frames / rate:.6f}\n"
    yield last


def _arguments(frames: int, rate: int, codec: Sequence[str]) -> Iterator[str]:
    yield from ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
    yield from ("-f", "concat", "-safe", "0", "-i", _LIST, "-i", _WORDS)
    yield from ("-map", "0:v", "-map", "1:s", "-r", str(rate), "-c:s", "mov_text")
    # The last still, named twice, would be shown for longer.
    yield from ("-frames:v", str(frames), "-t", f"{frames / rate:.6f}")
    yield from ("-vf", f"fps={rate},scale=out_range=tv,format=yuv420p", "-c:v", *codec)
    # The same film gives the same bytes.
    yield from ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
    yield from ("-movflags", "+faststart", "-f", "mp4")
