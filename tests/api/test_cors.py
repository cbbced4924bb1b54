"""Which origins the settings let in."""

import re

import pytest
from starlette.types import Message, Receive, Scope, Send

from storyloom.api.cors import Cors, Origins
from storyloom.errors import Misconfigured
from storyloom.settings import Settings


def allows(origin: str, **chosen: object) -> bool:
    pattern = Origins.of(Settings.load(**chosen)).pattern
    return bool(pattern) and re.fullmatch(pattern, origin) is not None


@pytest.mark.parametrize(
    ("origin", "chosen", "is_let_in"),
    [
        ("http://localhost:3000", {}, True),
        ("http://127.0.0.1:5173", {}, True),
        ("https://[::1]", {}, True),
        ("http://localhost.example", {}, False),
        ("http://localhost:3000", {"app_env": "production"}, False),
        ("http://localhost:3000", {"cors_origins": "none"}, False),
        ("https://a.example", {"cors_origins": "https://a.example, https://b.example"}, True),
        ("https://b.example", {"cors_origins": "https://a.example, https://b.example"}, True),
        ("https://axexample", {"cors_origins": "https://a.example"}, False),
        ("https://a.example", {"cors_origins": "https://a.example", "app_env": "production"}, True),
        ("https://any.example", {"cors_origins": "*"}, True),
    ],
)
def test_origins_are_chosen_by_settings(
    origin: str, chosen: dict[str, object], *, is_let_in: bool
) -> None:
    assert allows(origin, **chosen) is is_let_in


@pytest.mark.parametrize(
    "wrong", ["a.example", "https://a.example/path", "*.example", "*, none", ","]
)
def test_what_is_no_origin_is_refused(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_CORS_ORIGINS"):
        Settings.load(cors_origins=wrong)


async def test_what_is_no_request_is_passed_on() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None: ...

    await Cors(app)({"type": "lifespan"}, receive, send)

    assert seen == ["lifespan"]
