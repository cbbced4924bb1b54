"""Who watches jobs: a meter that counts them, and a tracer that follows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from storyloom.jobs.meter import Meter
from storyloom.jobs.observed import TRACE, ObservedPipeline
from storyloom.jobs.ports import JobArchive, Pipeline, Tracer
from storyloom.jobs.untraced import Untraced


@dataclass(frozen=True, slots=True)
class Observers:
    """Both; the default counts for nobody and traces nothing."""

    meter: Meter = field(default_factory=Meter)
    tracer: Tracer = field(default_factory=Untraced)

    @property
    def is_traced(self) -> bool:
        """Whether there are traces at all."""
        return not isinstance(self.tracer, Untraced)

    @property
    def details(self) -> dict[str, JsonValue]:
        """What a new job keeps, so that whoever runs it goes on with the trace."""
        carried = self.tracer.carried
        return {TRACE: dict(carried)} if carried else {}

    def over(
        self, pipelines: Sequence[Pipeline], archive: JobArchive
    ) -> Sequence[ObservedPipeline]:
        """The same pipelines, watched."""
        kept = archive if self.is_traced else None
        return [ObservedPipeline(each, self.meter, self.tracer, kept) for each in pipelines]
