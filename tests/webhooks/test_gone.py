"""A receiver that is gone: its webhook is disabled, once, and no other address is."""

from collections.abc import Callable

import pytest

from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.errors import Unavailable
from storyloom.webhooks import delivering as module
from storyloom.webhooks.schemas import StoredWebhook
from tests.until import until
from tests.webhooks.conftest import Shop
from tests.webhooks.receiver import Receiver


class Away(SqlWebhookStore):
    """Is away at the first change, and says how many there were."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop.database)
        self.calls = 0
        self.changed = 0

    async def change(
        self, org_id: str, webhook_id: str, how: Callable[[StoredWebhook], StoredWebhook]
    ) -> StoredWebhook | None:
        self.calls += 1
        if self.calls == 1:
            raise Unavailable("away", system="database")
        changed = await super().change(org_id, webhook_id, how)
        self.changed += 1
        return changed


async def test_the_attempt_is_noted_once_however_long_disabling_takes(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRY_EVERY_S", 0.02)
    receiver.statuses["/gone"] = [410]
    hook = await shop.add(receiver.url("/gone"))
    store = Away(shop)
    async with shop.courier(webhooks=store):
        await shop.happens("a")
        await until(lambda: store.changed == 1)

    (sent,) = await shop.log(hook)
    assert [one.status_code for one in sent.attempts] == [410]
    assert (await shop.webhooks.get("acme", hook.id)).disabled_reason == "gone"
