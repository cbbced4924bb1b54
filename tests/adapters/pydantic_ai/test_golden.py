"""What is sent to each provider, byte for byte as far as it is ours: an SDK's change is a diff.

After a change that is wanted: `pytest tests/adapters/pydantic_ai/test_golden.py --update-golden`.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.imaging.schemas import ImageRequest
from storyloom.llm.schemas import Attachment, Question
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.books import Seen
from tests.providers.routes import PAINTERS, WRITERS, linked
from tests.providers.server import Providers

GOLDEN = Path(__file__).parent / "golden"
QUESTION = Question(
    name="understand_code",
    version="1",
    instructions="You read code.",
    material="def pay(): ...",
    answer=Seven,
    attachments=(Attachment(b"a picture", "image/png"),),
    complaint="- headline is too long",
)
PICTURE = ImageRequest(prompt="a van", negative_prompt="letters", width=1140, height=900)
# These differ from one run or version to the next.
_PASSING = ("host", "content-length", "user-agent", "accept-encoding")


def recorded(seen: Seen) -> dict[str, Any]:
    """The request, without what differs each time."""
    headers = {k: v.replace(seen.key, "<key>") for k, v in sorted(seen.headers.items())}
    return {
        "method": seen.method,
        "path": seen.path,
        "query": seen.query,
        "headers": {k: v for k, v in headers.items() if k not in _PASSING},
        "body": json.loads(seen.raw),
    }


@pytest.mark.parametrize(
    ("provider", "kind"),
    [(name, "text") for name in WRITERS] + [(name, "picture") for name in PAINTERS],
)
async def test_a_request_is_what_it_was(
    providers: Providers, request: pytest.FixtureRequest, provider: str, kind: str
) -> None:
    key = providers.new_key()

    async with linked(providers, provider, key) as link:
        if kind == "text":
            await PydanticAiLanguageModel(link, WRITERS[provider]).ask(QUESTION)
        else:
            await PydanticAiImageBackend(link, PAINTERS[provider]).generate(PICTURE)

    (seen,) = providers.seen(key)
    file = GOLDEN / f"{provider}-{kind}.json"
    if request.config.getoption("--update-golden"):
        await asyncio.to_thread(file.write_text, json.dumps(recorded(seen), indent=2) + "\n")
    assert recorded(seen) == json.loads(await asyncio.to_thread(file.read_text, "utf-8"))
