"""The sentences of roadmap boards."""

from collections.abc import Callable

import pytest

from storyloom.storyboard.presets import Brief
from storyloom.storyboard.roadmap.cards import Item
from storyloom.storyboard.roadmap.layout import Lane, Roadmap
from storyloom.storyboard.roadmap.phrases import (
    MAX_FIELD,
    MAX_HEADLINE,
    MAX_WHAT,
    answered,
    headline_of_items,
    headline_of_themes,
    name_of,
    prefixed,
    promised,
    what_of_items,
    what_of_themes,
)
from storyloom.storyboard.roadmap.themes import outline_of, scores_of, short_names
from storyloom.storyboard.roadmap.words import Horizon

NOW, NEXT, LATER, DONE = Horizon.NOW, Horizon.NEXT, Horizon.LATER, Horizon.DONE
MakeBrief = Callable[..., Brief]


def item(text: str, horizon: Horizon | None = None) -> Item:
    return Item(text, (0, 0, 10, 10), horizon=horizon)


PLAN = (
    item("Login screen", DONE),
    item("Invoice reminders", NOW),
    item("Crew schedule", NEXT),
    item("Permit tracker", LATER),
)


@pytest.mark.parametrize(
    ("stage", "headline", "what"),
    [
        (
            "preview",
            "What is coming: billing, scheduling and compliance",
            "Three additions are on the way: first billing, then scheduling, and later compliance.",
        ),
        (
            "demo",
            "See what is coming: billing, scheduling and compliance",
            (
                "The demo walks through four additions: "
                "first secure sign-in and billing, then scheduling, and later compliance."
            ),
        ),
        (
            "shipped",
            "Live now: secure sign-in",
            (
                "Four additions are in hand: "
                "live now secure sign-in, next billing and scheduling, and later compliance."
            ),
        ),
    ],
)
def test_themes_are_told_in_order_and_in_the_stages_tense(
    brief: MakeBrief, stage: str, headline: str, what: str
) -> None:
    wish = brief(stage=stage)
    chosen = promised(PLAN, wish)
    told = chosen if stage == "preview" else PLAN

    assert headline_of_themes(outline_of(chosen), wish) == headline
    assert what_of_themes(outline_of(told), wish) == what


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        ("preview", "One addition is on the way: billing."),
        ("demo", "The demo walks through one addition: billing."),
        ("shipped", "One addition is in hand: live now billing."),
    ],
)
def test_one_item_is_told_as_one(brief: MakeBrief, stage: str, what: str) -> None:
    assert what_of_themes(outline_of([item("Invoice reminders", NOW)]), brief(stage=stage)) == what


def test_many_items_are_not_counted_out(brief: MakeBrief) -> None:
    outline = outline_of([item("Invoice reminders", NOW)] * 21)

    assert what_of_themes(outline, brief()).startswith("More than twenty additions")


def test_nothing_known_gives_nothing(brief: MakeBrief) -> None:
    outline = outline_of([item("Zorbl", NOW)])

    assert (headline_of_themes(outline, brief()), what_of_themes(outline, brief())) == ("", "")


def test_a_known_theme_of_a_later_lane_is_not_told_twice(brief: MakeBrief) -> None:
    plan = [item("Invoice reminders", NOW), item("Invoice reminders", LATER)]

    assert what_of_themes(outline_of(plan), brief()) == "Two additions are on the way: billing."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Crew mobile app v2", "Crew mobile app"),
        ("Invoice sync (Q2 2026)", "Invoice sync"),
        ("Add single sign-on", "Single sign-on"),
        ("Bulk invoice approval!", "Bulk invoice approval"),
        ("Billing - $40,000", "Billing"),
        ("Build", "Build"),
        (
            "Estimates from drawings and photographs, including older scans",
            "Estimates from drawings and photographs",
        ),
        ("Everything that any contractor could ever have asked us about", ""),
    ],
)
def test_an_item_is_named_without_version_date_and_verb(text: str, name: str) -> None:
    assert name_of(item(text)) == name


