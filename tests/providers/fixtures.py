"""The fake providers as fixtures, and the promise that no test reaches the real ones."""

import os
from collections.abc import Generator

import pytest

from tests.providers.server import Providers, providers_in_thread

#: What would make a provider's SDK, or our settings, reach for a real provider.
TELLING = ("GOOGLE_", "GEMINI_", "OPENAI_", "ANTHROPIC_", "LLM_", "OLLAMA_", "VLLM_", "LMSTUDIO_")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the recorded requests anew"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Nobody pays for a model who has not asked for it by name: `-m live`."""
    if "live" not in str(config.getoption("markexpr")):
        paid = [item for item in items if item.get_closest_marker("live")]
        items[:] = [item for item in items if not item.get_closest_marker("live")]
        config.hook.pytest_deselected(items=paid)


@pytest.fixture(scope="session")
def providers() -> Generator[Providers]:
    """Fake providers, shared by the tests of one process: take a `new_key()` each."""
    with providers_in_thread() as served:
        yield served


@pytest.fixture(autouse=True)
def _no_real_provider(request: pytest.FixtureRequest) -> Generator[None]:
    """Whoever runs the tests may have keys: only tests marked `live` may use them."""
    # Not the test's own `monkeypatch`: that must come after the guard against blocking calls, and go
    # before it, or what it puts back is the guard's.
    with pytest.MonkeyPatch.context() as environment:
        if request.node.get_closest_marker("live") is None:
            for name in [name for name in os.environ if name.startswith(TELLING)]:  # noqa: TID251
                environment.delenv(name)
        yield
