"""What a fake SwarmUI stands on. It is a file of its own so that a program begins to speak soon."""

import json
import os
import socket
from pathlib import Path


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port that has just been used may be used again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def note(file: Path, what: object) -> None:
    """Append a line to a file that tests read."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(what) + os.linesep)
