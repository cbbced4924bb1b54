"""Faults of the folder behind the image store."""

from pathlib import Path

import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.errors import Unavailable


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path / "images")
    (tmp_path / "images" / "pictures").write_text("a file where a folder should be")

    with pytest.raises(Unavailable) as fault:
        await store.put("pictures/a.png", b"1")

    assert fault.value.system == "images"
    assert str(tmp_path) not in fault.value.message


async def test_keys_cannot_leave_the_folder(tmp_path: Path) -> None:
    store = ObstoreImageStore.in_folder(tmp_path / "images")

    with pytest.raises(ValueError, match="illegal"):
        await store.put("../secret", b"1")
