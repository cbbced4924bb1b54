"""A sender that is loaded for the first delivery."""

import asyncio
from collections.abc import Mapping

from storyloom.webhooks.late import LateWebhookSender
from storyloom.webhooks.ports import Answer, WebhookSender


class Echo:
    """Answers with what it is sent."""

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(200, f"{url} {dict(headers)} {body.decode()}")


async def test_it_is_loaded_once_and_for_the_first() -> None:
    loaded: list[Echo] = []

    async def load() -> WebhookSender:
        await asyncio.sleep(0)
        loaded.append(Echo())
        return loaded[0]

    sender = LateWebhookSender(load)
    assert loaded == []
    async with asyncio.TaskGroup() as tasks:
        both = [tasks.create_task(sender.send(f"http://{n}", {}, b"x")) for n in range(2)]

    assert [one.result().start for one in both] == ["http://0 {} x", "http://1 {} x"]
    assert len(loaded) == 1
