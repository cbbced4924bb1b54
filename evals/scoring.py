"""Has every case of the labelled set understood, and scored."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import mean

from PIL import Image

from evals.cases import CodeCase, RoadmapCase
from evals.rules import score_code, score_roadmap, score_variety
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.schemas import Understanding, UnderstandingSource


@dataclass(frozen=True, slots=True)
class Scored:
    """One case: its understanding, and a score from 0 to 1 for each rule."""

    case: str
    made: Understanding
    scores: dict[str, float]

    @property
    def mean(self) -> float:
        """All rules count the same."""
        return mean(self.scores.values())


async def scored_code(reader: CodeUnderstanding, cases: Sequence[CodeCase]) -> list[Scored]:
    """Score a reader of code, case by case."""
    found: list[Scored] = []
    for case in cases:
        made = await reader.understand(case.name, case.text, case.brief)
        scores = score_code(made, case)
        if made.source is UnderstandingSource.STATIC:  # a model would be paid for each
            others = [await reader.understand(case.name, case.text, one) for one in case.others]
            scores["varied"] = score_variety(made, others)
        found.append(Scored(case.name, made, scores))
    return found


async def scored_roadmaps(
    reader: RoadmapUnderstanding, cases: Sequence[RoadmapCase]
) -> list[Scored]:
    """Score a reader of roadmaps; a picture that could not be read here is left out."""
    found: list[Scored] = []
    for case in cases:
        made = await reader.understand(case.image, case.brief, sanitize_ip=True)
        if made.source is not UnderstandingSource.NONE:
            with Image.open(BytesIO(case.image)) as picture:
                found.append(Scored(case.name, made, score_roadmap(made, case, picture.size)))
    return found
