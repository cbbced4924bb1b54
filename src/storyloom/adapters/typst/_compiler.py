"""Typst, tamed: fixed templates, compilers that are reused, faults as our own errors.

Three facts shape this file. A compiler belongs to one thread ("Already borrowed" elsewhere), so
each thread keeps its own. A new compiler from bytes uses up a file id for ever and the process dies
when they run out, so there are only compilers of packaged files, made once per thread
(https://github.com/messense/typst-py/issues/137). A panic in Rust arrives as a `BaseException`, may
leave locks behind that make every later call fail, and so counts as the end of this process's
drawing.
"""

import json
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar, cast

import typst
from anyio import CapacityLimiter, to_thread

from storyloom.adapters.typst._fonts import typst_fonts
from storyloom.errors import StoryloomError, Unavailable

TEMPLATES = Path(__file__).parent / "templates"
SYSTEM = "typst"
POINTS_PER_INCH = 72.0  #: one point of the page is one pixel
_NOWHERE = TEMPLATES / "no-packages"

Format = Literal["png", "svg", "pdf"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A compiled page, and the fields whose text had to be cut to fit."""

    data: bytes
    truncated: tuple[str, ...]


class Typesetter:
    """Compiles packaged templates, a few at a time, outside the event loop."""

    def __init__(self, threads: int) -> None:
        """Allow so many compilations at a time."""
        self._limiter = CapacityLimiter(threads)
        self._own = threading.local()
        self._fault: str | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work in a thread, where `compile` may be called."""
        self.check()
        return await to_thread.run_sync(work, limiter=self._limiter)

    def compile(
        self,
        template: str,
        data: Mapping[str, object],
        file_format: Format,
        *,
        pictures: Mapping[str, str | None] = MappingProxyType({}),
        scale: float = 1.0,
        system_fonts: bool = False,
    ) -> Sheet:
        """Compile one page, in the thread that calls; pictures are SVG text, by name."""
        with self._translated():
            inputs = {"data": json.dumps(data, ensure_ascii=False)} | {
                name: picture for name, picture in pictures.items() if picture is not None
            }
            compiler = self.compiler(template, system_fonts=system_fonts)
            return _compile(compiler, inputs, file_format, scale)

    async def ping(self) -> None:
        """Return when it can compile; raise `Unavailable` when it cannot."""
        try:
            await self.run(partial(self.compile, "ping", {}, "svg"))
        except Unavailable:
            raise
        except StoryloomError as fault:
            raise Unavailable(f"The typesetter does not work: {fault}", system=SYSTEM) from fault

    def check(self) -> None:
        """Raise `Unavailable` when this process cannot draw any more."""
        if self._fault is not None:
            raise Unavailable(
                f"The typesetter broke down ({self._fault}); this process has to be restarted.",
                system=SYSTEM,
            )

    def compiler(self, template: str, *, system_fonts: bool) -> typst.Compiler:
        """This thread's own compiler of the template, made once."""
        compilers = cast("dict[str, typst.Compiler]", self._own.__dict__)
        key = f"{template} with system fonts" if system_fonts else template
        if key not in compilers:
            compilers[key] = typst.Compiler(
                str(TEMPLATES / f"{template}.typ"),
                root=str(TEMPLATES),
                font_paths=typst_fonts(system_fonts=system_fonts),
                package_path=str(_NOWHERE),
                package_cache_path=str(_NOWHERE),
            )
        return compilers[key]

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except (typst.TypstError, RuntimeError, ValueError, OSError) as fault:
            raise StoryloomError(f"The page could not be typeset: {fault}") from fault
        except BaseException as fault:
            if type(fault).__name__ != "PanicException":
                raise
            self._fault = str(fault)
            self.check()


def _compile(
    compiler: typst.Compiler, inputs: dict[str, str], file_format: Format, scale: float
) -> Sheet:
    # The inputs are passed every time: left out, they would be the last call's.
    page = compiler.compile(
        format=file_format,
        ppi=POINTS_PER_INCH * scale,
        sys_inputs=inputs,
    )
    if not isinstance(page, bytes):
        raise StoryloomError("The page ran over onto a second one.")
    # The layout is remembered from the line above, so that asking for it costs next to nothing.
    cuts: list[str] = json.loads(compiler.query("<cut>", field="value"))
    return Sheet(page, tuple(dict.fromkeys(cuts)))
