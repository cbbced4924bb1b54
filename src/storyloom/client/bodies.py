"""Bodies of requests."""


def given(**fields: object) -> dict[str, object]:
    """The fields that are given: what is None is left to the server."""
    return {name: value for name, value in fields.items() if value is not None}
