"""What callers are told who are not let in."""

from math import ceil

from storyloom.access.schemas import Standing
from storyloom.errors import NotAllowed, NotFound, RateLimited


class KeyNotFound(NotFound):
    """There is no such key."""

    code = "key_not_found"

    def __init__(self, key_id: str) -> None:
        """Name the key."""
        super().__init__(f"Key '{key_id}' not found")


class ForeignOrganisation(NotAllowed):
    """The key belongs to another organisation than the request."""

    code = "foreign_organisation"


class TooManyRequests(RateLimited):
    """The key has made more requests than it may."""

    code = "too_many_requests"

    def __init__(self, standing: Standing) -> None:
        """Take the window that is used up."""
        limit, wait_s = standing.limit, ceil(standing.reset_s)
        super().__init__(
            f"More than {limit.requests} requests in one {limit.window}; go on in {wait_s} s",
            retry_after_s=wait_s,
        )
        self.standing = standing
