"""The morning report in words: its headline, its figures, its times."""

from collections.abc import Iterator

from storyloom.boards.export.schemas import Reel, ReelReport

_MINUTE_S, _HOUR_S = 60, 3600
_CENT = 0.01


def headline_of(report: ReelReport) -> str:
    """One sentence: what there is, and whether somebody has to do something."""
    if report.headline:
        return report.headline
    made = report.done + report.degraded
    said = f"{made} of {_pictures(report.total)} made"
    if report.degraded:
        said += f", {report.degraded} of them otherwise than asked"
    if report.failed:
        said += f"; {report.failed} failed"
    if report.decisions:
        need = "needs" if len(report.decisions) == 1 else "need"
        return f"{said}. {len(report.decisions)} {need} your decision."
    return f"{said}. Nothing needs you."


def facts_of(report: ReelReport) -> Iterator[tuple[str, str]]:
    """The figures that are known, each with what it is."""
    if report.spent_usd is not None or report.unpriced_calls:
        yield "spent", _spent(report)
    if report.gpu_s is not None:
        yield "GPU time", duration(report.gpu_s)
    if report.wall_s is not None:
        yield "from start to end", duration(report.wall_s)


def when_of(reel: Reel, report: ReelReport) -> str:
    """When the run began and ended, or when the reel was made; empty where nobody knows."""
    ended = report.ended_at or reel.made_at
    if ended is None:
        return ""
    end = f"{ended:%d %B %Y, %H:%M} UTC"
    begun = report.started_at
    if begun is None or (ended - begun).total_seconds() < _MINUTE_S:
        return end
    return f"{begun:%H:%M} to {end}"


def duration(seconds: float) -> str:
    """`1 h 05 min`, `12 min 30 s`, `45 s`."""
    whole = round(seconds)
    if whole >= _HOUR_S:
        return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02d} min"
    if whole >= _MINUTE_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02d} s"
    return f"{whole} s"


def _spent(report: ReelReport) -> str:
    known = report.spent_usd
    said = "" if known is None else "nothing" if not known else f"${known:.2f}"
    if known and known < _CENT:
        said = "less than $0.01"
    unknown = f"{report.unpriced_calls} of unknown price" if report.unpriced_calls else ""
    return " + ".join(filter(None, (said, unknown)))


def _pictures(number: int) -> str:
    return f"{number} picture{'' if number == 1 else 's'}"
