"""Whether the models that the settings name can be used, and what else their keys can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from storyloom.bootstrap.diagnosis.asking import Check, at_once
from storyloom.bootstrap.diagnosis.providers import Provider, Usable, Wanted
from storyloom.bootstrap.models import (
    budget_of,
    image_names,
    language_names,
    patterns,
    prices_of,
)
from storyloom.errors import Misconfigured
from storyloom.kit.findings import Finding, error, warning, well
from storyloom.llm.names import PROVIDERS, ModelName, can_cover, parse
from storyloom.outbound.schemas import Usage
from storyloom.settings import Settings

CHECK = "models"
# The price list is read from the disk, and providers may be on the other side of the world.
_LIMIT_S = 15.0
_MEND = "Look at the network between, and whether others get answers."
_CHOICES = (
    (language_names, "language_model", "fallback_models"),
    (image_names, "image_model", "fallback_image_models"),
)
_Names = Callable[[Settings], Sequence[ModelName]]


@dataclass
class Models:
    """Looks at them; without a model named, nobody is asked anything."""

    settings: Settings
    usable: list[Usable] = field(default_factory=list[Usable])  #: once their providers were asked

    @property
    def checks(self) -> Sequence[Check]:
        """What is set, and then one for each provider."""
        wanted = _wanted(self.settings)
        named = Check(CHECK, at_once(partial(look_at_settings, self.settings)), "", _LIMIT_S)
        providers = {one.name.provider: 0 for one in wanted} | dict.fromkeys(
            _allowed(self.settings), 0
        )
        return [named, *(self._check(provider, wanted) for provider in providers)]

    def _check(self, provider: str, wanted: Sequence[Wanted]) -> Check:
        asked = Provider(
            f"{CHECK} {provider}",
            self.settings,
            provider,
            [one for one in wanted if one.name.provider == provider],
        )

        async def look() -> Sequence[Finding]:
            found = await asked.look()
            if asked.usable is not None:
                self.usable.append(asked.usable)
            return found

        return Check(asked.check, look, _MEND, _LIMIT_S)


def look_at_settings(settings: Settings) -> Sequence[Finding]:
    """Names, patterns, and whether a budget can be kept. Reads the price list: blocks."""
    found: list[Finding] = []
    for names_of, setting, more in _CHOICES:
        try:
            names = names_of(settings)
        except Misconfigured as fault:
            found.append(error(CHECK, fault.message, f"Correct {fault.setting}."))
            continue
        if not names and getattr(settings, more):
            found.append(_idle(setting, more))
    found += [*_patterns(settings), *_prices(settings)]
    return found or [well(CHECK, _chosen(settings))]


def _wanted(settings: Settings) -> Sequence[Wanted]:
    """Every model that is named, the needed ones first."""
    found: list[Wanted] = []
    for names_of, setting, more in _CHOICES:
        names = _names(names_of, settings)
        usual = len(names) - len(patterns(getattr(settings, more)))
        for number, name in enumerate(names):
            written_in = Settings.variable(setting if number < usual else more)
            found.append(Wanted(name, written_in, is_needed=number == 0))
    variable = Settings.variable("allowed_models")
    found += [
        Wanted(parse(one), variable, is_needed=False)
        for one in patterns(settings.allowed_models)
        if not set(one) & set("*?[") and can_cover(one)
    ]
    return sorted(found, key=lambda one: not one.is_needed)


def _names(names_of: _Names, settings: Settings) -> Sequence[ModelName]:
    try:
        return names_of(settings)
    except Misconfigured:
        return []


def _allowed(settings: Settings) -> Sequence[str]:
    """The providers that requests may choose from."""
    named = [one.partition(":")[0] for one in patterns(settings.allowed_models)]
    return [name for name in named if name in PROVIDERS]


def _idle(setting: str, more: str) -> Finding:
    first, second = Settings.variable(setting), Settings.variable(more)
    return warning(
        CHECK,
        f"{second} is set, and nothing that it could stand in for: it is not used.",
        f"Set {first}, or leave it out.",
    )


def _patterns(settings: Settings) -> Sequence[Finding]:
    written = {
        "allowed_models": patterns(settings.allowed_models),
        "model_prices": list(settings.model_prices),
    }
    return [
        warning(
            CHECK,
            f"{Settings.variable(setting)} names {pattern!r}, which covers no model.",
            "Write provider and model, such as google:gemini-3.8-flash or google:*; the providers "
            f"are {', '.join(PROVIDERS)}.",
        )
        for setting, named in written.items()
        for pattern in named
        if not can_cover(pattern)
    ]


def _prices(settings: Settings) -> Sequence[Finding]:
    """A call whose price nobody knows is not made where there is a budget."""
    if not budget_of(settings).is_set:
        return []
    prices, token = prices_of(settings), Usage(input_tokens=1, output_tokens=1)
    return [
        (error if one.is_needed else warning)(
            CHECK,
            f"There is a budget, and the price of {one.name} is unknown: it will not be asked.",
            f"Tell it in {Settings.variable('model_prices')}, such as "
            f'{{"{one.name}": {{"input": 0.1, "output": 0.5}}}}.',
        )
        for one in _wanted(settings)
        if prices.cost(one.name.provider, one.name.model, token) is None
    ]


def _chosen(settings: Settings) -> str:
    language, images = language_names(settings), image_names(settings)
    reads = f"{language[0]} understands" if language else "Rules understand"
    paints = f"{images[0]} illustrates" if images else "scenes are drawn"
    return f"{reads}, {paints}."
