"""An idle engine idles."""

from pathlib import Path

from storyloom.adapters.dbos.engine import IDLE_POLL_S, EngineOptions, open_engine


async def test_the_librarys_own_queue_is_polled_seldom(tmp_path: Path) -> None:
    from dbos._dbos import _get_dbos_instance  # noqa: PLC0415 - only here may the name appear

    async with open_engine(EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", drain_s=0), []):
        queue = _get_dbos_instance()._registry.get_internal_queue()

    assert queue._polling_interval_sec == IDLE_POLL_S
