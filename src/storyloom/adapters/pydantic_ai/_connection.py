"""Where a provider is reached, and with which key."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from storyloom.errors import Misconfigured
from storyloom.outbound.providers import spoken

_OWN = {
    "google": "https://generativelanguage.googleapis.com",
    "openai": "https://api.openai.com/v1",
    "openai-chat": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
}
OPENAI_OWN = frozenset({"openai", "openai-chat"})


@dataclass(frozen=True, slots=True)
class Connection:
    """A provider by its name in model names, such as `google`. Nothing is read from elsewhere."""

    provider: str
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None  #: when the provider is not reached at its own address

    @property
    def who(self) -> str:
        """The name for a person, such as `Gemini`."""
        return spoken(self.provider)

    @property
    def is_hosted(self) -> bool:
        """Whether it is one of the companies, rather than a server of the operator's."""
        return self.provider in _OWN

    @property
    def url(self) -> str:
        """The address without a slash at the end; raises `Misconfigured`."""
        url = self.base_url or _OWN.get(self.provider, "")
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise Misconfigured(f"The address of {self.who} is missing or no http(s) URL.")
        return url.rstrip("/")

    @property
    def key(self) -> str:
        """The key; raises `Misconfigured` where one is needed and missing."""
        if self.is_hosted and not self.api_key:
            raise Misconfigured(f"The API key for {self.who} is missing.")
        return self.api_key or "none"

    @property
    def destination(self) -> str:
        """The host, with the port if that is not the usual one."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
