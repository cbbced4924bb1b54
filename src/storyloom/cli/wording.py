"""Words for people: one line each, and times and sizes as they like them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storyloom.errors import InvalidInput, StoryloomError

if TYPE_CHECKING:  # the help is shown without it
    from decimal import Decimal

    from storyloom.outbound.costs import Cost

# The fields of a request by the names of their options; those of the file need no name.
_OPTIONS = {
    "icp_preset": "--icp: ",
    "custom_headline": "--headline: ",
    "file_content": "",
    "image_data": "",
    "url": "URL: ",
}
NOT_YET = "-"
_JOINERS = "\u200c\u200d"
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def one_line(text: str) -> str:
    """The text as one line, without signs that would steer a terminal.

    The joiners stay: Persian, Indic scripts and families of emoji are written with them.
    """
    return "".join(
        c if c.isprintable() or c in _JOINERS else "\ufffd" for c in " ".join(text.split())
    )


def sentence_of(fault: StoryloomError) -> str:
    """The fault's sentence, with the option that it is about."""
    if not isinstance(fault, InvalidInput) or not fault.loc:
        return fault.message
    field = str(fault.loc[-1])
    return _OPTIONS.get(field, f"--{field}: ") + fault.message


def duration(milliseconds: int | None) -> str:
    """How long it took: `240 ms`, `3.2 s`, `2 min 5 s`."""
    if milliseconds is None:
        return NOT_YET
    if milliseconds < 1000:  # noqa: PLR2004 - a second
        return f"{milliseconds} ms"
    if milliseconds < 60_000:  # noqa: PLR2004 - a minute
        return f"{milliseconds / 1000:.1f} s"
    minutes, rest = divmod(milliseconds // 1000, 60)
    return f"{minutes} min {rest} s"


def money(cost: "Cost | None") -> str:
    """What models cost: `$0.0712 for 2 calls`; nothing where that is not told."""
    if cost is None:
        return ""
    calls = f"{cost.calls} call{'' if cost.calls == 1 else 's'} to models"
    if cost.usd is not None:
        return f"${cost.usd:f} for {calls}"
    return f"at least ${cost.known_usd:f} for {calls}; the price of {cost.unknown_calls} is unknown"


def dollars(known: "Decimal", *, is_all: bool) -> str:
    """A sum in a column: `0.1400`, or `at least 0.1400` where a price is not known."""
    return f"{known:.4f}" if is_all else f"at least {known:.4f}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago: `just now`, `5 minutes ago`, `2 days ago`."""
    for seconds, name in _UNITS:
        count = int((now - then) / timedelta(seconds=seconds))
        if count > 0:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def size(in_bytes: int) -> str:
    """How large: `312 bytes`, `4.2 MB`."""
    large = float(in_bytes)
    for unit in ("bytes", "kB", "MB"):
        if large < 1000:  # noqa: PLR2004 - the next unit
            return f"{large:.0f} bytes" if unit == "bytes" else f"{large:.1f} {unit}"
        large /= 1000
    return f"{large:,.1f} GB"


def clock_time(at: datetime | None) -> str:
    """A time on this machine's clock."""
    return NOT_YET if at is None else f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"
