"""Words from code, in a comment that others read."""

from storyloom.cli.diff.keeping import Change
from storyloom.cli.diff.manifest import Look, Storyboard
from storyloom.cli.diff.redrawing import Fate, Redrawn
from storyloom.cli.diff.reporting import markdown

HOSTILE = (
    "a | b\n# c @all `x` <img src=x> ![p](http://e.example) www.e.example *b* _i_ \\ ~s~ &amp;"
)


def test_words_stay_words() -> None:
    board = Storyboard(source="a|b.py", picture="@x/[a](b).png", look=Look())
    change = Change(field="headline", old=None, new=f"{HOSTILE} It's done. 5, 6; x-y")

    told = markdown([Redrawn(board, Fate.CHANGED, "A", [change])])

    (row,) = (line for line in told.splitlines() if line.startswith("| Headline"))
    assert row.count("|") == 4
    assert not set(row) & set("@`<>[]()*_\\~:!/")
    assert "www." not in row
    assert row.endswith("It's done. 5, 6; x-y |")
    assert "[a]" not in told


def test_what_stays_is_counted_and_not_shown() -> None:
    board = Storyboard(source="a.py", picture="a.png", look=Look())

    told = markdown([Redrawn(board, Fate.UNCHANGED, "A")])

    assert told == "## Storyboards\n\nStoryboards whose code changed: 1 unchanged.\n\n"
