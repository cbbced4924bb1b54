"""Reads the words in a picture with RapidOCR, on this machine and without a network.

RapidOCR, ONNX Runtime and the models (in RapidOCR's wheel) are the optional extra `ocr`. They are
imported at the first reading, in a worker thread: it takes about a second and 300 MB.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, cast

from anyio import CapacityLimiter, to_thread

from storyloom.adapters.rapidocr._pixels import Pixels, prepared
from storyloom.errors import Rejected, Unsupported
from storyloom.storyboard.ports import TextBox

SYSTEM = "rapidocr"
PACKAGES = ("rapidocr", "onnxruntime")
_HOW = "Install it with: pip install 'storyloom[ocr]'"
CORES = -1  # all of them
# One reading uses every core already, and the models keep state between calls.
_one_at_a_time = Lock()


class _Answer(Protocol):
    boxes: Sequence[Sequence[Sequence[float]]] | None
    txts: Sequence[str] | None
    scores: Sequence[float] | None


class _Read(Protocol):
    def __call__(self, img_content: object) -> _Answer: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """The library, ready to read, and the faults that it raises."""

    read: _Read
    faults: tuple[type[Exception], ...]


class RapidOcrTextReader:
    """A `TextReader` for screenshots in Latin script, Chinese and Japanese."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._limiter = CapacityLimiter(1)

    async def read(self, image: bytes) -> tuple[TextBox, ...]:
        """Find the lines of text, from the top down; boxes are in the given picture's pixels."""
        return await to_thread.run_sync(_read, image, limiter=self._limiter)

    async def ping(self) -> None:
        """Look whether the packages are there, without loading them."""
        await to_thread.run_sync(_check)


def _check() -> None:
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise Unsupported(
            f"Reading the words in a picture needs {' and '.join(missing)}. {_HOW}", system=SYSTEM
        )


def _read(image: bytes) -> tuple[TextBox, ...]:
    _check()
    pixels = prepared(image)
    with _one_at_a_time:
        ready = engine()
        try:
            answer = ready.read(_array(pixels))
        except ready.faults as fault:
            raise Rejected(
                f"The words in the picture could not be read: {type(fault).__name__}.",
                system=SYSTEM,
            ) from fault
    return tuple(_boxes(answer, pixels))


@cache
def engine() -> Engine:
    """Load the library and its models, once per process; raises `Unsupported`."""
    try:
        rapidocr, cv2 = import_module("rapidocr"), import_module("cv2")
        onnx = import_module("rapidocr.inference_engine.onnxruntime.main")
        module_file = rapidocr.__file__
    except (ImportError, OSError) as fault:
        raise Unsupported(
            f"Reading the words in a picture does not work here: {fault}. {_HOW}", system=SYSTEM
        ) from fault
    # The library's own logger writes to the terminal at every start.
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    settings = {
        "Global.use_cls": False,  # turned lines; a screenshot has none
        "Global.log_level": "critical",
        "EngineConfig.onnxruntime.intra_op_num_threads": CORES,
        "Det.limit_side_len": 1280,
        "Det.limit_type": "max",
        # Named files, so that nothing is ever downloaded.
        "Det.model_path": model_file(module_file, "det"),
        "Rec.model_path": model_file(module_file, "rec"),
    }
    faults = (cast("type[Exception]", cv2.error), cast("type[Exception]", onnx.ONNXRuntimeError))
    return Engine(rapidocr.RapidOCR(params=settings), (*faults, ValueError, RuntimeError))


def model_file(module_file: str | None, task: str) -> str:
    """Find the model for a task in the library's package; raises `Unsupported`."""
    folder = Path(module_file or "").parent / "models"
    for file in sorted(folder.glob(f"*_{task}_*.onnx")):
        return str(file)
    raise Unsupported(
        f"RapidOCR's package holds no {task} model in {folder.name}. {_HOW}", system=SYSTEM
    )


def _array(pixels: Pixels) -> Any:
    """Give the pixels as the array that OpenCV works on: blue, green, red."""
    numpy = import_module("numpy")
    return numpy.ascontiguousarray(numpy.asarray(pixels.picture)[:, :, ::-1])


def _boxes(answer: _Answer, pixels: Pixels) -> Iterable[TextBox]:
    if answer.boxes is None or answer.txts is None or answer.scores is None:
        return
    for corners, text, score in zip(answer.boxes, answer.txts, answer.scores, strict=True):
        across = [float(corner[0]) / pixels.scale for corner in corners]
        down = [float(corner[1]) / pixels.scale for corner in corners]
        yield TextBox(
            text=text.strip(),
            left=max(0, round(min(across))),
            top=max(0, round(min(down))),
            right=min(pixels.width, round(max(across))),
            bottom=min(pixels.height, round(max(down))),
            score=min(1.0, max(0.0, float(score))),
        )
