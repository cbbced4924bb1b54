"""Which of several forms a client accepts."""

from collections.abc import Sequence

from storyloom.events.errors import NotAcceptable

PAGE, STREAM = "application/json", "text/event-stream"


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """The form that is liked best, and the first of those liked alike; raises `NotAcceptable`."""
    ranges = [_range(part) for part in (accept or "*/*").split(",") if part.strip()]
    liked = [(_liking(form, ranges), -place, form) for place, form in enumerate(offered)]
    liking, _, form = max(liked)
    if liking <= 0:
        raise NotAcceptable
    return form


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 1.0
    return name, 1.0


def _liking(form: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The liking of the most exact range that it is in."""
    main = form.partition("/")[0]
    for name in (form, f"{main}/*", "*/*"):
        found = [liking for told, liking in ranges if told == name]
        if found:
            return max(found)
    return 0.0
