"""A program that is called as ffmpeg is, and notes what it was given."""

import sys
from pathlib import Path

_PROGRAM = """#!{python}
import json, os, subprocess, sys, time
from pathlib import Path

given = sys.argv[1:]
noted = Path({folder!r})
Path(noted / "given.json").write_text(json.dumps(given))
Path(noted / "list.txt").write_text(Path(given[given.index("-i") + 1]).read_text())
Path(noted / "words.srt").write_text(Path("words.srt").read_text())
Path(noted / "folder").write_text(os.getcwd())
assert sys.stdin.read() == ""
{more}
Path(given[-1]).write_bytes(b"\\0\\0\\0\\x20ftypisom")
"""


def stand_in(folder: Path, more: str = "") -> Path:
    """Write the program into the folder, with more for it to do before it writes a film."""
    program = folder / "ffmpeg-stand-in"
    program.write_text(
        _PROGRAM.format(python=sys.executable, folder=str(folder), more=more), "utf-8"
    )
    program.chmod(0o755)
    return program
