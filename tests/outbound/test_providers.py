"""Providers have names for people."""

from storyloom.outbound.providers import spoken


def test_known_providers_have_names_and_others_keep_theirs() -> None:
    assert spoken("google") == "Gemini"
    assert spoken("lmstudio") == "LM Studio"
    assert spoken("elsewhere") == "elsewhere"
