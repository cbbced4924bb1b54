"""Which addresses may be told: public ones, and those that the operator allows.

Whoever may name a target could else have this server ask machines of its own network, which
strangers cannot reach (server-side request forgery).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Self
from urllib.parse import urlsplit

LENGTH = 2048
FORM = r"^https?://[!-~]+$"
_NAME = re.compile(r"[A-Za-z0-9_-]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_-])?\.?")
# Outside of it are old forms of IPv4, and other networks within one's own.
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCALHOST = "localhost"
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook is sent to."""

    host: str  #: a name, or an address without brackets
    port: int
    is_encrypted: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be told although it is not public."""

    names: frozenset[str] = frozenset()
    networks: Sequence[Network] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read names, addresses and networks with commas between them; raises `ValueError`."""
        names: set[str] = set()
        networks: list[Network] = []
        for one in filter(None, (part.strip().lower().rstrip(".") for part in text.split(","))):
            try:
                networks.append(ip_network(one))
            except ValueError:
                # A name has a letter in it: what looks like a number is an address that is wrong.
                if not _NAME.fullmatch(one) or not re.search("[a-z]", one.rpartition(".")[2]):
                    raise ValueError(
                        "write names, addresses or networks such as 10.0.0.0/8"
                    ) from None
                names.add(one)
        return cls(frozenset(names), tuple(networks))

    def takes_name(self, host: str) -> bool:
        """Whether the host may be told wherever its name leads to."""
        return host.lower().rstrip(".") in self.names

    def takes(self, address: Address) -> bool:
        """Whether this address may be told."""
        plain = _unwrapped(address)
        return is_public(address) or any(
            plain in network or address in network for network in self.networks
        )

    def refuses_as_written(self, host: str) -> bool:
        """Whether it is known without asking anybody that the host may not be told."""
        if self.takes_name(host):
            return False
        name = host.lower().rstrip(".")
        if name == _LOCALHOST or name.endswith(f".{_LOCALHOST}"):
            return not self.takes(IPv4Address("127.0.0.1"))
        try:
            return not self.takes(ip_address(host))
        except ValueError:
            return False


def is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches the same machine there."""
    plain = _unwrapped(address)
    if isinstance(plain, IPv6Address) and (plain not in _UNICAST or plain.teredo is not None):
        return False
    return plain.is_global and not plain.is_multicast


def target_of(url: str) -> Target:
    """Where the address leads to; raises `ValueError` for one that no webhook may have."""
    if len(url) > LENGTH or not re.fullmatch(FORM, url):
        raise ValueError("write an address that begins with https:// or http://")
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError("a name and a password do not belong into the address")
    if parts.fragment:
        raise ValueError("nothing may follow a # in the address")
    host, port = parts.hostname or "", parts.port  # it raises for a port that is no number
    if port == 0 or not _is_host(host):
        raise ValueError("the address has no host that could be asked")
    is_encrypted = parts.scheme == "https"
    return Target(host, port or (443 if is_encrypted else 80), is_encrypted)


def _is_host(host: str) -> bool:
    try:
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return _NAME.fullmatch(host) is not None and ".." not in host


def _unwrapped(address: Address) -> Address:
    """The address that is meant by one that only carries it through another network."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
