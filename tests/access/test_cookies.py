"""Cookies of the page: what they say, and whether the page itself sent them."""

import pytest

from storyloom.access.cookies import PageSession, SetCookie, is_of_page

HOST, OWN, OTHER = "studio.example:8000", "https://studio.example:8000", "https://studio.example"


def test_the_key_and_the_organisation_are_read() -> None:
    session = PageSession.of(["other=1; storyloom_key=sl_abc", 'storyloom_org="two words"'])

    assert session == PageSession("sl_abc", "two words")


@pytest.mark.parametrize("odd", ["b[ad]=1", "a:b=1", "no value", "=x"])
def test_cookies_of_others_on_this_host_do_not_sign_anybody_out(odd: str) -> None:
    assert PageSession.of([f"{odd}; storyloom_key=sl_abc"]) == PageSession("sl_abc")


@pytest.mark.parametrize("cookies", [[], ["a=b"], ["storyloom_key="]])
def test_what_is_not_there_is_none(cookies: list[str]) -> None:
    assert PageSession.of(cookies) == PageSession()


def test_a_cookie_is_kept_from_scripts_and_other_sites() -> None:
    told = SetCookie("storyloom_key", "sl_abc", secure=True).header()

    assert set(told.split("; ")) == {
        *("storyloom_key=sl_abc", "HttpOnly", "Path=/", "SameSite=Strict", "Secure")
    }


def test_an_empty_one_is_forgotten_at_once() -> None:
    told = SetCookie("storyloom_key", "", secure=False).header()

    assert "Max-Age=0" in told
    assert "Secure" not in told


@pytest.mark.parametrize(
    ("method", "origin", "has_header", "counts"),
    [
        ("GET", None, False, True),  # a picture, a stream
        ("GET", OWN, False, True),
        ("GET", OTHER, False, False),
        ("POST", OWN, True, True),
        ("POST", None, True, True),
        ("POST", OWN, False, False),  # a form
        ("POST", OTHER, True, False),
        ("DELETE", None, False, False),
        (None, OWN, False, True),  # a WebSocket
        (None, OTHER, False, False),
        (None, None, False, False),
    ],
)
def test_only_the_page_counts(
    method: str | None, origin: str | None, *, has_header: bool, counts: bool
) -> None:
    assert is_of_page(method, origin, HOST, site=None, has_header=has_header) is counts


@pytest.mark.parametrize(
    ("site", "counts"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)],
)
@pytest.mark.parametrize("method", ["GET", "POST", None])
def test_a_browser_that_says_whose_page_asks_is_believed(
    method: str | None, site: str, *, counts: bool
) -> None:
    assert is_of_page(method, OWN, HOST, site=site, has_header=True) is counts
