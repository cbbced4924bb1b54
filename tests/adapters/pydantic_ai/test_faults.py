"""Every fault of every route ends in the intended error, after exactly one request.

The names of the faults are those of `tests/providers/faults.py`.
"""

import httpx2
import pytest

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._faults import Asked, translated
from storyloom.adapters.pydantic_ai._link import Link
from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import StoryloomError, Unavailable, Unreachable
from storyloom.imaging.schemas import ImageRequest
from storyloom.llm.schemas import Question
from tests.adapters.pydantic_ai.shapes import Seven
from tests.databases import free_port
from tests.providers.routes import PAINTERS, WRITERS, linked
from tests.providers.server import Providers

CANARY = "canary-77ab"
QUESTION = Question("understand_code", "1", "You read code.", CANARY, Seven)
PICTURE = ImageRequest(prompt=CANARY, width=64, height=64)
TEXT = [(provider, model, "text") for provider, model in WRITERS.items()]
ART = [(provider, model, "art") for provider, model in PAINTERS.items()]
GEMINI = [route for route in TEXT + ART if route[0] == "google"]
OPENAI = [route for route in TEXT + ART if route[0] not in {"google", "anthropic"}]
CHAT = [route for route in TEXT if route[0] in {"openai-chat", "ollama"}]
ANTHROPIC = [route for route in TEXT if route[0] == "anthropic"]
JSON_SDKS = [*OPENAI, *ANTHROPIC]
Route = tuple[str, str, str]

#: The routes, the fault, the code of the error, and what it says.
CASES: list[tuple[list[Route], str, str, str]] = [
    (TEXT + ART, "429:3", "rate_limited", "asks us to wait"),
    (TEXT + ART, "429-quota", "quota", "quota is used up"),
    (TEXT + ART, "503", "overloaded", "is overloaded"),
    (TEXT + ART, "500", "server_error", r"error of its own \(500\)"),
    (TEXT + ART, "504", "server_error", r"error of its own \(504\)"),
    (TEXT + ART, "html", "server_error", r"error of its own \(502\)"),
    (TEXT + ART, "400", "rejected", r"rejected the request \(400"),
    (TEXT, "400-long", "rejected", "refused the code file .*: it is too long for "),
    (TEXT + ART, "401", "auth", "does not accept our API key"),
    (TEXT + ART, "403", "auth", "does not accept our API key"),
    (TEXT + ART, "404", "model_not_found", "does not know the model "),
    (TEXT + ART, "redirect", "rejected", "sent us to another address"),
    (TEXT + ART, "cut", "connection", "the connection was cut"),
    (TEXT + ART, "badjson", "connection", "arrived broken"),
    (TEXT + ART, "odd", "bad_answer", "no usable answer"),
    (TEXT + ART, "slow:9", "timeout", "API timeout after 0.4 seconds$"),
    (GEMINI, "429-both", "quota", "quota is used up"),
    (GEMINI, "429-bare", "rate_limited", "asks us to wait"),
    (GEMINI, "empty", "bad_answer", "no usable answer"),
    (GEMINI, "blocked-prompt", "blocked", r"\(PROHIBITED_CONTENT\)"),
    (GEMINI, "finish:SAFETY", "blocked", r"\(SAFETY\)"),
    (GEMINI, "finish:OTHER", "bad_answer", r"no usable answer \(OTHER\)"),
    (TEXT[:1], "finish:RECITATION", "blocked", r"\(RECITATION\)"),
    (TEXT[:1], "finish:SPII", "blocked", r"\(SPII\)"),
    (ART[:1], "finish:IMAGE_SAFETY", "blocked", r"\(IMAGE_SAFETY\)"),
    (ART[:1], "finish:IMAGE_RECITATION", "blocked", r"\(IMAGE_RECITATION\)"),
    (ART[:1], "finish:IMAGE_PROHIBITED_CONTENT", "blocked", "IMAGE_PROHIBITED_CONTENT"),
    (ART[:1], "finish:NO_IMAGE", "bad_answer", r"no usable answer \(NO_IMAGE\)"),
    (ART[:1], "finish:IMAGE_OTHER", "bad_answer", r"\(IMAGE_OTHER\)"),
    (ART, "text-only", "bad_answer", "no usable answer"),
    (ART, "broken", "bad_answer", "a picture that cannot be used"),
    (ART[1:], "url-only", "bad_answer", "no usable answer"),
    (OPENAI, "moderation", "blocked", "refused the "),
    (JSON_SDKS, "empty", "connection", "arrived broken"),
    (CHAT, "finish:content_filter", "blocked", r"\(content_filter\)"),
    (TEXT[1:2], "finish:content_filter", "blocked", "refused the code file"),
    (TEXT[1:], "refusal", "blocked", "refused the code file at the stage of understanding"),
    (ANTHROPIC, "529", "overloaded", "is overloaded"),
    (TEXT, "maxtokens", "truncated", "was cut off at its longest"),
    (TEXT, "invalid", "bad_answer", "headline: Field required"),
    (TEXT, "text=never", "bad_answer", "Invalid JSON"),
    (TEXT, "json=[]", "bad_answer", "should be an object"),
]


