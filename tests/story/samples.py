"""Sessions, and somebody who notes what others would be told."""

import json
from dataclasses import dataclass, field
from typing import Any

from storyloom.story.schemas import SessionKey, StoryFacts

TIMESTAMP = 1738195200000
KEY = SessionKey("default", TIMESTAMP)


def beat(name: str | None = None, **more: Any) -> dict[str, Any]:
    return ({} if name is None else {"beatId": name}) | {"beat_script_text": f"Text {name}"} | more


def session(*beats: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "timestamp": TIMESTAMP,
        "storyUuid": "59f64b1e",
        "analyzedEpisode": {
            "episodeNumber": 2,
            "scenes": [{"sceneNumber": 1, "beats": list(beats)}],
        },
        **more,
    }


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


@dataclass
class Listener:
    """An announcer that remembers."""

    said: list[str] = field(default_factory=list[str])
    facts: list[StoryFacts] = field(default_factory=list[StoryFacts])
    causes: list[str] = field(default_factory=list[str])

    async def prompts_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        self.said.append("ready")
        self.facts.append(facts)
        self.causes.append(cause)

    async def prompts_missing(self, key: SessionKey) -> None:
        self.said.append("missing")

    async def beats_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> str:
        self.said.append("beats")
        self.facts.append(facts)
        self.causes.append(cause)
        return f"notif_{key.timestamp}"
