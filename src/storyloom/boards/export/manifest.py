"""What is in an archive, for programs."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from storyloom.boards.export.names import picture_name
from storyloom.boards.export.schemas import Reel, ReelItem

FORMAT = 1


def manifest_of(reel: Reel, hashes: Mapping[int, str]) -> str:
    """The manifest as JSON; `hashes` are the SHA-256 of the pictures that are in the archive."""
    told = reel.model_dump(mode="json", exclude={"items"})
    items: list[JsonValue] = [_item(item, hashes.get(item.number)) for item in reel.items]
    return json.dumps({"storyloom": FORMAT, **told, "items": items}, indent=2)


def _item(item: ReelItem, sha256: str | None) -> JsonValue:
    told: dict[str, JsonValue] = item.model_dump(mode="json", exclude={"picture"})
    name = picture_name(item)
    if item.picture is None or name is None or sha256 is None:
        return {**told, "picture": None}
    picture = item.picture.model_dump(mode="json", exclude={"key"})
    return {**told, "picture": {"file": name, "sha256": sha256, **picture}}
