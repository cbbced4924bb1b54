"""Which addresses may be told."""

from ipaddress import ip_address

import pytest

from storyloom.webhooks.targets import Allowed, Target, is_public, target_of


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"],
)
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1"),
        *("ff02::1", "2001:db8::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::"),
        *("2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "100::1"),
    ],
)
def test_addresses_that_lead_inside(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("text", "address", "takes"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        (" 10.0.0.0/8 , fd00::/8", "10.9.9.9", True),
        ("10.0.0.0/8,fd00::/8", "fd00::1", True),
        ("10.0.0.0/8", "11.0.0.1", True),
        ("", "10.0.0.1", False),
    ],
)
def test_the_operator_allows_networks(text: str, address: str, *, takes: bool) -> None:
    assert Allowed.parse(text).takes(ip_address(address)) is takes


def test_the_operator_allows_names() -> None:
    allowed = Allowed.parse("Hooks.Internal.,localhost")

    assert allowed.takes_name("hooks.internal")
    assert allowed.takes_name("HOOKS.internal.")
    assert not allowed.takes_name("more.hooks.internal")
    assert not allowed.refuses_as_written("localhost")


@pytest.mark.parametrize("text", ["10.0.0.0/33", "300.1.1.1", "10.0.0.1/8", "a b", "http://x", "*"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write names, addresses or networks"):
        Allowed.parse(text)


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("localhost", True),
        ("app.localhost.", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("1.1.1.1", False),
        ("hooks.example.com", False),
    ],
)
def test_what_can_be_refused_as_it_is_written(host: str, *, refused: bool) -> None:
    assert Allowed().refuses_as_written(host) is refused


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com/hooks?a=b", Target("example.com", 443, is_encrypted=True)),
        ("http://Example.com:8080", Target("example.com", 8080, is_encrypted=False)),
        ("http://[::1]/", Target("::1", 80, is_encrypted=False)),
        ("http://10.0.0.1/", Target("10.0.0.1", 80, is_encrypted=False)),
    ],
)
def test_where_an_address_leads_to(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "ftp://example.com", "file:///etc/passwd", "http://", "http:///x"),
        *("http://user:word@example.com", "http://user@example.com", "http://example.com/#x"),
        *("http://example.com:0/", "http://example.com:99999/", "http://example.com:x/"),
        *("http://exa mple.com", "http://ex\u00e4mple.com", "http://a..b/", "http://[::1%25eth0]/"),
        *("http://[::1/", "http://ex*mple.com/", "http://" + "a" * 2048),
    ],
)
def test_what_no_webhook_may_have(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        target_of(url)
