"""What callers are told who are not let in."""

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
