"""The real adapters ask fake providers: what goes over the wire, and what comes of the answers."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import ContentBlocked, KeyRefused
from storyloom.llm.guarded import GuardedLanguageModel
from storyloom.storyboard.asked.code import AskedCodeUnderstanding, code_question
from storyloom.storyboard.asked.roadmap import AskedRoadmapUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import UnderstandingSource
from tests.providers.books import Reply, Seen
from tests.providers.routes import WRITERS, linked
from tests.providers.server import Providers
from tests.storyboard.asked.answers import ABOUT_CALCULATOR, ABOUT_ROADMAP, CALCULATOR
from tests.storyboard.asked.conftest import FILE_NAME, GOOD, SOURCE, Rules
from tests.storyboard.asked.test_injections import INJECTIONS
from tests.storyboard.asked.test_roadmap import Painted, picture

MakeBrief = Callable[..., Brief]
LYING: dict[str, Any] = {**GOOD, "business_value": "It will save 40% of the office's time."}


@dataclass
class Route:
    """A language model at a fake provider."""

    model: GuardedLanguageModel
    providers: Providers
    key: str

    def answer(self, *replies: Reply) -> None:
        self.providers.script(self.key, *replies)

    @property
    def seen(self) -> list[Seen]:
        return self.providers.seen(self.key)


@pytest.fixture(params=list(WRITERS))
async def route(request: pytest.FixtureRequest, providers: Providers) -> AsyncGenerator[Route]:
    key = providers.new_key()
    async with linked(providers, request.param, key) as link:
        model = PydanticAiLanguageModel(link, WRITERS[request.param])
        yield Route(GuardedLanguageModel(model), providers, key)


async def test_a_file_is_understood(route: Route, make_brief: MakeBrief) -> None:
    route.answer(GOOD)

    made = await AskedCodeUnderstanding(route.model, Rules()).understand(
        FILE_NAME, SOURCE, make_brief()
    )

    assert made.source is UnderstandingSource.MODEL
    assert made.headline == GOOD["headline"]
    assert len(made.evidence) == 3
    assert len(route.seen) == 1


async def test_the_code_of_the_document_is_understood(route: Route, make_brief: MakeBrief) -> None:
    route.answer(ABOUT_CALCULATOR)

    made = await AskedCodeUnderstanding(route.model, Rules()).understand(
        "calculator.py", CALCULATOR, make_brief()
    )

    assert made.what_it_does == ABOUT_CALCULATOR["what_it_does"]
    assert made.degraded == ()


async def test_a_roadmap_is_understood(route: Route, make_brief: MakeBrief) -> None:
    route.answer(ABOUT_ROADMAP)
    asking = AskedRoadmapUnderstanding(route.model, Rules(), masker=Painted(), reader=None)

    made = await asking.understand(picture(), make_brief(), sanitize_ip=True)

    assert made.headline == ABOUT_ROADMAP["headline"]
    assert made.evidence[0].box == (0, 0, 320, 120)


async def test_a_lie_costs_one_more_request_that_says_what_was_wrong(
    route: Route, make_brief: MakeBrief
) -> None:
    route.answer(LYING, LYING)

    made = await AskedCodeUnderstanding(route.model, Rules()).understand(
        FILE_NAME, SOURCE, make_brief()
    )

    first, second = (seen.raw.decode() for seen in route.seen)
    assert "40%" not in first
    assert "holds a figure that stands nowhere in the source: 40%" in second
    assert made.headline == "By rules"


async def test_an_answer_of_another_shape_is_asked_for_again(
    route: Route, make_brief: MakeBrief
) -> None:
    route.answer({"headline": "Only this"}, GOOD)

    made = await AskedCodeUnderstanding(route.model, Rules()).understand(
        FILE_NAME, SOURCE, make_brief()
    )

    assert made.source is UnderstandingSource.MODEL
    assert "does not have the shape" in route.seen[1].raw.decode()


@pytest.mark.parametrize("name", ["comment", "fence", "chat turns", "zero width", "base64"])
async def test_an_injection_changes_nothing_but_the_material(
    route: Route, make_brief: MakeBrief, name: str
) -> None:
    route.answer(GOOD, GOOD)
    asking = AskedCodeUnderstanding(route.model, Rules())

    await asking.understand(FILE_NAME, SOURCE, make_brief())
    await asking.understand(FILE_NAME, f"{SOURCE}\n\n{INJECTIONS[name]}", make_brief())

    plain, steered = (_without_material(seen.body) for seen in route.seen)
    assert plain == steered


@pytest.mark.parametrize(("reply", "fault"), [("401", KeyRefused)])
async def test_a_refusal_is_told_as_it_is(
    route: Route, make_brief: MakeBrief, reply: str, fault: type[Exception]
) -> None:
    route.answer(reply)

    with pytest.raises(fault):
        await AskedCodeUnderstanding(route.model, Rules()).understand(
            FILE_NAME, SOURCE, make_brief()
        )


async def test_a_refused_file_is_named_with_its_stage(
    providers: Providers, make_brief: MakeBrief
) -> None:
    key = providers.new_key()
    providers.script(key, "finish:SAFETY")
    async with linked(providers, "google", key) as link:
        asking = AskedCodeUnderstanding(PydanticAiLanguageModel(link, WRITERS["google"]), Rules())

        with pytest.raises(ContentBlocked, match=r"code file.*understanding"):
            await asking.understand(FILE_NAME, SOURCE, make_brief())


async def test_the_guard_leaves_a_fenced_file_as_it_is(make_brief: MakeBrief) -> None:
    seen: list[str] = []

    class Looks:
        async def ask(self, question: Any) -> Any:
            seen.append(question.material)
            raise KeyRefused

    questions = [code_question(f"file{n}.py", f"{SOURCE}\n# {n}", make_brief()) for n in range(40)]
    for question in questions:
        with pytest.raises(KeyRefused):
            await GuardedLanguageModel(Looks()).ask(question)

    assert seen == [question.material for question in questions]


def _without_material(body: Any) -> Any:
    """The request with the text that holds the fence taken out."""
    if isinstance(body, dict):
        return {name: _without_material(part) for name, part in body.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(body, list):
        return [_without_material(part) for part in body]  # pyright: ignore[reportUnknownVariableType]
    return "" if isinstance(body, str) and body.lstrip().startswith("#### ") else body
