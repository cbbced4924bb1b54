"""The fake providers as fixtures, and the promise that no test reaches the real ones."""

import os
from collections.abc import Generator

import pytest

from tests.providers.server import Providers, providers_in_thread

#: What would make a provider's SDK, or our settings, reach for a real provider.
TELLING = ("GOOGLE_", "GEMINI_", "OPENAI_", "ANTHROPIC_", "LLM_", "OLLAMA_", "VLLM_", "LMSTUDIO_")


@pytest.fixture(scope="session")
def providers() -> Generator[Providers]:
    """Fake providers, shared by the tests of one process: take a `new_key()` each."""
    with providers_in_thread() as served:
        yield served


@pytest.fixture(autouse=True)
def _no_real_provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have keys: only tests marked `live` may use them."""
    if request.node.get_closest_marker("live") is None:
        for name in [name for name in os.environ if name.startswith(TELLING)]:  # noqa: TID251
            monkeypatch.delenv(name)
