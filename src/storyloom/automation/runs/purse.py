"""What a run may spend: keys and prices of the models that it would ask, and what the budget allows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storyloom.kit.clock import Clock
from storyloom.kit.findings import Finding, Verdict, error, warning, well
from storyloom.outbound.budgets import day_of
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import Budget, Spent

KEYS, BUDGET = "keys", "budget"
_OTHERWISE = "rules write in its place"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model at a provider, as far as it is known without asking it."""

    name: str  #: such as `google:gemini-3.8-flash`
    missing_key: str = ""  #: the setting of the key that it needs, where that is not set
    is_priced: bool = True  #: whether anybody knows what it costs


@dataclass(frozen=True, slots=True)
class Asked:
    """The models that a run would ask; None where it asks none."""

    language: ModelFacts | None = None
    painter: ModelFacts | None = None

    @property
    def both(self) -> Sequence[ModelFacts]:
        """Those that there are."""
        return [one for one in (self.painter, self.language) if one is not None]


@dataclass(frozen=True, slots=True)
class Roster:
    """Which models there are. Both read the price list, and so block."""

    #: The one that a session names, or the usual one; None: rules write. Raises `InvalidInput`.
    language: Callable[[str | None], ModelFacts | None]
    #: The image model of a provider; None: there is none.
    painter: Callable[[], ModelFacts | None]


def keys_of(asked: Asked) -> Finding:
    """Whether the keys are set. A language model can be done without."""
    if asked.painter is not None and asked.painter.missing_key:
        setting = asked.painter.missing_key
        says = f"{asked.painter.name} makes the pictures, and {setting} is not set."
        return error(KEYS, says, f"Set {setting}, or choose another backend.")
    if asked.language is not None and asked.language.missing_key:
        setting = asked.language.missing_key
        says = f"{asked.language.name} is to write, and {setting} is not set: {_OTHERWISE}."
        return warning(KEYS, says, f"Set {setting}.")
    names = " and ".join(one.name for one in asked.both)
    return well(KEYS, f"Nothing is missing for {names}." if names else "No key is needed.")


class Purse:
    """What may still be spent."""

    def __init__(self, budget: Budget, ledger: Ledger, clock: Clock) -> None:
        """Take the limits, and where it is written down what was spent."""
        self._budget = budget
        self._ledger = ledger
        self._clock = clock

    async def look(self, org_id: str, asked: Asked, expected_usd: Decimal | None) -> Finding:
        """What the budget allows for a run that is expected to cost so much; None: nobody knows."""
        if not asked.both:
            return well(BUDGET, "Nothing is spent on models.")
        start, _ = day_of(self._clock.now())
        spent = await self._ledger.spent(since=start, org_id=org_id)
        if not self._budget.is_set:
            return well(BUDGET, f"There is no budget. {_today(spent)}")
        return self._hindrance(asked, spent) or self._room(self._left(spent), expected_usd)

    def _hindrance(self, asked: Asked, spent: Spent) -> Finding | None:
        """Why a model will not be asked at all."""
        unpriced = [one for one in asked.both if not one.is_priced]
        if unpriced:
            says = f"There is a budget, and the price of {_named(unpriced)} is unknown"
            mend = "Tell it in STORYLOOM_MODEL_PRICES."
            return _obstacle(asked, f"{says}, so that it is not asked.", mend, unpriced)
        if self._left(spent) > 0:
            return None
        says = f"Nothing is left of {self._limits()}. {_today(spent)}"
        return _obstacle(asked, says, "Wait until tomorrow, or raise the budget.", asked.both)

    def _room(self, left: Decimal, expected_usd: Decimal | None) -> Finding:
        says = f"${left:.2f} are left of {self._limits()}"
        if expected_usd is None:
            return well(BUDGET, f"{says}; what the run will cost is not known.")
        says = f"{says}; the run may cost ${expected_usd:.2f}."
        if expected_usd > left:
            mend = "Raise the budget, or let the run make fewer pictures."
            return warning(BUDGET, says, mend)
        return well(BUDGET, says)

    def _left(self, spent: Spent) -> Decimal:
        job, day = self._budget.per_job_usd, self._budget.per_org_day_usd
        limits = [job, None if day is None else day - spent.cost_usd]
        return min(limit for limit in limits if limit is not None)

    def _limits(self) -> str:
        told = {"a run": self._budget.per_job_usd, "a day": self._budget.per_org_day_usd}
        return " and ".join(f"${usd:.2f} for {of}" for of, usd in told.items() if usd is not None)


def _today(spent: Spent) -> str:
    more = "" if not spent.unknown_calls else f", and {spent.unknown_calls} calls of unknown price"
    return f"${spent.cost_usd:.2f} were spent today{more}."


def _named(models: Iterable[ModelFacts]) -> str:
    return " and ".join(one.name for one in models)


def _obstacle(asked: Asked, says: str, mend: str, missing: Sequence[ModelFacts]) -> Finding:
    """Without its painter a run makes no picture as it was asked for; without a writer it does."""
    status = Verdict.ERROR if asked.painter in missing else Verdict.WARNING
    return Finding(BUDGET, status, says, mend)
