"""What a request expects of the thing that it changes."""

import pytest

from storyloom.client.expecting import expecting
from storyloom.errors import ConditionUnreadable


def test_a_tag_is_sent_as_it_was_told() -> None:
    assert expecting('"1-a"') == {"If-Match": '"1-a"'}
    assert expecting(None) == {}


@pytest.mark.parametrize("etag", ['"1-a"\r\nX-Org-ID: others', '"\u20ac"', '"\xfc"', "\x00"])
def test_what_no_header_can_say_is_refused(etag: str) -> None:
    with pytest.raises(ConditionUnreadable):
        expecting(etag)
