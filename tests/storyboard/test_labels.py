"""The fixed words in every language."""

import pytest

from storyloom.boards.schemas import Scene
from storyloom.storyboard.labels import all_labels, labels_for
from storyloom.storyboard.presets import Catalogue

TRANSLATED = [language for language in all_labels() if language != "en"]


@pytest.mark.parametrize("language", all_labels())
def test_every_scene_has_a_label(language: str) -> None:
    assert set(all_labels()[language].panels) == set(Scene)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_of_the_packaged_presets_is_translated(language: str) -> None:
    catalogue = Catalogue.load()
    shown = {word for stage in catalogue.stages.values() for word in (stage.name, stage.badge)}
    shown |= {audience.kicker for audience in catalogue.audiences.values()}

    assert shown - set(all_labels()[language].words) == set()


def test_a_language_without_labels_speaks_english() -> None:
    assert labels_for("sv") == labels_for("en")


def test_a_region_speaks_its_language() -> None:
    assert labels_for("de-AT") == labels_for("de")


def test_an_unknown_word_stays_as_it_is() -> None:
    assert labels_for("ja").say("Our own badge") == "Our own badge"