@pytest.mark.parametrize(
    ("route", "fault", "outcome"),
    [
        pytest.param(route, fault, (code, said), id=f"{route[0]}-{route[2]}-{fault}")
        for routes, fault, code, said in CASES
        for route in routes
    ],
)
async def test_a_fault_is_told(
    providers: Providers, route: Route, fault: str, outcome: tuple[str, str]
) -> None:
    provider, model, _ = route
    code, said = outcome
    key = providers.new_key()
    providers.script(key, fault)

    async with linked(providers, provider, key, timeout_s=0.4 if "slow" in fault else 30) as link:
        with pytest.raises(StoryloomError, match=said) as caught:
            await _use(route, link, model)

    assert caught.value.code == code
    assert len(providers.seen(key)) == 1
    assert CANARY not in caught.value.message
    assert key not in caught.value.message
    if isinstance(caught.value, Unavailable):
        assert caught.value.system == provider
        assert caught.value.retry_after_s == (3 if fault == "429:3" else None)


@pytest.mark.parametrize("route", TEXT + ART, ids=lambda route: f"{route[0]}-{route[2]}")
async def test_nobody_there_is_told(route: Route) -> None:
    provider, model, _ = route
    link = Link(Connection(provider, "key", f"http://127.0.0.1:{free_port()}/v1"), timeout_s=30)

    with pytest.raises(StoryloomError, match="could not be reached") as caught:
        await _use(route, link, model)

    assert caught.value.code == "connection"
    assert not caught.value.was_sent
    await link.aclose()


def test_a_connection_that_does_not_come_about_in_time_is_no_timeout_of_the_model() -> None:
    connection = Connection("google", "key")

    with (
        pytest.raises(Unreachable, match="Gemini API could not be reached") as caught,
        translated(Asked(connection, "gemini-3.8-flash", 90, what="illustrate")),
    ):
        raise TimeoutError from httpx2.ConnectTimeout("five seconds")

    assert not caught.value.was_sent


@pytest.mark.parametrize(
    ("provider", "model", "said"),
    [
        ("openai", "dall-e-3", "dall-e-3' is not supported"),
        ("google", "gemini-3.8-flash", "not supported by model 'gemini-3.8-flash'"),
        ("anthropic", "claude-haiku-5-5", "has no models that make pictures"),
    ],
)
async def test_a_model_that_cannot_paint_is_not_asked(
    providers: Providers, provider: str, model: str, said: str
) -> None:
    key = providers.new_key()

    async with linked(providers, provider, key) as link:
        with pytest.raises(StoryloomError, match=said) as caught:
            await _use((provider, model, "art"), link, model)

    assert caught.value.code == "unsupported"
    assert providers.seen(key) == []


async def _use(route: Route, link: Link, model: str) -> None:
    if route[2] == "text":
        await PydanticAiLanguageModel(link, model).ask(QUESTION)
    else:
        await PydanticAiImageBackend(link, model).generate(PICTURE)
