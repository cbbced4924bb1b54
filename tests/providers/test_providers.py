"""The fake providers answer as they are told, and count what would be billed."""

import json
from collections.abc import Generator
from typing import Any

import httpx2
import pytest

from tests.providers.books import Seen
from tests.providers.server import Providers, providers_in_process

SCHEMA = {
    "type": "object",
    "properties": {
        "headline": {"type": "string", "minLength": 20, "maxLength": 30},
        "lines": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/Line"}},
        "mood": {"anyOf": [{"type": "null"}, {"enum": ["calm", "bold"]}]},
    },
    "$defs": {
        "Line": {
            "type": "object",
            "properties": {
                "at": {"type": "integer", "minimum": 3},
                "share": {"type": ["null", "number"]},
                "sure": {"type": "boolean"},
                "kind": {"const": "code"},
            },
        }
    },
}


@pytest.fixture
def http() -> Generator[httpx2.Client]:
    with httpx2.Client() as client:
        yield client


def ask_gemini(http: httpx2.Client, providers: Providers, key: str, **more: Any) -> httpx2.Response:
    return http.post(
        f"{providers.google}/v1beta/models/gemini-3.8-flash:generateContent",
        headers={"x-goog-api-key": key},
        json={"contents": [{"parts": [{"text": "Explain"}]}], "generationConfig": more},
    )


def text_of(answer: httpx2.Response) -> Any:
    return json.loads(answer.json()["candidates"][0]["content"]["parts"][0]["text"])


def test_an_answer_fits_any_schema(http: httpx2.Client, providers: Providers) -> None:
    answer = ask_gemini(http, providers, "k", responseJsonSchema=SCHEMA)

    line = {"share": 0.5, "sure": True, "kind": "code"}
    assert text_of(answer) == {
        "headline": "fake headline 0.....",
        "lines": [{"at": 3, **line}, {"at": 4, **line}],
        "mood": "calm",
    }


def test_a_script_is_followed_and_requests_are_kept(
    http: httpx2.Client, providers: Providers
) -> None:
    key = providers.new_key()

    def said(seen: Seen) -> dict[str, str]:
        return {"headline": seen.body["contents"][0]["parts"][0]["text"]}

    providers.script(key, "429:1.5s", {"headline": "Mine"}, said)
    answers = [ask_gemini(http, providers, key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 200, 200]
    assert answers[0].json()["error"]["details"][-1]["retryDelay"] == "1.5s"
    assert text_of(answers[1]) == {"headline": "Mine"}
    assert text_of(answers[2]) == {"headline": "Explain"}
    assert providers.charges(key) == {"text": 2, "picture": 0}
    assert [json.loads(seen.raw) == seen.body for seen in providers.seen(key)] == [True] * 3


def test_scripts_may_differ_by_kind(http: httpx2.Client, providers: Providers) -> None:
    key = providers.new_key()
    providers.script(key, "503", kind="picture")
    providers.always(key, {"headline": "Always"}, kind="text")

    assert text_of(ask_gemini(http, providers, key)) == {"headline": "Always"}
    assert ask_gemini(http, providers, key, responseModalities=["IMAGE"]).status_code == 503
    assert ask_gemini(http, providers, key, responseModalities=["IMAGE"]).status_code == 200
    assert providers.charges(key) == {"text": 1, "picture": 1}


def test_what_is_cut_is_billed(http: httpx2.Client, providers: Providers) -> None:
    key = providers.new_key()
    providers.script(key, "cut")

    with pytest.raises(httpx2.RemoteProtocolError):
        ask_gemini(http, providers, key)

    assert providers.charges(key) == {"text": 1, "picture": 0}


def test_a_process_of_its_own_is_steered_the_same_way(http: httpx2.Client) -> None:
    with providers_in_process() as providers:
        providers.always("*", {"headline": "For all"})
        providers.script("a", "503")
        providers.latency("a", 0.01)

        assert ask_gemini(http, providers, "a").status_code == 503
        assert text_of(ask_gemini(http, providers, "a")) == {"headline": "For all"}
        assert text_of(ask_gemini(http, providers, "b")) == {"headline": "For all"}
        assert providers.charges("a") == {"text": 1, "picture": 0}
        assert [json.loads(seen.raw) == seen.body for seen in providers.seen("a")] == [True] * 2
        providers.desk.forget("a")
        assert providers.seen("a") == []


def test_who_gave_up_still_pays(http: httpx2.Client, providers: Providers) -> None:
    key = providers.new_key()
    providers.script(key, "slow:2")

    with pytest.raises(httpx2.ReadTimeout):
        http.post(
            f"{providers.google}/v1/models/m:generateContent",
            headers={"x-goog-api-key": key},
            json={},
            timeout=0.2,
        )

    assert providers.charges(key) == {"text": 1, "picture": 0}
