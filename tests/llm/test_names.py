"""Names of models, as people write them."""

import pytest

from storyloom.errors import InvalidInput
from storyloom.llm.names import ModelName, can_cover, is_allowed, parse


@pytest.mark.parametrize(
    ("written", "provider", "model"),
    [
        ("google:gemini-3.8-flash", "google", "gemini-3.8-flash"),
        (" Google : gemini-3.8-flash ", "google", "gemini-3.8-flash"),
        ("gemini-3.8-flash", "google", "gemini-3.8-flash"),
        ("models/gemini-3.8-flash", "google", "gemini-3.8-flash"),
        ("gpt-6-luna", "openai", "gpt-6-luna"),
        ("openai-chat:gpt-6-luna", "openai-chat", "gpt-6-luna"),
        ("o9-mini", "openai", "o9-mini"),
        ("gpt-oss:20b", "local", "gpt-oss:20b"),
        ("claude-haiku-5-5", "anthropic", "claude-haiku-5-5"),
        ("ollama:qwen3-vl:8b", "ollama", "qwen3-vl:8b"),
        ("qwen3-vl:8b", "local", "qwen3-vl:8b"),
        ("vllm:Qwen/Qwen3-VL-8B", "vllm", "Qwen/Qwen3-VL-8B"),
        ("lmstudio:a@q4_k_m", "lmstudio", "a@q4_k_m"),
        ("omni", "local", "omni"),
    ],
)
def test_a_name_tells_provider_and_model(written: str, provider: str, model: str) -> None:
    assert parse(written) == ModelName(provider, model)
    assert parse(str(parse(written))) == ModelName(provider, model)


def test_an_unknown_provider_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput, match=r"provider 'gogle'; there are google, openai, "):
        parse("gogle:gemini-3.8-flash")


@pytest.mark.parametrize(
    "written",
    ["", "  ", "google:", ":x", "google:a b", "google:../v1/files", "google:a?key=b", "x" * 201],
)
def test_what_cannot_be_a_name_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        parse(written)


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("google:*", True),
        ("google:gemini-3.8-flash", True),
        ("gemini-3.8-flash", True),
        (" google:gemini-3.* ", True),
        ("*", True),
        ("openai:*", False),
        ("gemini-3.8", False),
        ("Google:*", False),
        ("", False),
    ],
)
def test_patterns_of_an_operator_cover_models(pattern: str, *, covered: bool) -> None:
    assert is_allowed(parse("gemini-3.8-flash"), ["anthropic:*", pattern]) is covered


@pytest.mark.parametrize(
    "pattern",
    ["*", "google:*", "goo*", "*flash", "gemini-3.8-flash", "ollama:qwen3-vl:8b", "?penai:*"],
)
def test_a_pattern_that_can_cover_a_model(pattern: str) -> None:
    assert can_cover(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", "gogle:*", "gemini-*", "qwen3-vl:8b", "google", "google:", "Google:x", "a b", "gogle:x"],
)
def test_a_pattern_that_cannot(pattern: str) -> None:
    assert not can_cover(pattern)
