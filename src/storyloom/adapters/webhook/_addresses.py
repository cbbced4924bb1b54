"""Which addresses a host has, and which of them may be told."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from anyio import CapacityLimiter, to_thread

from storyloom.errors import Unreachable
from storyloom.webhooks.errors import TargetRefused
from storyloom.webhooks.targets import Allowed

Resolve = Callable[[str, int], Sequence[str]]
SYSTEM = "webhooks"
# Names may be slow to find; so many may be looked for at the same time, and hold up nobody else.
LOOKUPS = 32


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, as the system finds them. Blocks; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class AddressBook:
    """Looks hosts up."""

    def __init__(self, allowed: Allowed, resolve: Resolve = addresses_of) -> None:
        """Take what may be told besides public addresses. To be made in the event loop."""
        self._allowed = allowed
        self._resolve = resolve
        self._lookups = CapacityLimiter(LOOKUPS)

    async def of(self, host: str, port: int) -> Sequence[str]:
        """The addresses of the host; raises `TargetRefused` when one of them may not be told.

        Raises `Unreachable` where there are none.
        """
        try:
            found = await to_thread.run_sync(
                self._resolve, host, port, abandon_on_cancel=True, limiter=self._lookups
            )
        except (OSError, UnicodeError) as fault:
            raise Unreachable("The host has no address", system=SYSTEM) from fault
        if self._allowed.takes_name(host) or all(
            self._allowed.takes(ip_address(one)) for one in found
        ):
            return found
        # Which address it was stays with us: it would tell of the network around this server.
        raise TargetRefused(system=SYSTEM)
