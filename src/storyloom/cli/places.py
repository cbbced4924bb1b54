"""One folder below which files are read and written, whatever is asked for by somebody else."""

import stat
from pathlib import Path

from storyloom.cli.destinations import write
from storyloom.cli.sources import read_up_to
from storyloom.errors import InvalidInput, NotAllowed, NotFound

PICTURES = frozenset({".png", ".svg", ".pdf"})


class Places:
    """Files below a root. Links are followed first, so that none leads out of it."""

    def __init__(self, root: Path) -> None:
        """Take the root; raises `NotFound` where there is no such folder."""
        if not root.is_dir():
            raise NotFound(f"There is no folder {root}.")
        self.root = root.resolve()

    def read(self, path: str, limit: int) -> bytes:
        """Read a file of at most so many bytes.

        Raises `NotAllowed` outside the root, `NotFound`, and `InvalidInput` for what is no file or
        too large.
        """
        file = self._inside(path)
        try:
            # Opening a pipe would wait for somebody to write into it.
            is_file = stat.S_ISREG(file.lstat().st_mode)
        except OSError:
            raise NotFound(f"There is no file {path} below {self.root}.") from None
        if not is_file:
            raise InvalidInput(f"{path} is no file.")
        return read_up_to(file, limit)

    def picture(self, path: str) -> Path:
        """Where a picture may be written: a PNG, an SVG or a PDF.

        Raises `NotAllowed` outside the root, and `InvalidInput` for another kind of file.
        """
        file = self._inside(path)
        if file.suffix.lower() not in PICTURES:
            raise InvalidInput(f"{path}: name a file that ends in .png, .svg or .pdf.")
        return file

    def folder(self, path: str) -> Path:
        """Where a folder of pictures may be; raises `NotAllowed` outside the root."""
        return self._inside(path)

    def keep(self, file: Path, data: bytes) -> str:
        """Write a whole file or nothing, and say where it is; raises `NotAllowed`."""
        write(self._inside(str(file)), data)
        return str(file)

    def _inside(self, path: str) -> Path:
        try:
            file = (self.root / path).resolve()
        except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
            raise NotFound(f"There is no file {path!r} below {self.root}.") from None
        if not file.is_relative_to(self.root):
            raise NotAllowed(
                f"{path} lies outside {self.root}, the one folder that may be used here. "
                "Start the server with another --root to change that."
            )
        return file
