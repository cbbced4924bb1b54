"""Addresses of machines."""

import pytest

from storyloom.kit.addresses import is_loopback, names_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example", "", "unix"])  # noqa: S104
def test_others(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"]
)
def test_a_host_header_that_names_this_machine(host: str) -> None:
    assert names_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", ":8000", "evil.example", "evil.example:8000", "localhost.evil.example", "[::2]:1", "::1"],
)
def test_a_host_header_that_names_another(host: str) -> None:
    assert not names_loopback(host)
