"""A model that answers what it was told to, about a scene of two people."""

from dataclasses import dataclass, field
from typing import Any

from storyloom.llm.schemas import Answer, Question
from storyloom.outbound.schemas import StandIn, Usage

SCRIPT = """INT. LAMP ROOM - NIGHT

NORA (61, white braid) lifts the old lantern. Rain beats on the glass.

NORA
Hold this.

TEO (19, freckles) takes the lantern and runs to the rail, soaked.

EXT. YARD - DAWN

Nora sits on the steps. The lantern is broken.
"""
FIRST: dict[str, Any] = {
    "beats": [
        {
            "quote": "NORA (61, white braid) lifts the old lantern.",
            "action": "nora lifts the lantern to the glass",
            "characters": ["nora"],
            "props": ["lantern"],
            "shot": "close-up",
            "picture": "new",
            "reason": "It shows the lantern.",
        },
        {
            "quote": "Rain beats on the glass. NORA Hold this.",
            "action": "nora looks at the rain",
            "characters": ["nora"],
            "picture": "reuse",
            "reuse_of": 1,
            "reason": "She only speaks.",
        },
        {
            "quote": "TEO (19, freckles) takes the lantern and runs to the rail, soaked",
            "action": "teo runs to the rail with the lantern",
            "characters": ["teo"],
            "props": ["lantern", "rail"],
            "picture": "new",
        },
    ],
    "new_props": [{"id": "rail", "name": "rail", "look": "rusty iron rail"}],
    "states": [{"id": "rail", "state": "wet", "first_beat": 3, "last_beat": None}],
}
SECOND: dict[str, Any] = {
    "beats": [
        {
            "quote": "Nora sits on the steps. The lantern is broken.",
            "action": "nora sits on the steps beside the broken lantern",
            "characters": ["nora"],
            "props": ["lantern"],
        }
    ]
}


@dataclass
class ScriptedModel:
    """Gives its answers in a row, the last one again and again; an exception is raised."""

    answers: list[dict[str, Any] | Exception]
    asked: list[Question[Any]] = field(default_factory=list[Question[Any]])
    stand_in: StandIn | None = None

    async def ask(self, question: Question[Any]) -> Answer[Any]:
        self.asked.append(question)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        made = question.answer.model_validate(answer)
        return Answer(made, "fake:model", Usage(), self.stand_in)
