"""Reading streams as clients do."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

STREAM = {"Accept": "text/event-stream"}


@dataclass
class Frame:
    """One frame of server-sent events."""

    name: str
    data: dict[str, Any]
    id: int | None

    @property
    def is_event(self) -> bool:
        """Whether it is one of the log."""
        return "seq" in self.data


def frames(lines: Iterable[str]) -> Iterator[Frame]:
    """The frames of a stream; comments are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            yield Frame(fields["event"], json.loads(fields["data"]), number)
            fields = {}
        else:
            fields = {}