def test_the_first_item_of_each_horizon_is_in_the_headline(brief: MakeBrief) -> None:
    expected = "What is coming: Invoice reminders, Crew schedule and Permit tracker"

    assert headline_of_items(promised(PLAN, brief()), brief()) == expected


def test_items_of_one_horizon_are_named_in_order(brief: MakeBrief) -> None:
    plan = [item("Invoice reminders"), item("Crew schedule")]

    assert headline_of_items(plan, brief()) == "What is coming: Invoice reminders and Crew schedule"


def test_what_is_live_is_what_is_done_or_else_under_way(brief: MakeBrief) -> None:
    shipped = brief(stage="shipped")

    assert [one.text for one in promised(PLAN, shipped)] == ["Login screen"]
    assert [one.text for one in promised(PLAN[1:], shipped)] == ["Invoice reminders"]
    assert promised(PLAN[2:], shipped) == PLAN[2:]
    assert promised(PLAN[:1], brief()) == PLAN[:1]


def test_a_headline_that_does_not_fit_is_shortened_by_whole_names(brief: MakeBrief) -> None:
    plan = [item("A rather long name of a thing to come" + tail, NOW) for tail in ("", " two")]

    assert headline_of_items(plan, brief()) == f"What is coming: {plan[0].text}"
    assert headline_of_items([item("word " * 20)], brief()) == ""


def test_lanes_keep_their_own_names(brief: MakeBrief) -> None:
    roadmap = Roadmap(
        "",
        (
            Lane("IN PROGRESS", NOW, (item("Invoice reminders"),)),
            Lane("Q2", None, (item("Crew schedule"), item("Live map"), item("Live map"))),
            Lane("Later", LATER, (item("Permit tracker"),)),
            Lane("Done", DONE, (item("Login screen"),)),
        ),
    )

    assert what_of_items(roadmap, brief()) == (
        "In progress: Invoice reminders; Q2: Crew schedule and Live map; later: Permit tracker."
    )
    assert what_of_items(roadmap, brief(stage="demo")).endswith("; done: Login screen.")


def test_many_lanes_are_told_by_horizon(brief: MakeBrief) -> None:
    lanes = [Lane(f"Team {i}", None, (one,)) for i, one in enumerate(PLAN[1:])]
    loose = [Lane("", None, (item("Live map"),)), Lane("Team 9", None, (item("Van stock"),))]

    assert what_of_items(Roadmap("", (*lanes, *loose)), brief()) == (
        "Now: Invoice reminders; next: Crew schedule; later: Permit tracker; Live map and Van stock."
    )


def test_a_long_list_says_that_there_is_more(brief: MakeBrief) -> None:
    names = [
        f"A longer thing that comes to all as number {word}"
        for word in ("one", "two", "three", "four", "five", "six")
    ]
    lanes = (
        Lane("Now", NOW, tuple(item(name) for name in names)),
        Lane("Next", NEXT, (item("Crew schedule"),)),
    )

    text = what_of_items(Roadmap("", lanes), brief())

    assert " and more; next: Crew schedule." in text
    assert len(text) <= MAX_WHAT


def test_a_list_that_cannot_fit_is_not_told(brief: MakeBrief) -> None:
    lanes = tuple(Lane("x" * 90 + str(i), None, (item("Crew schedule"),)) for i in range(3))

    assert what_of_items(Roadmap("", lanes), brief()) == ""


def test_a_claim_names_its_item_where_there_is_room(brief: MakeBrief) -> None:
    assert prefixed(item("Live map"), "It will help.") == "Live map: it will help."
    assert prefixed(item("Live map"), "I" * MAX_FIELD) == "I" * MAX_FIELD
    assert answered(item("Live map"), "It hurts.", brief()) == (
        "It hurts. The answer on the roadmap: Live map."
    )
    assert answered(item("Live map"), "I" * MAX_FIELD, brief()) == "I" * MAX_FIELD


def test_every_short_name_belongs_to_a_known_capability_or_is_not_used() -> None:
    assert set(scores_of(item("Invoice reminders"))) <= set(short_names())
    assert max(len(name) for name in short_names().values()) * 3 < MAX_HEADLINE
