"""Presets as data."""

from pathlib import Path

import pytest

from storyloom.errors import InvalidInput, Misconfigured
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.schemas import Wishes

STAGE = """
name = "Beta"
description = "Open to a few"
order = 1
badge = "In beta"
"""


def test_the_documented_presets_are_there() -> None:
    catalogue = Catalogue.load()

    assert "coperniq_mep" in catalogue.icp
    assert list(catalogue.stages) == ["preview", "demo", "shipped"]
    assert catalogue.audiences.keys() >= {"business_owner", "c_suite", "btl_champion"}


def test_an_operators_folder_adds_a_stage_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "beta.toml").write_text(STAGE)

    catalogue = Catalogue.load(tmp_path)

    assert set(catalogue.stages) == {"preview", "demo", "beta", "shipped"}
    assert next(iter(catalogue.stages)) == "preview"


def test_an_operators_folder_replaces_by_key(tmp_path: Path) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "preview.toml").write_text(STAGE)

    assert Catalogue.load(tmp_path).stages["preview"].badge == "In beta"


@pytest.mark.parametrize("text", ["name =", "nme = 'a typo'", "order = 'first'", "\xff"])
def test_a_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "beta.toml").write_bytes(text.encode("latin-1"))

    with pytest.raises(Misconfigured, match=r"beta\.toml"):
        Catalogue.load(tmp_path)


def test_wishes_are_looked_up() -> None:
    brief = Catalogue.load().brief(Wishes(stage="demo", custom_headline="Hi"))

    assert brief.stage.key == "demo"
    assert brief.icp.key == "coperniq_mep"
    assert brief.headline == "Hi"


def test_an_unknown_wish_lists_what_there_is() -> None:
    with pytest.raises(InvalidInput, match="'preview', 'demo', 'shipped'"):
        Catalogue.load().brief(Wishes(stage="beta"))


def test_a_folder_that_holds_no_presets_is_named(tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()

    with pytest.raises(Misconfigured, match="holds none of icp, stages, audiences"):
        Catalogue.load(tmp_path)
