"""Handing out: whatever stops it, no event is left out."""

from collections.abc import Sequence

import pytest

from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.errors import Unavailable
from storyloom.events.schemas import EventType
from storyloom.webhooks.handing import HandOut
from storyloom.webhooks.schemas import WholeDelivery
from tests.webhooks.conftest import Shop


class Away(SqlDeliveryStore):
    """Cannot keep what is handed out the first time."""

    is_away = True

    async def hand_out(
        self, deliveries: Sequence[WholeDelivery], *, holder: str, upto: int
    ) -> bool:
        if self.is_away:
            self.is_away = False
            raise Unavailable("away", system="database")
        return await super().hand_out(deliveries, holder=holder, upto=upto)


async def test_progress_that_could_not_be_kept_is_handed_out_the_next_time(shop: Shop) -> None:
    hook = await shop.add("http://127.0.0.1/hook", types=[EventType.PROGRESS])
    after = await SqlDeliveryTurn(shop.database, shop.clock).take("me", ttl_s=60)
    assert after is not None
    webhooks, deliveries = SqlWebhookStore(shop.database), Away(shop.database)
    hand_out = HandOut(shop.events.log, webhooks, deliveries, shop.clock)
    await shop.happens("a", type_=EventType.PROGRESS)

    with pytest.raises(Unavailable):
        await hand_out.run("me", after)
    await hand_out.run("me", after)
    await shop.happens("too soon", type_=EventType.PROGRESS)
    await hand_out.run("me", after)

    assert len(await shop.log(hook)) == 1
