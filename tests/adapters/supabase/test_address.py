"""The address and the key as an operator may write them."""

import pytest

from storyloom.adapters.supabase._address import checked_key, rest_url
from storyloom.errors import Misconfigured
from tests.postgrest.keys import ANON_KEY, SERVICE_KEY, token


@pytest.mark.parametrize(
    "written",
    [
        "https://xxx.supabase.co",
        " https://xxx.supabase.co/ ",
        "https://xxx.supabase.co/rest/v1",
        "https://xxx.supabase.co/rest/v1/",
    ],
)
def test_the_address_of_a_project_leads_to_its_rest_api(written: str) -> None:
    assert rest_url(written) == "https://xxx.supabase.co/rest/v1"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "xxx.supabase.co",
        "https://",
        "postgresql://user:secret@host/db",
        "https://user:secret@xxx.supabase.co",
        "https://xxx.supabase.co?apikey=secret",
        "https://xxx.supabase.co#secret",
        "https://[secret",
        "https://xxx.supabase.co:secret",
    ],
)
def test_what_is_no_address_is_told_without_repeating_it(written: str) -> None:
    with pytest.raises(Misconfigured) as told:
        rest_url(written)

    assert told.value.setting == "SUPABASE_URL"
    assert "secret" not in told.value.message


@pytest.mark.parametrize(
    "key", [SERVICE_KEY, "sb_secret_abc", token(role="archivist"), "a.b.c", "a.e30.c", "a.W10.c"]
)
def test_keys_of_a_server_are_taken_without_blanks_around_them(key: str) -> None:
    assert checked_key(f" {key}\n") == key


@pytest.mark.parametrize(
    "key", ["", " ", "two words", "line\nbreak", "schlüssel", ANON_KEY, "sb_publishable_abc"]
)
def test_other_keys_are_refused_without_repeating_them(key: str) -> None:
    with pytest.raises(Misconfigured) as told:
        checked_key(key)

    assert told.value.setting == "SUPABASE_SERVICE_KEY"
    assert not key.strip() or key not in told.value.message
