"""No traces: what stands in for a tracer where nobody wants any."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from storyloom.jobs.ports import Span, SpanKind

_NOTHING: Mapping[str, str] = {}


class UntracedSpan:
    """A stretch of work that nobody looks at."""

    @property
    def carried(self) -> Mapping[str, str]:
        """Nothing."""
        return _NOTHING

    def tell(self, name: str | None = None, **attributes: str | int) -> None:
        """Tell nobody."""


class Untraced:
    """Makes no spans."""

    def __init__(self) -> None:
        """Make the one span that serves for all."""
        self._span: AbstractContextManager[Span] = nullcontext(UntracedSpan())

    @property
    def carried(self) -> Mapping[str, str]:
        """Nothing."""
        return _NOTHING

    def span(
        self, name: str, kind: SpanKind, within: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Span]:
        """The same for all."""
        del name, kind, within
        return self._span
