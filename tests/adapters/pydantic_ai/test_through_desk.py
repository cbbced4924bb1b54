"""Faults on the wire, through the desk: how many requests leave, and what the ledger says.

Nothing sleeps here: the waits are only counted.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import StoryloomError
from storyloom.imaging.charged import ChargedImageBackend
from storyloom.imaging.schemas import ImageRequest
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import new_job_id
from storyloom.llm.charged import ChargedLanguageModel
from storyloom.llm.schemas import Question
from storyloom.outbound.account import charged_to
from storyloom.outbound.desk import Desk
from storyloom.outbound.schemas import Account, Entry
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.routes import PAINTERS, WRITERS, linked
from tests.providers.server import Providers

QUESTION = Question("understand_code", "1", "You read code.", "def pay(): ...", Seven)
PICTURE = ImageRequest(prompt="a van", width=64, height=64)
ROUTES = [(name, "text") for name in WRITERS] + [(name, "picture") for name in PAINTERS]

#: The faults in their order, how the call ends, and the outcomes in the ledger.
CASES = [
    (["ok"], "ok", ["ok"]),
    (["503", "ok"], "ok", ["overloaded", "ok"]),
    (["500", "ok"], "ok", ["server_error", "ok"]),
    (["429:2", "ok"], "ok", ["rate_limited", "ok"]),
    (["cut", "ok"], "ok", ["connection", "ok"]),
    (["html", "ok"], "ok", ["server_error", "ok"]),
    (["503", "500", "ok"], "server_error", ["overloaded", "server_error"]),
    (["429:1", "429:1", "ok"], "rate_limited", ["rate_limited", "rate_limited"]),
    (["429:900", "ok"], "rate_limited", ["rate_limited"]),
    (["429-quota", "ok"], "quota", ["quota"]),
    (["401", "ok"], "auth", ["auth"]),
    (["404", "ok"], "model_not_found", ["model_not_found"]),
    (["400", "ok"], "rejected", ["rejected"]),
    (["odd", "ok"], "bad_answer", ["bad_answer"]),
]


@dataclass
class Office:
    """One model or painter behind a desk."""

    providers: Providers
    use: Callable[[], Awaitable[object]]
    key: str
    kind: str
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    waits: list[float] = field(default_factory=list[float])
    job: Account = field(default_factory=lambda: Account(org_id="acme", job_id=new_job_id()))

    async def end(self) -> str:
        """How one call ends: `ok`, or the code of its error."""
        with charged_to(self.job):
            try:
                await self.use()
            except StoryloomError as fault:
                return fault.code
        return "ok"

    async def entries(self) -> list[Entry]:
        assert self.job.job_id is not None
        return list(await self.ledger.of_job(self.job.job_id))


@pytest.fixture(params=ROUTES, ids="-".join)
async def office(request: pytest.FixtureRequest, providers: Providers) -> AsyncGenerator[Office]:
    provider, kind = request.param
    key = providers.new_key()
    ledger, waits = MemoryLedger(), list[float]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with linked(providers, provider, key) as link:
        desk = Desk(ledger, GenaiPrices(), SystemClock(), sleep=wait)
        writer = PydanticAiLanguageModel(link, WRITERS.get(provider, "-"))
        model = ChargedLanguageModel([writer], desk)
        painter = PydanticAiImageBackend(link, PAINTERS.get(provider, "-"))
        backend = ChargedImageBackend([painter], desk, ObstoreImageStore.in_memory())

        async def use() -> object:
            return await (model.ask(QUESTION) if kind == "text" else backend.generate(PICTURE))

        yield Office(providers, use, key, kind, ledger, waits)


@pytest.mark.parametrize(("faults", "end", "outcomes"), CASES, ids=str)
async def test_a_call_ends_as_it_shall_after_so_many_requests(
    office: Office, faults: list[str], end: str, outcomes: list[str]
) -> None:
    office.providers.script(office.key, *faults)

    assert await office.end() == end

    entries = await office.entries()
    assert [entry.outcome for entry in entries] == outcomes
    assert len(office.providers.seen(office.key)) == len(outcomes)
    assert len(office.waits) == len(outcomes) - 1
    if faults[0] == "429:2":
        assert office.waits == [2]
    billed = sum(office.providers.charges(office.key).values())
    assert billed <= sum(fault in {"ok", "cut", "odd"} for fault in faults[: len(outcomes)])


async def test_the_same_again_is_neither_sent_nor_paid(office: Office) -> None:
    assert [await office.end(), await office.end()] == ["ok", "ok"]

    assert len(office.providers.seen(office.key)) == 1
    (entry,) = await office.entries()
    assert entry.ending is not None
    assert entry.ending.usage.output_tokens
