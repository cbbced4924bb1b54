"""What a request expects of the thing that it changes: to be still as it was read."""

from storyloom.errors import ConditionUnreadable


def expecting(etag: str | None) -> dict[str, str]:
    """The header that says so; without a tag nothing is expected.

    Raises `ConditionUnreadable` for what no header can say. The server refuses what is no tag.
    """
    if etag is None:
        return {}
    if not (etag.isascii() and etag.isprintable()):
        raise ConditionUnreadable
    return {"If-Match": etag}
