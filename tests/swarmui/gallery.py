"""The pictures of a double, and where it keeps them."""

import hashlib
import json
import struct
import zlib
from pathlib import Path
from urllib.parse import unquote

_FORBIDDEN = set('<>:"\\|?*~&@;#$^')
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(size: tuple[int, int], of: str, metadata: str = "", padding: int = 0) -> bytes:
    """A picture in two colours that depend on the text; with SwarmUI's metadata."""
    width, height = size
    digest = hashlib.sha256(of.encode()).digest()
    rows = [b"\0" + colour * width for colour in (digest[:3], digest[3:6])]
    raw = rows[0] * (height // 2) + rows[1] * (height - height // 2)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"tEXt", b"parameters\0" + metadata.encode("ascii")) if metadata else b"",
            _chunk(b"fiLl", digest * (padding // len(digest))) if padding else b"",
            _chunk(b"IDAT", zlib.compress(raw, 1)),
            _chunk(b"IEND", b""),
        )
    )


class Gallery:
    """Files below a user's folder: kept on the disk where there is a folder, and never replaced."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[str, bytes] = {}
        if folder is not None and folder.is_dir():
            for file in folder.rglob("*.*"):
                self._files[str(file.relative_to(folder))] = file.read_bytes()

    def keep(self, path: str, data: bytes) -> str:
        """Keep it under the path, or under another one where that is taken; say which."""
        clean, taken = _clean(path), {name.rpartition(".")[0] for name in self._files}
        free, number = clean.replace("[number]", "1"), 0
        while free in taken:
            number += 1
            named = clean.replace("[number]", str(number))
            free = named if "[number]" in clean else f"{clean}-{number}"
        name = f"{free}.png"
        self._files[name] = data
        if self._folder is not None:
            file = self._folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return name

    def lose(self, name: str) -> None:
        del self._files[name]

    def get(self, path: str) -> bytes | None:
        """What lies at the path of an address, which SwarmUI unescapes twice."""
        return self._files.get(unquote(unquote(path)))

    @property
    def names(self) -> list[str]:
        return list(self._files)


def metadata_of(given: dict[str, object], took_s: float) -> str:
    extra = {
        "date": "2026-01-01",
        "prep_time": "0.00 sec",
        "generation_time": f"{took_s:.2f} sec",
    }
    return json.dumps({"sui_image_params": given, "sui_extra_data": extra})


def _clean(path: str) -> str:
    kept = "".join(c for c in path.replace("\\", "/") if c not in _FORBIDDEN and c != ".")
    parts = [part.strip() for part in kept.split("/") if part.strip()]
    return "/".join(f"{part}_" if part in {"con", "prn", "aux", "nul"} else part for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
