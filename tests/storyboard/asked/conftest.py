"""A model that answers what it was told to, a file, a good answer about it, and a brief."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from storyloom.llm.schemas import Answer, Question
from storyloom.outbound.schemas import StandIn, Usage
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Understanding

FILE_NAME = "late_fees.py"
SOURCE = '''"""Late fees on invoices that customers have not paid in time."""

GRACE_DAYS = 14
FEE_PERCENT = 1.5
HIGHEST_FEE_USD = 2_500


def late_fee(invoice, today):
    """The fee on an invoice, once the days of grace are over."""
    days = (today - invoice.due).days
    if days <= GRACE_DAYS:
        return 0
    return min(HIGHEST_FEE_USD, invoice.amount * FEE_PERCENT / 100)


def send_reminder(invoice, customer):
    """Send a reminder to the customer by e-mail, with the fee."""
    customer.mail(f"Invoice {invoice.number} is overdue")
'''
GOOD: dict[str, Any] = {
    "headline": "Overdue invoices that chase themselves",
    "what_it_does": "Works out the late fee on each overdue invoice and reminds the customer.",
    "business_value": "Money that is owed will come in sooner, without calls from the office.",
    "who_benefits": "Executives will see fewer open invoices, and the office will chase less.",
    "differentiator": "A grace period comes first, and no fee ever exceeds a fixed limit.",
    "pain_point_addressed": "Today, somebody has to notice every unpaid invoice and write to the customer.",
    "suggested_icon": "invoice",
    "evidence": [
        {"field": "what_it_does", "first_line": 8, "last_line": 13},
        {"field": "what_it_does", "first_line": 16, "last_line": 18},
        {"field": "differentiator", "first_line": 11, "last_line": 13},
    ],
}


@dataclass
class ScriptedModel:
    """Gives its answers in a row, the last one again and again; an exception is raised."""

    answers: list[dict[str, Any] | Exception] = field(default_factory=lambda: [GOOD])
    asked: list[Question[Any]] = field(default_factory=list[Question[Any]])
    stand_in: StandIn | None = None

    async def ask(self, question: Question[Any]) -> Answer[Any]:
        self.asked.append(question)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        made = question.answer.model_validate(answer)
        return Answer(made, "fake:model", Usage(), self.stand_in)


class Rules:
    """Stands for the reading by rules."""

    async def understand(self, *source: object, **more: object) -> Understanding:
        return Understanding(
            headline="By rules",
            what_it_does="It was read by rules.",
            business_value="",
            who_benefits="",
            differentiator="",
            pain_point_addressed="",
            suggested_icon="gear",
            degraded=("It says little.",),
        )


@pytest.fixture(scope="session")
def make_brief() -> Callable[..., Brief]:
    known = Catalogue.load()

    def make(
        audience: str = "c_suite", stage: str = "preview", headline: str | None = None
    ) -> Brief:
        icp = known.icp["coperniq_mep"]
        return Brief(icp, known.stages[stage], known.audiences[audience], headline)

    return make
