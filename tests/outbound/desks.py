"""A desk whose time, prices and ledger belong to the test."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import JsonValue

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.outbound.desk import Desk
from storyloom.outbound.policy import POLICY, Policy
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import Account, Call, Entry, Paid, Usage

USED = Usage(input_tokens=100, output_tokens=10)


class Time:
    """Seconds that pass only in sleep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Prices:
    """A dollar for a hundred tokens; unknown where there is no price."""

    def __init__(self, *, known: bool = True) -> None:
        self.known = known
        self.asked = 0

    def cost(self, provider: str, model: str, usage: Usage) -> tuple[Decimal, str] | None:
        self.asked += 1
        if not self.known:
            return None
        tokens = (usage.input_tokens or 0) + (usage.output_tokens or 0)
        return Decimal(tokens) / 100, f"{provider}:{model}"


class Notes:
    """Keeps texts as they are, until they are lost."""

    def __init__(self) -> None:
        self.lost = False

    async def keep(self, value: str) -> JsonValue:
        return value

    async def again(self, kept: JsonValue) -> str | None:
        return None if self.lost else str(kept)


class Provider:
    """Ends its calls one after another as it was told, and then answers."""

    def __init__(self, *ends: Exception) -> None:
        self.ends = list(ends)
        self.calls = 0

    async def __call__(self) -> Paid[str]:
        self.calls += 1
        if self.ends:
            raise self.ends.pop(0)
        return Paid(f"answer {self.calls}", USED)


@dataclass
class Bureau:
    """A desk with everything around it."""

    policy: Policy = POLICY
    ledger: Ledger = field(default_factory=MemoryLedger)
    prices: Prices = field(default_factory=Prices)
    notes: Notes = field(default_factory=Notes)
    time: Time = field(default_factory=Time)
    job_id: JobId = field(default_factory=new_job_id)

    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.desk = Desk(
            self.ledger,
            self.prices,
            self.clock,
            policy=self.policy,
            time=self.time,
            sleep=self.time.sleep,
        )

    def call_of(
        self, *, fresh: bool = False, job_id: JobId | None = None, provider: str = "google"
    ) -> Call:
        return Call(
            account=Account(org_id="acme", job_id=job_id or self.job_id, fresh=fresh),
            provider=provider,
            model="gemini",
            purpose="understand_code",
            prompt_version="1",
            input_hash="0" * 64,
            size_bytes=10,
            destination="127.0.0.1",
        )

    async def ask(
        self,
        work: Callable[[], Awaitable[Paid[str]]],
        call: Call | None = None,
        *,
        most: Usage | None = None,
    ) -> Paid[str]:
        return await self.desk.call(
            call or self.call_of(), work, self.notes, who="Gemini", most=most
        )

    async def entries(self) -> list[Entry]:
        return list(await self.ledger.of_job(self.job_id))

    async def outcomes(self) -> list[tuple[int, str]]:
        return [(entry.attempt, entry.outcome) for entry in await self.entries()]
