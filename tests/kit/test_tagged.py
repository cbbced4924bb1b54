"""JSON with a tag: the client that has it is told so."""

import pytest

from storyloom.kit.tagged import are_tags, tagged

TAG = tagged(b"{}", None).headers["ETag"]


def test_the_tag_changes_when_the_answer_does() -> None:
    first, same, other = (tagged(body, None) for body in (b"{}", b"{}", b"[]"))

    assert first.headers["ETag"] == same.headers["ETag"] != other.headers["ETag"]
    assert (first.status_code, first.body) == (200, b"{}")
    assert first.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("known", [TAG, f"W/{TAG}", f'"a", {TAG}', "*"])
def test_whoever_has_it_is_told_so(known: str) -> None:
    answer = tagged(b"{}", known, {"Retry-After": "1"})

    assert (answer.status_code, answer.body) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Retry-After"]) == (TAG, "1")


@pytest.mark.parametrize("known", ["", '"a"', TAG.strip('"'), '"a,*,b"'])
def test_whoever_has_another_gets_it(known: str) -> None:
    assert tagged(b"{}", known).status_code == 200


@pytest.mark.parametrize(
    ("header", "is_so"),
    [
        *((one, True) for one in ("*", TAG, f'W/{TAG} , "\xfc"', '""')),
        *((one, False) for one in ("", TAG.strip('"'), f"{TAG},", f"{TAG} {TAG}", f"*, {TAG}")),
    ],
)
def test_tags_have_one_form(header: str, *, is_so: bool) -> None:
    assert are_tags(header) is is_so
