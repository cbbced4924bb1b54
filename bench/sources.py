"""Source files that are all different, so that nothing can be remembered."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "code" / "roi_calculator.py"
_TRADES = ("plumbing", "heating", "wiring", "roofing", "cooling", "glazing", "paving")


def source(number: int) -> tuple[str, str]:
    """The name and the text of a file."""
    trade = f"{_TRADES[number % len(_TRADES)]}_{number}"
    text = EXAMPLE.read_text("utf-8")
    return f"{trade}.py", text.replace("calculate", f"estimate_{trade}").replace("roi", trade)


def headline(number: int) -> str:
    """A headline of its own."""
    return f"Board number {number}: {_TRADES[number % len(_TRADES)]} without surprises"
