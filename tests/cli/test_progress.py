import os
import pty
import sys
from io import StringIO

import pytest
from rich.console import Console

from storyloom.cli.progress import on_terminal, watching


def test_a_terminal_sees_the_bar_move() -> None:
    screen = StringIO()

    with watching(2, Console(file=screen, force_terminal=True, width=100)) as watcher:
        watcher.at("[roi].py", "drawing")
        watcher.done()

    assert "[roi].py: drawing" in screen.getvalue()
    assert "1/2" in screen.getvalue()


def test_nobody_is_told_where_nobody_looks() -> None:
    with watching(1, None) as watcher:
        watcher.at("roi.py", "drawing")
        watcher.done()


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = pty.openpty()
    with os.fdopen(theirs, "rb"), os.fdopen(ours, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)

        assert on_terminal(as_json=False) is not None
        assert on_terminal(as_json=True) is None
    monkeypatch.setattr(sys, "stderr", StringIO())
    assert on_terminal(as_json=False) is None
