"""What a key looks like."""

import pytest

from storyloom.access.keys import digest_of, id_of, is_same, new_id, new_key


def test_a_key_tells_its_id_and_nobody_can_guess_the_rest() -> None:
    key_id = new_id()
    first, second = new_key(key_id), new_key(key_id)

    assert first != second
    assert id_of(first) == id_of(second) == key_id
    assert len(first.rpartition("_")[2]) * 4 == 256


@pytest.mark.parametrize(
    "text", ["", "sl_", "sl_0123456789ab", "x", "SL_" + "0" * 12 + "_" + "0" * 64, "é" * 80]
)
def test_what_is_no_key_has_no_id(text: str) -> None:
    assert id_of(text) is None
    assert id_of(new_key(new_id()) + text + "0") is None


def test_digests_tell_keys_apart() -> None:
    key = new_key(new_id())

    assert is_same(digest_of(key), digest_of(key))
    assert not is_same(digest_of(key), digest_of(key + "0"))
    assert key not in digest_of(key)
    assert digest_of("\udcff")
