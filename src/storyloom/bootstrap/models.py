"""Which models understand and illustrate, and the one desk that all their calls go through."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._link import Link
from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import InvalidInput, Misconfigured
from storyloom.imaging.charged import ChargedImageBackend
from storyloom.imaging.ports import ImageBackend, ImageStore
from storyloom.kit.clock import SystemClock
from storyloom.llm.charged import ChargedLanguageModel
from storyloom.llm.guarded import GuardedLanguageModel
from storyloom.llm.names import ModelName, is_allowed, parse
from storyloom.llm.ports import Asks
from storyloom.outbound.desk import Desk
from storyloom.outbound.policy import Policy
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import Budget
from storyloom.settings import Settings
from storyloom.storyboard.outages import outlast

#: What is chosen where there is a key for Gemini and nothing else is said.
LANGUAGE, IMAGES = "google:gemini-3.8-flash", "google:gemini-3.1-flash-image"
NONE = "none"
_PAINT = frozenset({"google", "openai", "openai-chat", "local"})
#: The settings with the key and the address of each provider.
REACHED_BY = {
    "google": ("google_api_key", "google_base_url"),
    "openai": ("openai_api_key", "openai_base_url"),
    "openai-chat": ("openai_api_key", "openai_base_url"),
    "anthropic": ("anthropic_api_key", "anthropic_base_url"),
    "ollama": ("llm_api_key", "ollama_base_url"),
    "vllm": ("llm_api_key", "vllm_base_url"),
    "lmstudio": ("llm_api_key", "lmstudio_base_url"),
    "local": ("llm_api_key", "llm_base_url"),
}


def language_names(settings: Settings) -> Sequence[ModelName]:
    """The language models, the wanted one first; none where rules understand.

    Raises `Misconfigured` that names the setting.
    """
    return _names(settings, "language_model", "fallback_models", LANGUAGE)


def image_names(settings: Settings) -> Sequence[ModelName]:
    """The image models, the wanted one first; none where scenes are drawn."""
    names = _names(settings, "image_model", "fallback_image_models", IMAGES)
    for name in names:
        if name.provider not in _PAINT:
            setting = Settings.variable("image_model")
            raise Misconfigured(
                f"{setting} names {name}, but {name.provider} makes no pictures.", setting=setting
            )
    return names


def asks(settings: Settings, named: str | None) -> bool:
    """Whether a storyboard would ask any model; `named` is the one that its request names.

    Raises `InvalidInput` for one that may not be asked, and `Misconfigured`.
    """
    if named is not None:
        allows(settings)(named)
    return bool(named or language_names(settings) or image_names(settings))


def _names(settings: Settings, wanted: str, more: str, usual: str) -> Sequence[ModelName]:
    chosen: str | None = getattr(settings, wanted)
    if chosen is None:
        chosen = NONE if settings.google_api_key is None else usual
    if chosen == NONE:
        return []
    return [
        _name(written, Settings.variable(setting))
        for setting, listed in ((wanted, chosen), (more, getattr(settings, more)))
        for written in patterns(listed)
    ]


def _name(written: str, setting: str) -> ModelName:
    try:
        return parse(written)
    except InvalidInput as fault:
        raise Misconfigured(f"{setting}: {fault.message}", setting=setting) from fault


def patterns(listed: str) -> Sequence[str]:
    """What a setting lists, with commas between."""
    return [one.strip() for one in listed.split(",") if one.strip()]


def allows(settings: Settings) -> Callable[[str], None]:
    """What checks a model that a request names; it raises `InvalidInput`."""
    usual = language_names(settings)
    allowed = patterns(settings.allowed_models)

    def check(written: str) -> None:
        name = _asked(written)
        if name not in usual and not is_allowed(name, allowed):
            raise InvalidInput(
                f"The operator of this server does not allow the model {name}: "
                "STORYLOOM_ALLOWED_MODELS has to name it",
                loc=("body", "model"),
                kind="model_not_allowed",
            )

    return check


def _asked(written: str) -> ModelName:
    try:
        return parse(written)
    except InvalidInput as fault:
        raise InvalidInput(fault.message, loc=("body", "model"), kind=fault.kind) from fault


def connection_of(settings: Settings, provider: str) -> Connection:
    """Where a provider is reached, and with which key."""
    of_key, of_url = REACHED_BY[provider]
    key, url = getattr(settings, of_key), getattr(settings, of_url)
    return Connection(provider, None if key is None else key.get_secret_value(), url)


def prices_of(settings: Settings) -> GenaiPrices:
    """The operator's prices, and the known ones."""
    return GenaiPrices({k: (p.input, p.output) for k, p in settings.model_prices.items()})


def budget_of(settings: Settings) -> Budget:
    """The most that may be spent."""
    return Budget(
        per_job_usd=settings.budget_per_job_usd,
        per_org_day_usd=settings.budget_per_org_day_usd,
    )


@dataclass(frozen=True, slots=True)
class Models:
    """What calls models. Nothing is loaded before the first call."""

    language: Asks | None  #: None where rules understand
    images: ImageBackend | None  #: None where scenes are drawn
    named: Callable[[str], Asks]  #: the language model that a request names


@asynccontextmanager
async def open_models(
    settings: Settings, ledger: Ledger, images: ImageStore
) -> AsyncGenerator[Models]:
    """What the settings choose, with one link to each provider; closed in the end."""
    prices = prices_of(settings)
    policy = Policy(
        timeout_s=settings.call_timeout_s,
        concurrency=settings.provider_concurrency,
        budget=budget_of(settings),
        patience=outlast,
    )
    desk = Desk(ledger, prices, SystemClock(), policy=policy)
    async with AsyncExitStack() as stack:
        links: dict[str, Link] = {}

        def link(provider: str) -> Link:
            if provider not in links:
                connection = connection_of(settings, provider)
                made = Link(connection, prices=prices, timeout_s=settings.call_timeout_s)
                stack.push_async_callback(made.aclose)
                links[provider] = made
            return links[provider]

        def asking(names: Sequence[ModelName]) -> Asks:
            models = [PydanticAiLanguageModel(link(n.provider), n.model) for n in names]
            return GuardedLanguageModel(ChargedLanguageModel(models, desk))

        painters = [
            PydanticAiImageBackend(link(n.provider), n.model) for n in image_names(settings)
        ]
        usual = language_names(settings)
        yield Models(
            language=asking(usual) if usual else None,
            images=ChargedImageBackend(painters, desk, images) if painters else None,
            named=lambda written: asking([parse(written)]),
        )
