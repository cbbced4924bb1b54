"""One provider of models: is it reached, does it accept the key, does it have the models."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from anyio import to_thread

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._diagnosis import list_models, look_for_model
from storyloom.adapters.pydantic_ai._link import check_installed
from storyloom.bootstrap.models import REACHED_BY, connection_of
from storyloom.errors import (
    KeyRefused,
    Misconfigured,
    ModelNotFound,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    ServerFault,
    StoryloomError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from storyloom.kit.findings import Finding, error, warning, well
from storyloom.llm.names import ModelName
from storyloom.settings import Settings

ANSWER_WITHIN_S = 6.0
AT_MOST = 200  #: names of each kind
# The lists tell no more than names.
_PAINTS = re.compile(r"image|dall-e|imagen|flux|stable-diffusion", re.IGNORECASE)
_NEITHER = re.compile(
    r"embed|tts|whisper|moderation|audio|realtime|transcribe|speech|babbage|davinci|sora|veo|rerank",
    re.IGNORECASE,
)
# Where each company shows its keys, and what may be used with them.
_PAGES = {
    "google": ("https://aistudio.google.com/apikey", "https://ai.dev/rate-limit"),
    "openai": (
        "https://platform.openai.com/api-keys",
        "https://platform.openai.com/settings/organization/limits",
    ),
    "anthropic": (
        "https://console.anthropic.com/settings/keys",
        "https://console.anthropic.com/settings/limits",
    ),
}
_PAGES["openai-chat"] = _PAGES["openai"]
# They pass by themselves, or say nothing of the settings.
_MILD = (RateLimited, Overloaded, ServerFault, Unsupported)


@dataclass(frozen=True, slots=True)
class Usable:
    """What a key can use, as far as the names tell; the newest come first."""

    provider: str
    understand: tuple[str, ...]
    paint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model that the settings name."""

    name: ModelName
    setting: str
    is_needed: bool  #: whether it is the first to be asked


@dataclass
class Provider:
    """A provider under examination."""

    check: str
    settings: Settings
    name: str
    wanted: Sequence[Wanted]
    usable: Usable | None = None  #: once it has told

    async def look(self) -> Sequence[Finding]:
        """Ask for its models: that costs nothing."""
        connection = connection_of(self.settings, self.name)
        found = await self._installed(connection)
        if (missing := self._unset(connection)) is not None:
            return [*found, missing]
        try:
            listed = await list_models(connection, timeout_s=ANSWER_WITHIN_S)
        except StoryloomError as fault:
            return [*found, self._told(fault, self._mend(fault, connection))]
        self.usable = usable_of(self.name, listed)
        unknown = [
            finding
            for one in self.wanted
            if (finding := await self._look_for(one, listed, connection)) is not None
        ]
        return [*found, *unknown, well(self.check, self._says(connection, listed))]

    async def _installed(self, connection: Connection) -> list[Finding]:
        try:
            await to_thread.run_sync(check_installed, connection)
        except Misconfigured as fault:
            says, _, mend = fault.message.partition(". Install it with: ")
            return [self._finding(f"{says}.", mend)]
        return []

    def _unset(self, connection: Connection) -> Finding | None:
        of_key, of_url = self._variables
        if connection.is_hosted and not connection.api_key:
            page = _PAGES[self.name][0]
            says = f"Models of {connection.who} are named, and {of_key} is not set."
            return self._finding(says, f"Set it; {page} makes one.")
        try:
            connection.destination  # noqa: B018 - it raises for what is no address
        except Misconfigured as fault:
            return self._finding(fault.message, f"Set {of_url}, such as http://127.0.0.1:8080/v1.")
        return None

    async def _look_for(
        self, one: Wanted, listed: Sequence[str], connection: Connection
    ) -> Finding | None:
        model = one.name.model
        # Ollama lists `llama4:latest` for what people call `llama4`.
        if model in listed or f"{model}:latest" in listed:
            return None
        try:
            if connection.is_hosted:  # it may be an alias, which no list has
                await look_for_model(connection, model, timeout_s=ANSWER_WITHIN_S)
                return None
        except ModelNotFound:
            pass
        except StoryloomError as fault:
            return self._told(fault, self._mend(fault, connection))
        says = f"{connection.who} does not know the model {model}, or not for this key."
        return (error if one.is_needed else warning)(self.check, says, _instead(one, listed))

    def _says(self, connection: Connection, listed: Sequence[str]) -> str:
        met = "accepts the key" if connection.is_hosted else f"answers at {connection.destination}"
        many = f"{len(listed)} model{'' if len(listed) == 1 else 's'}"
        return f"{connection.who} {met}, and lists {many}."

    def _told(self, fault: StoryloomError, mend: str) -> Finding:
        says = f"{fault.message.rstrip('.')}."
        return (
            warning(self.check, says, mend)
            if isinstance(fault, _MILD)
            else self._finding(says, mend)
        )

    def _finding(self, says: str, mend: str) -> Finding:
        """An error only where jobs begin with this provider."""
        tell = error if any(one.is_needed for one in self.wanted) else warning
        return tell(self.check, says, mend)

    def _mend(self, fault: StoryloomError, connection: Connection) -> str:
        of_key, of_url = self._variables
        keys, limits = _PAGES.get(self.name, ("", ""))
        match fault:
            case KeyRefused():
                return f"Correct {of_key}." + (f" Keys are made at {keys}" if keys else "")
            case QuotaUsedUp() | RateLimited():
                return "Wait, or have the limit raised" + (f": {limits}" if limits else ".")
            case Overloaded() | ServerFault():
                return "Wait; meanwhile STORYLOOM_FALLBACK_MODELS can name another."
            case TimedOut() | Unreachable():
                return _reach(connection, of_url)
            case _:
                ends = "or leave it out" if connection.is_hosted else "it usually ends in /v1"
                return f"Correct {of_url}, {ends}."

    @property
    def _variables(self) -> tuple[str, str]:
        of_key, of_url = REACHED_BY[self.name]
        return Settings.variable(of_key), Settings.variable(of_url)


def usable_of(provider: str, listed: Sequence[str]) -> Usable:
    """Sort names by what their models do."""
    # Of names with a number in them, later ones are mostly newer.
    names = sorted((name for name in listed if not _NEITHER.search(name)), reverse=True)
    understand = tuple(name for name in names if not _PAINTS.search(name))
    paint = tuple(name for name in names if _PAINTS.search(name))
    return Usable(provider, understand[:AT_MOST], paint[:AT_MOST])


def _reach(connection: Connection, of_url: str) -> str:
    if not connection.is_hosted:
        return f"Start it, or correct {of_url}."
    between = f"Look at name service, firewall and proxy between here and {connection.destination}"
    return f"{between}, or correct {of_url}." if connection.base_url else f"{between}."


def _instead(one: Wanted, listed: Sequence[str]) -> str:
    close = get_close_matches(one.name.model, listed, n=3)
    mend = f"Correct {one.setting}."
    if close:
        return f"Did you mean {' or '.join(close)}? {mend}"
    if one.name.provider == "ollama":
        return f"ollama pull {one.name.model}"
    return mend
