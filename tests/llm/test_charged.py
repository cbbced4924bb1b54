"""Questions are paid once, on somebody's account, and go on to the next model when one fails."""

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import pytest
from pydantic import BaseModel

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.errors import Overloaded, StoryloomError, TimedOut, Unreachable
from storyloom.kit.ids import new_job_id
from storyloom.llm.charged import ChargedLanguageModel
from storyloom.llm.schemas import Answer, Attachment, Question
from storyloom.outbound.account import charged_to
from storyloom.outbound.policy import Policy
from storyloom.outbound.schemas import FREE, OK, Account, Budget, Entry, Usage
from tests.outbound.desks import USED, Bureau, Prices

A = TypeVar("A", bound=BaseModel)
ACCOUNT = Account(org_id="acme", job_id=new_job_id(), step="understand")
PICTURE = Attachment(b"\x89PNG", "image/png")


class Verdict(BaseModel):
    headline: str
    score: float = 0.5


class OtherVerdict(Verdict):
    reason: str = ""


QUESTION = Question(
    name="understand_code",
    version="3",
    instructions="You read code.",
    material="def f(): pass  # Grüße \ud800",
    answer=Verdict,
)


class Model:
    """Answers its own name and how often it was asked, unless it is to fail."""

    provider = "google"

    def __init__(self, model: str = "gemini-3.8-flash", *faults: StoryloomError) -> None:
        self.model = model
        self.destination = f"{model}.example"
        self.faults = list(faults)
        self.asked = 0
        self.pinged = 0

    async def ask(self, question: Question[A]) -> Answer[A]:
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        value = question.answer.model_validate({"headline": f"{self.model} {self.asked}"})
        return Answer(value, f"{self.provider}:{self.model}", USED)

    async def ping(self) -> None:
        self.pinged += 1


async def entries(bureau: Bureau) -> list[Entry]:
    assert ACCOUNT.job_id is not None
    return list(await bureau.ledger.of_job(ACCOUNT.job_id))


async def ask(
    charged: ChargedLanguageModel,
    question: Question[Verdict] = QUESTION,
    account: Account = ACCOUNT,
) -> Answer[Verdict]:
    with charged_to(account):
        return await charged.ask(question)


async def test_an_answer_comes_with_its_price() -> None:
    answer = await ask(ChargedLanguageModel([Model()], Bureau().desk))

    assert answer.value == Verdict(headline="gemini-3.8-flash 1")
    assert answer.stand_in is None
    assert answer.model == "google:gemini-3.8-flash"
    assert answer.usage.cost_usd == Decimal("1.1")


async def test_what_is_sent_where_is_written_down() -> None:
    bureau = Bureau()

    await ask(
        ChargedLanguageModel([Model()], bureau.desk), replace(QUESTION, attachments=(PICTURE,))
    )

    (entry,) = await entries(bureau)
    call = entry.call
    assert (call.account, call.purpose, call.prompt_version) == (ACCOUNT, "understand_code", "3")
    assert (call.provider, call.model) == ("google", "gemini-3.8-flash")
    assert call.destination == "gemini-3.8-flash.example"
    assert 200 < call.size_bytes < 1000
    assert len(call.input_hash) == 64
    # The price of some hundred bytes, one picture and the longest answer.
    assert call.estimate_usd is not None
    assert 4096 + 1600 + 66 < call.estimate_usd * 100 < 4096 + 1600 + 334


async def test_an_equal_question_is_free() -> None:
    model = Model()
    charged = ChargedLanguageModel([model], Bureau().desk)
    first = await ask(charged)

    again = await ask(charged, account=Account(org_id="acme", job_id=new_job_id()))

    assert again == replace(first, usage=FREE)
    assert model.asked == 1


