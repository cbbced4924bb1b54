"""Makes screenplays of any length: the same number gives the same text."""

from collections.abc import Iterator
from random import Random

NAMES = ("MARIA LOPEZ", "DEV", "OLD TOM", "DR. VANCE", "CAPTAIN HOLT", "LIN", "ROSA", "THE CLERK")
PLACES = ("KITCHEN", "HARBOUR", "VAN YARD - GATE", "ROOFTOP", "TRAIN STATION", "ATTIC", "CLINIC")
TIMES = ("DAY", "NIGHT", "DAWN", "CONTINUOUS", "LATER", "EVENING")
ACTIONS = (
    "{a} lifts the red lantern from the hook and crosses to the window.",
    "Rain hammers on the roof. A door slams somewhere below.",
    "{a} hands {b} a folded letter. {b} tears it in two.",
    "She looks up at the clock. It is a quarter to nine, no. 7 on the list.",
    "{a} runs along the wall, soaked, and stumbles. {b} catches the suitcase.",
    "Silence. Then the engine starts, and {b} limps into the light.",
    "{a} (38, foreman, red cap) puts the key on the table and waits.",
)
LINES = (
    "We have no time. Take the lantern and go.",
    "I told you at 5 p.m. that Mr. Holt would not come.",
    "What is in the letter?",
    "Nothing... nothing at all. Ask Dr. Vance.",
    "He paid $4.5M for it! Who would do that?",
)


def screenplay(pages: int = 90, seed: int = 1) -> str:
    """About 2,000 characters a page."""
    return "\n".join(_blocks(pages * 2000, Random(seed)))  # noqa: S311 - nothing secret


def _blocks(length: int, random: Random) -> Iterator[str]:
    yield "Title: The Long Night\nAuthor: Nobody\n"
    made = number = 0
    while made < length:
        number += 1
        inside = random.choice(("INT.", "EXT.", "INT./EXT."))
        scene = [f"{inside} {random.choice(PLACES)} - {random.choice(TIMES)} #{number}#", ""]
        for _ in range(random.randint(6, 14)):
            first, second = random.sample(NAMES, 2)
            shown = {"a": first.title(), "b": second.title()}
            scene += [random.choice(ACTIONS).format(**shown), ""]
            scene += [
                first,
                "(quietly)",
                random.choice(LINES),
                "",
                second,
                random.choice(LINES),
                "",
            ]
        scene += [random.choice(("CUT TO:", "")), ""]
        block = "\n".join(scene)
        made += len(block)
        yield block
