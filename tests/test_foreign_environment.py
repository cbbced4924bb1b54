"""What other programs are told of our environment."""

import pytest

from storyloom.errors import Misconfigured
from storyloom.settings import Settings, foreign_environment


@pytest.mark.parametrize(
    "secret",
    [
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "DATABASE_URL",
        "AWS_SECRET_ACCESS_KEY",
        "STORYLOOM_PORT",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ],
)
def test_our_settings_and_keys_are_not_handed_on(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv(secret, "hunter2")
    monkeypatch.setenv("DOTNET_ROOT", "/opt/dotnet")

    handed_on = foreign_environment()

    assert "hunter2" not in handed_on.values()
    assert handed_on["DOTNET_ROOT"] == "/opt/dotnet"
    assert "PATH" in handed_on


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:7801",
        "ftp://127.0.0.1",
        "http://user:hunter2@127.0.0.1:7801",
        "http://127.0.0.1:7801/API",
        "http://127.0.0.1:99999",
        "http://",
        "http://127.0.0.1:7801 --host 0.0.0.0",
    ],
)
def test_what_is_no_plain_address_of_swarmui_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="STORYLOOM_SWARMUI_URL is wrong"):
        Settings.load(swarmui_url=url)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://127.0.0.1:7801/", "http://127.0.0.1:7801"),
        ("https://gpu-box.local", "https://gpu-box.local"),
        ("http://[::1]:7801", "http://[::1]:7801"),
    ],
)
def test_an_address_of_swarmui_is_an_origin(url: str, kept: str) -> None:
    assert Settings.load(swarmui_url=url).swarmui_url == kept
