"""A sender that is loaded for the first delivery: an HTTP client takes time and memory."""

from collections.abc import Awaitable, Callable, Mapping

import anyio

from storyloom.webhooks.ports import Answer, WebhookSender


class LateWebhookSender:
    """A `WebhookSender` by another one that is not loaded yet. To be made in the event loop."""

    def __init__(self, load: Callable[[], Awaitable[WebhookSender]]) -> None:
        """Take what loads it."""
        self._load = load
        self._loaded: WebhookSender | None = None
        self._loading = anyio.Lock()

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send it."""
        async with self._loading:
            if self._loaded is None:
                self._loaded = await self._load()
        return await self._loaded.send(url, headers, body)
