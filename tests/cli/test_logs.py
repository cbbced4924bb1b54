import logging

import pytest

from storyloom.cli.logs import set_up


@pytest.mark.parametrize(("level", "others"), [("info", logging.WARNING), ("debug", logging.DEBUG)])
def test_others_are_quiet_unless_all_is_asked_for(level: str, others: int) -> None:
    set_up(level)

    assert logging.getLogger("dbos").level == others
    assert logging.getLogger().level == getattr(logging, level.upper())
