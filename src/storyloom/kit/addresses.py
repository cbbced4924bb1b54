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
