"""What a line on a roadmap is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.storyboard.roadmap.words import (
    MAX_LINE,
    Horizon,
    Kind,
    cleaned,
    horizon_of,
    is_date,
    is_period,
    kind_of,
    lane_in,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Automated ROI calculator", Kind.TEXT),
        ("Schedules 40 jobs in under 5 seconds", Kind.TEXT),
        ("Partner Marketplace", Kind.TEXT),
        ("Node.js upgrade", Kind.TEXT),
        ("In progress", Kind.STATUS),
        ("IN REVIEW 6", Kind.STATUS),
        ("High priority", Kind.STATUS),
        ("Internal - do not share", Kind.MARK),
        ("Last updated 3 March 2027 by Dana Whitfield", Kind.MARK),
        ("Group by", Kind.FURNITURE),
        ("Q1 2026", Kind.DATE),
        ("Mar 14", Kind.DATE),
        ("4Apr", Kind.DATE),
        ("2027", Kind.DATE),
        ("2026-03-14", Kind.DATE),
        ("Due 14th March", Kind.DATE),
        ("Jan - Mar 2026", Kind.DATE),
        ("Sprint 14 ends 2/5/2026", Kind.DATE),
        ("Dana Whitfield", Kind.PERSON),
        ("Owner: Xochitl Q.", Kind.PERSON),
        ("by Mei", Kind.PERSON),
        ("MeiTanaka", Kind.PERSON),
        ("Dw Dana Whitfield", Kind.PERSON),
        ("QuickBooks sync", Kind.TEXT),
        ("@dwhitfield", Kind.PERSON),
        ("MK", Kind.PERSON),
        ("$45,000", Kind.PRICE),
        ("€1.2M ARR", Kind.PRICE),
        ("40k USD", Kind.PRICE),
        ("$29/seat", Kind.PRICE),
        ("v4.8", Kind.VERSION),
        ("Build 381", Kind.VERSION),
        ("2.0.1-rc1", Kind.VERSION),
        ("OPS-1042", Kind.TICKET),
        ("#381", Kind.TICKET),
        ("Project Nighthawk", Kind.CODE_NAME),
        ("Codename: Blue Heron", Kind.CODE_NAME),
        ("dana@voltbrook.example", Kind.ADDRESS),
        ("https://voltbrook.example/x", Kind.ADDRESS),
        ("voltbrook.io", Kind.ADDRESS),
        ("3", Kind.COUNT),
        ("12 items", Kind.COUNT),
        ("2 of 5", Kind.COUNT),
        ("45%", Kind.COUNT),
        ("Q1 2026 · Mia Okafor · $40k", Kind.DATE),
        ("v4.2 Mia Okafor", Kind.VERSION),
        ("⋮", Kind.NOISE),
        ("-->|<--", Kind.NOISE),
        ("R&", Kind.NOISE),
        ("", Kind.NOISE),
    ],
)
def test_a_line_is_told_by_its_words_and_shape(text: str, kind: Kind) -> None:
    assert kind_of(cleaned(text)) is kind


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Al dispatch board", "AI dispatch board"),
        ("Automated ROl calculator", "Automated ROI calculator"),
        ("APls and KPls", "APls and KPls"),
        ("All crews", "All crews"),
        ("•  Job costing...", "Job costing"),
        ("✅ 2. Live map", "Live map"),
        ("Q12026", "Q1 2026"),
        ("a\x00b\u200bc\nd", "a b c d"),
        ("\uff56\uff14\uff0e\uff18", "v4.8"),
        ("Now \u2013 Q1", "Now - Q1"),
    ],
)
def test_what_readers_get_wrong_is_undone(read: str, meant: str) -> None:
    assert cleaned(read) == meant


@pytest.mark.parametrize(
    ("text", "name", "horizon"),
    [
        ("Now", "Now", Horizon.NOW),
        ("IN PROGRESS 4", "IN PROGRESS", Horizon.NOW),
        ("Next (Q2)", "Next", Horizon.NEXT),
        ("Later - 2027", "Later", Horizon.LATER),
        ("Done / Shipped", "Done", Horizon.DONE),
        ("Recently shipped", "Recently shipped", Horizon.DONE),
        ("Q3 2026", "Q3 2026", None),
        ("Q1 - Q2", "Q1 - Q2", None),
        ("March", "March", None),
        ("2027", "2027", None),
        ("Sprint 14", "Sprint 14", None),
        ("Phase 1", "Phase 1", None),
    ],
)
def test_headings_that_say_when_are_lanes(text: str, name: str, horizon: Horizon | None) -> None:
    lane = lane_in(cleaned(text))

    assert lane is not None
    assert (lane.text, lane.horizon) == (name, horizon)


@pytest.mark.parametrize("text", ["Billing", "Now you can pay", "Next: better maps", "14:30", "3"])
def test_other_texts_are_no_lanes(text: str) -> None:
    assert lane_in(text) is None


def test_states_tell_how_far_a_thing_is() -> None:
    assert horizon_of("In development") is Horizon.NOW
    assert horizon_of("Blocked") is None


@pytest.mark.parametrize("text", ["12", "7 / 12", "May the force", "", "or"])
def test_numbers_and_words_are_no_dates(text: str) -> None:
    assert not is_date(text)
    assert not is_period(text)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_classified_and_cut(text: str) -> None:
    clean = cleaned(text)

    assert len(clean) <= MAX_LINE + 20
    assert kind_of(clean) in Kind
    assert lane_in(clean) is None or horizon_of(clean) in {None, *Horizon}
