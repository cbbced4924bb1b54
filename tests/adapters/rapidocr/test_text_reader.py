"""The RapidOCR reader where it is missing, broken, or gives nothing."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storyloom.adapters.rapidocr import text_reader
from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.errors import Rejected, Unsupported

HOW = "storyloom\\[ocr\\]"


@pytest.fixture
def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return out.getvalue()


def no_spec(name: str) -> None:
    return None


async def test_without_the_packages_it_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, png: bytes
) -> None:
    monkeypatch.setattr(text_reader, "find_spec", no_spec)
    reader = RapidOcrTextReader()

    with pytest.raises(Unsupported, match=f"rapidocr and onnxruntime.*{HOW}"):
        await reader.ping()
    with pytest.raises(Unsupported, match=HOW):
        await reader.read(png)


def failing(fault: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise fault

    return fail


async def test_a_library_that_cannot_be_loaded_is_unsupported(
    monkeypatch: pytest.MonkeyPatch, png: bytes
) -> None:
    text_reader.engine.cache_clear()
    monkeypatch.setattr(text_reader, "find_spec", str)
    monkeypatch.setattr(text_reader, "import_module", failing(ImportError("libGL.so.1")))

    with pytest.raises(Unsupported, match=rf"libGL\.so\.1\. .*{HOW}"):
        await RapidOcrTextReader().read(png)


@pytest.mark.parametrize("folder", [None, "/nowhere/rapidocr/__init__.py"])
def test_a_package_without_models_is_unsupported(folder: str | None) -> None:
    with pytest.raises(Unsupported, match=f"no det model.*{HOW}"):
        text_reader.model_file(folder, "det")


async def test_a_fault_of_the_library_is_a_rejection(
    monkeypatch: pytest.MonkeyPatch, png: bytes
) -> None:
    broken = text_reader.Engine(failing(ValueError("secret words")), (ValueError,))
    monkeypatch.setattr(text_reader, "engine", lambda: broken)

    with pytest.raises(Rejected, match="could not be read: ValueError") as caught:
        await RapidOcrTextReader().read(png)

    assert "secret" not in caught.value.message


def test_the_faults_of_the_library_are_known() -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    text_reader.engine.cache_clear()

    names = {fault.__name__ for fault in text_reader.engine().faults}

    assert names == {"error", "ONNXRuntimeError", "ValueError", "RuntimeError"}
    assert import_module("cv2").error in text_reader.engine().faults


def test_importing_the_module_loads_neither_the_library_nor_pillow() -> None:
    code = (
        "import sys, storyloom.adapters.rapidocr.text_reader\n"
        "print([name for name in ('rapidocr', 'onnxruntime', 'cv2', 'PIL') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    assert Path(text_reader.__file__).name == "text_reader.py"
