"""A model's name as people write it: `google:gemini-3.8-flash`, or only `gemini-3.8-flash`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from storyloom.errors import InvalidInput

#: Who can run a model. `openai-chat` is OpenAI's older API, `local` any server that speaks it.
PROVIDERS = (
    "google", "openai", "openai-chat", "anthropic", "ollama", "vllm", "lmstudio", "local",
)  # fmt: skip
MAX_CHARS = 200
# What comes before the first colon is a provider if it looks like one: `qwen3-vl:8b` is a model
# with a tag, but a misspelt provider must not become a local model's name.
_TAGGED = re.compile(r"[^:]*[0-9][^:]*:[^:]*|[^:]*:[0-9][^:]*")
_MODEL = re.compile(r"[A-Za-z0-9][\w.:/@+-]*")
_SIGN = re.compile(r"[*?[]")
_MAKERS = {
    "google": re.compile(r"gemini|learnlm"),
    "openai": re.compile(r"gpt-(?!oss)|chatgpt|o[0-9]"),
    "anthropic": re.compile(r"claude"),
}


@dataclass(frozen=True, slots=True)
class ModelName:
    """Who runs a model, and its name there."""

    provider: str
    model: str

    def __str__(self) -> str:
        """Both, with a colon between them."""
        return f"{self.provider}:{self.model}"


def parse(name: str) -> ModelName:
    """Read a name; without a provider, that of the maker, or else `local`.

    Raises `InvalidInput`.
    """
    written = name.strip()
    provider, colon, model = written.partition(":")
    provider = provider.strip().lower()
    if not colon or (provider not in PROVIDERS and _TAGGED.fullmatch(written)):
        model = written
        provider = _maker(model)
    if provider not in PROVIDERS:
        raise InvalidInput(
            f"There is no model provider {provider[:40]!r}; there are {', '.join(PROVIDERS)}.",
            kind="model_provider_unknown",
        )
    model = model.strip().removeprefix("models/")
    if len(model) > MAX_CHARS or not _MODEL.fullmatch(model) or ".." in model:
        raise InvalidInput(
            "The model's name is missing or cannot be one; it looks like google:gemini-3.8-flash.",
            kind="model_name_invalid",
        )
    return ModelName(provider, model)


def is_allowed(name: ModelName, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns, such as `google:*` or `*`, covers the model."""
    return any(covers(pattern, name) for pattern in patterns)


def covers(pattern: str, name: ModelName) -> bool:
    """Whether a pattern covers the model; one without a provider covers those of its maker."""
    written = pattern.strip()
    if ":" not in written and "*" not in written:
        written = f"{_maker(written)}:{written}"
    return fnmatchcase(str(name), written)


def can_cover(pattern: str) -> bool:
    """Whether a pattern can cover any model at all: `gogle:*` and `gemini-*` cannot."""
    written = pattern.strip()
    start = _SIGN.split(written, maxsplit=1)[0]
    if start != written:
        return any(f"{one}:".startswith(start) or start.startswith(f"{one}:") for one in PROVIDERS)
    try:
        return written not in PROVIDERS and covers(written, parse(written))
    except InvalidInput:
        return False


def _maker(model: str) -> str:
    plain = model.removeprefix("models/").lower()
    return next((maker for maker, sign in _MAKERS.items() if sign.match(plain)), "local")
