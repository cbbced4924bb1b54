"""Understands a code file by asking a language model, and believes only what the file bears out."""

from functools import partial

from anyio import to_thread

from storyloom.llm.fencing import fenced, lines_of
from storyloom.llm.ports import Asks
from storyloom.llm.schemas import Question
from storyloom.storyboard.asked.asking import asked, by_rules, why_not
from storyloom.storyboard.asked.briefing import (
    ENGLISH,
    code_instructions,
    language_of,
    own_words,
    shows_no_names,
)
from storyloom.storyboard.asked.evidence import Judged, cited_lines, judged
from storyloom.storyboard.asked.faults import Bounds
from storyloom.storyboard.asked.grounds import Grounds
from storyloom.storyboard.asked.schemas import CodeAnswer
from storyloom.storyboard.ports import CodeUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.prompting import UNDERSTAND_CODE, prompt
from storyloom.storyboard.schemas import Understanding, UnderstandingSource


class AskedCodeUnderstanding:
    """A `CodeUnderstanding` by a language model.

    It sends the text as it is: put what takes secrets out in front of it. Where no answer can stand,
    `static` reads the file, and the result says so. What a provider fails at is raised.
    """

    def __init__(self, model: Asks, static: CodeUnderstanding) -> None:
        """Take what can be asked, and what reads by rules."""
        self._model = model
        self._static = static

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields for the brief's audience and stage; raises what `ask` raises."""
        question = await to_thread.run_sync(code_question, file_name, text, brief)
        judge = partial(judged_code, file_name=file_name, text=text, brief=brief)
        verdict = await asked(self._model, question, judge)
        if verdict.complaints:
            static = await self._static.understand(file_name, text, brief)
            return by_rules(static, verdict.stand_in, why_not(verdict.complaints))
        return understanding_of(verdict, brief)


def code_question(file_name: str, text: str, brief: Brief) -> Question[CodeAnswer]:
    """Put a file into a question: the same file and brief give the same bytes."""
    asking = prompt(UNDERSTAND_CODE)
    return Question(
        name=asking.name,
        version=asking.version,
        instructions=code_instructions(asking, brief),
        material=fenced(file_name, lines_of(text)),
        answer=CodeAnswer,
    )


def judged_code(answer: CodeAnswer, *, file_name: str, text: str, brief: Brief) -> Judged:
    """Hold an answer against the file."""
    grounds = Grounds(lines_of(text), file_name)
    language = language_of(brief)
    bounds = Bounds(
        grounds=grounds,
        own_words=own_words(brief),
        instructions=code_instructions(prompt(UNDERSTAND_CODE), brief),
        is_english=language == ENGLISH,
        shows_no_names=shows_no_names(brief),
    )
    said = judged(answer, bounds, language=language, headline=brief.headline)
    cited = cited_lines(answer.evidence, grounds)
    return Judged(
        fields=said.fields,
        found_headline=said.found_headline,
        evidence=cited.evidence,
        notes=said.notes + cited.notes,
        complaints=said.complaints + cited.complaints,
    )


def understanding_of(verdict: Judged, brief: Brief) -> Understanding:
    """What stands of an answer, as the result. A wished headline rests on nothing in the source."""
    found = verdict.found_headline
    has_own = bool(found) or brief.headline is None
    told = {
        "source": UnderstandingSource.MODEL,
        "evidence": tuple(e for e in verdict.evidence if has_own or e.field != "headline"),
        "degraded": (*filter(None, [verdict.stand_in]), *verdict.notes),
    }
    own = {"headline": found} if found else {}
    made = Understanding.model_validate({**verdict.fields, **own, **told})
    return made.headed(brief.headline) if found else made
