"""Addresses of machines."""

from functools import lru_cache
from ipaddress import ip_address


@lru_cache(maxsize=1024)  # asked for every request, and nearly always about the same
def is_loopback(host: str) -> bool:
    """Whether only this machine itself can be meant."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def in_url(host: str) -> str:
    """The host as an address such as `http://host:8000` has it."""
    return f"[{host}]" if ":" in host else host


@lru_cache(maxsize=1024)
def names_loopback(host: str) -> bool:
    """Whether the value of a `Host` header names this machine itself, with a port or without."""
    name = host.rpartition("]")[0].removeprefix("[") if "]" in host else host.partition(":")[0]
    return is_loopback(name.lower())