@pytest.mark.parametrize(
    "question",
    [
        replace(QUESTION, name="understand_roadmap"),
        replace(QUESTION, version="4"),
        replace(QUESTION, instructions="You read."),
        replace(QUESTION, material="def g(): pass"),
        replace(QUESTION, complaint="It is too long."),
        replace(QUESTION, answer=OtherVerdict),
        replace(QUESTION, attachments=(PICTURE,)),
        replace(QUESTION, max_output_tokens=10),
        replace(QUESTION, temperature=0.0),
    ],
)
async def test_every_difference_is_another_question(question: Question[Verdict]) -> None:
    model = Model()
    charged = ChargedLanguageModel([model], Bureau().desk)
    await ask(charged)

    await ask(charged, question)

    assert model.asked == 2


@pytest.mark.parametrize(
    "other", [Attachment(b"\x89PNG2", "image/png"), Attachment(b"\x89PNG", "image/jpeg")]
)
async def test_another_picture_is_another_question(other: Attachment) -> None:
    model = Model()
    charged = ChargedLanguageModel([model], Bureau().desk)

    await ask(charged, replace(QUESTION, attachments=(PICTURE,)))
    await ask(charged, replace(QUESTION, attachments=(other,)))

    assert model.asked == 2


async def test_another_model_is_asked_anew() -> None:
    bureau, other = Bureau(), Model("gemini-4")
    await ask(ChargedLanguageModel([Model()], bureau.desk))

    await ask(ChargedLanguageModel([other], bureau.desk))

    assert other.asked == 1


async def test_the_next_model_is_asked_when_one_fails() -> None:
    first = Model("first", Overloaded(retry_after_s=0), Overloaded())
    second = Model("second")
    bureau = Bureau()

    answer = await ask(ChargedLanguageModel([first, second], bureau.desk))

    assert answer.model == "google:second"
    assert answer.stand_in is not None
    assert answer.stand_in.wanted == "google:first"
    assert (answer.stand_in.answered, answer.stand_in.code) == ("google:second", "overloaded")
    assert [(e.call.model, e.attempt, e.outcome) for e in await entries(bureau)] == [
        ("first", 1, "overloaded"),
        ("second", 1, OK),
        ("first", 2, "overloaded"),
    ]


async def test_a_timeout_is_the_end_of_it() -> None:
    second = Model("second")

    with pytest.raises(TimedOut):
        await ask(ChargedLanguageModel([Model("first", TimedOut()), second], Bureau().desk))

    assert second.asked == 0


async def test_when_all_fail_it_is_said_what_was_tried() -> None:
    models = [Model(name, Unreachable(retry_after_s=0), Unreachable()) for name in ("a", "b")]

    with pytest.raises(Unreachable, match=r"Tried: google:a \(connection\), google:b \(connect"):
        await ask(ChargedLanguageModel(models, Bureau().desk))


async def test_an_answer_of_another_shape_is_asked_for_anew() -> None:
    class Changed(MemoryLedger):
        async def answered(self, org_id: str, input_hash: str) -> Entry | None:
            entry = await super().answered(org_id, input_hash)
            if entry is None or entry.ending is None:
                return None
            ending = entry.ending.model_copy(update={"result": {"title": "as it was once"}})
            return entry.model_copy(update={"ending": ending})

    model = Model()
    charged = ChargedLanguageModel([model], Bureau(ledger=Changed()).desk)
    await ask(charged)

    await ask(charged)

    assert model.asked == 2


async def test_the_estimate_keeps_within_the_budget() -> None:
    bureau = Bureau(policy=Policy(budget=Budget(per_job_usd=Decimal(1))))
    model = Model()

    with pytest.raises(StoryloomError) as fault:
        await ask(ChargedLanguageModel([model], bureau.desk))

    assert fault.value.code == "budget"
    assert model.asked == 0


async def test_without_a_price_the_cost_is_unknown() -> None:
    bureau = Bureau(prices=Prices(known=False))

    answer = await ask(ChargedLanguageModel([Model()], bureau.desk))

    assert answer.usage == Usage(input_tokens=100, output_tokens=10)


async def test_it_passes_for_the_wanted_model() -> None:
    first, second = Model("first"), Model("second")
    charged = ChargedLanguageModel([first, second], Bureau().desk)

    await charged.ping()

    assert (charged.provider, charged.model) == ("google", "first")
    assert charged.destination == "first.example"
    assert (first.pinged, second.pinged) == (1, 0)
