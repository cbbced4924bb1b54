"""What a request expects of the thing that it changes: to be still as it was read."""


def expecting(etag: str | None) -> dict[str, str]:
    """The header that says so; without a tag nothing is expected."""
    return {} if etag is None else {"If-Match": etag}
