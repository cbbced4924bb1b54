"""Who writes, as settings and sessions choose."""

import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.bootstrap.authors import authors_of
from storyloom.bootstrap.models import open_models
from storyloom.errors import InvalidInput
from storyloom.settings import Settings
from storyloom.story.asked.author import ModelAuthor

CHOSEN = "ollama:qwen3-vl:8b"


async def _named(name: str | None, **chosen: object) -> object:
    settings = Settings.load(**chosen)
    images = ObstoreImageStore.in_memory()
    async with open_models(settings, MemoryLedger(), images) as models:
        return authors_of(settings, models).named(name)


async def test_without_a_model_rules_write() -> None:
    settings = Settings.load()
    async with open_models(settings, MemoryLedger(), ObstoreImageStore.in_memory()) as models:
        authors = authors_of(settings, models)

        assert authors.named(None) is authors.rules


async def test_the_usual_model_writes_and_the_one_that_a_session_names() -> None:
    assert isinstance(await _named(None, language_model=CHOSEN), ModelAuthor)
    assert isinstance(await _named(CHOSEN, allowed_models="ollama:*"), ModelAuthor)


@pytest.mark.parametrize("name", ["google:gemini-3.8-flash", "no model at all"])
async def test_a_model_that_may_not_be_asked_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        await _named(name, language_model=CHOSEN)


def test_where_no_runs_are_driven_nobody_is_asked() -> None:
    authors = authors_of(Settings.load(language_model=CHOSEN), None)

    assert authors.named(None) is authors.rules
