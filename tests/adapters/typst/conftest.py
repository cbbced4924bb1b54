"""Boards to draw: realistic, long, and in many scripts."""

import pytest

from storyloom.boards.schemas import Board, BoardFormat, Brand, Panel, Scene, Tracker

LAYOUTS = ("briefing", "story", "playbook", "an operator's own")
TREATMENTS = ("teaser", "demo", "announcement", "an operator's own")
LONG_HEADLINE = (
    "A custom headline that somebody wrote at length, because the steering committee could not "
    "agree on anything shorter, so it mentions the calculator, the customers, the savings and the "
    "year of the launch"
)
LEAD = (
    "Works out the return of every open bid for the customer, compares it with the energy prices "
    "of the last twelve months in the customer's own town, and writes it into the proposal, so "
    "that it can be sent on the same day."
)
BODIES = {
    Scene.PROBLEM: (
        "Estimators spend their evenings on spreadsheets that nobody else can read, and customers "
        "still ask what they get for the money they are asked to spend."
    ),
    Scene.WHAT: "It reads bids and works out what they give back.",
    Scene.VALUE: (
        "Bids that show a payback time are won more often, and each one takes minutes rather than "
        "hours of an estimator's evening at home with the family."
    ),
    Scene.WHO: (
        "Owners, estimators and office managers at mechanical, electrical and plumbing contractors "
        "that send more than ten bids a month to building owners."
    ),
    Scene.DIFFERENCE: (
        "It uses the energy prices of the customer's own town, and every figure can be opened, "
        "checked and changed by the customer at any time, even offline."
    ),
}
ORDER = (Scene.VALUE, Scene.PROBLEM, Scene.DIFFERENCE, Scene.WHO)


@pytest.fixture
def board() -> Board:
    return Board(
        format=BoardFormat.LANDSCAPE,
        brand=Brand(name="Coperniq"),
        treatment="demo",
        layout="briefing",
        badge="Demo ready",
        kicker="Executive briefing",
        headline="Automated return on investment calculator for every commercial bid",
        lead=LEAD,
        icon="calculator",
        tracker=Tracker(stations=("Preview", "Demo", "Shipped"), position=1),
        panels=tuple(
            Panel(scene=scene, label=f"What it is: {scene}", body=BODIES[scene]) for scene in ORDER
        ),
        footnote="Read from calculator.py by rules, without a model",
    )
