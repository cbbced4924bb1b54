"""From boxes to lanes and items, for every arrangement that is known."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.storyboard.ports import TextBox
from storyloom.storyboard.roadmap.layout import MAX_BOXES, Roadmap, roadmap_in
from storyloom.storyboard.roadmap.words import Horizon

Put = Callable[..., tuple[TextBox, ...]]
NOW, NEXT, LATER, DONE = Horizon.NOW, Horizon.NEXT, Horizon.LATER, Horizon.DONE


def names(roadmap: Roadmap) -> dict[str, list[str]]:
    return {lane.name: [item.text for item in lane.items] for lane in roadmap.lanes}


def horizons(roadmap: Roadmap) -> dict[str, Horizon | None]:
    return {item.text: item.horizon for item in roadmap.items}


def test_no_box_is_an_empty_roadmap() -> None:
    assert roadmap_in(()) == Roadmap()
    assert roadmap_in(()).items == ()


def test_what_the_reader_is_not_sure_of_is_left_out(put: Put) -> None:
    assert roadmap_in(put(("Billing portal", 10, 20), score=0.3)) == Roadmap()


def test_columns_under_headings(put: Put) -> None:
    roadmap = roadmap_in(
        (
            *put(("Acme Roadmap 2026", 40, 40), size=16),
            *put(("Now 2", 40, 120), ("Next 1", 440, 120), ("Later 1", 840, 121)),
            *put(("Invoice sync", 50, 200), ("v4.1", 50, 250), ("Dana Whitfield", 110, 250)),
            *put(("Crew app", 50, 330), ("Q1 2026", 50, 380)),
            *put(("Permit tracker", 450, 200), ("In design", 450, 250)),
            *put(("Price forecast", 850, 200), ("$40,000", 850, 250)),
        )
    )

    assert roadmap.title == "Acme Roadmap 2026"
    assert names(roadmap) == {
        "Now": ["Invoice sync", "Crew app"],
        "Next": ["Permit tracker"],
        "Later": ["Price forecast"],
    }
    assert list(horizons(roadmap).values()) == [NOW, NOW, NEXT, LATER]


def test_headings_may_stand_in_the_middle_of_their_columns(put: Put) -> None:
    roadmap = roadmap_in(
        put(
            ("To do", 150, 50), ("Doing", 550, 50), ("Done", 950, 50),
            ("Crew map", 20, 120), ("Bid log", 20, 200),
            ("Late fees", 420, 120), ("Van stock", 420, 200),
            ("Cost codes", 820, 120), ("Tool list", 820, 200),
        )
    )  # fmt: skip

    assert names(roadmap) == {
        "To do": ["Crew map", "Bid log"],
        "Doing": ["Late fees", "Van stock"],
        "Done": ["Cost codes", "Tool list"],
    }


def test_a_menu_beside_the_columns_is_not_read(put: Put) -> None:
    columns = put(
        ("Now", 300, 50), ("Next", 700, 50), ("Crew map", 300, 120), ("Bid log", 700, 120),
    )  # fmt: skip
    centred = put(
        ("Now", 500, 50), ("Next", 1100, 50), ("Crew schedule", 400, 120), ("Bid log", 1010, 120),
        ("Van stock overview", 400, 190), ("Truck stock overview", 1010, 190),
    )  # fmt: skip

    for boxes in (columns, centred):
        roadmap = roadmap_in((*boxes, *put(("Plans menu", 10, 180))))
        assert "Plans menu" not in horizons(roadmap)
        assert len(roadmap.items) >= 2


def test_periods_get_their_horizon_by_their_order(put: Put) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    heads = put(*((month, 100 + 200 * i, 50) for i, month in enumerate(months)))
    items = put(*((f"Thing {chr(65 + i)}", 100 + 200 * i, 120) for i in range(6)))

    found = horizons(roadmap_in((*heads, *items)))

    assert list(found.values()) == [NOW, NOW, NEXT, NEXT, LATER, LATER]


def test_a_chart_with_one_bar_a_row_names_its_rows(put: Put) -> None:
    heads = put(*((f"Q{i + 1} 2026", 300 + 200 * i, 50) for i in range(4)))
    rows = put(
        ("Single sign-on", 20, 120), ("SAML and more", 310, 120),
        ("Usage billing", 20, 200), ("Metering", 520, 202),
        ("Audit trail", 20, 280),
    )  # fmt: skip

    roadmap = roadmap_in((*heads, *rows))

    assert horizons(roadmap) == {
        "Single sign-on": NOW, "Usage billing": NEXT, "Audit trail": LATER,
    }  # fmt: skip
    assert roadmap.items[0].notes == ("SAML and more",)


def test_a_chart_with_many_bars_a_row_takes_the_rows_for_teams(put: Put) -> None:
    heads = put(*((f"Q{i + 1}", 300 + 300 * i, 50) for i in range(3)))
    bars = put(
        ("Field", 20, 160), ("Job forms", 300, 120), ("Photo capture", 600, 120),
        ("Office", 20, 340), ("Calendar sync", 300, 300), ("Order matching", 900, 300),
    )  # fmt: skip

    assert names(roadmap_in((*heads, *bars))) == {
        "Q1": ["Job forms", "Calendar sync"], "Q2": ["Photo capture"], "Q3": ["Order matching"],
    }  # fmt: skip


def test_sections_under_headings(put: Put) -> None:
    roadmap = roadmap_in(
        (
            *put(("What comes next", 80, 40), size=20),
            *put(("Shipping now", 80, 120), ("Coming next", 80, 260), ("Exploring", 80, 400)),
            *put(("• Job costing", 110, 160), ("• Takeoff PDFs", 110, 200)),
            *put(("• Lien waivers", 110, 300), ("• Photo checks", 110, 440)),
        )
    )

    assert names(roadmap) == {
        "Shipping now": ["Job costing", "Takeoff PDFs"],
        "Coming next": ["Lien waivers"],
        "Exploring": ["Photo checks"],
    }
    assert roadmap.title == "What comes next"


def test_bands_with_the_heading_beside_them(put: Put) -> None:
    roadmap = roadmap_in(
        put(
            ("Now", 20, 150), ("Later", 20, 350),
            ("Crew map", 200, 110), ("Late fees", 200, 190),
            ("Bid log", 200, 310), ("Van stock", 200, 390),
        )
    )  # fmt: skip

    assert names(roadmap) == {"Now": ["Crew map", "Late fees"], "Later": ["Bid log", "Van stock"]}


def test_a_table_takes_its_rows_and_their_states(put: Put) -> None:
    rows = [
        ("Payment reminders", "Dana Whitfield", "In progress", "$45,000"),
        ("Location sharing", "Luis Ortega", "Planned", "$80,000"),
        ("Role permissions", "Wei Zhang", "Blocked", "$15,000"),
    ]
    heads = ("Initiative", "Owner", "Status", "Budget")
    cells = [(text, 40 + 300 * i, 100) for i, text in enumerate(heads)]
    for at, row in enumerate(rows):
        cells += [(text, 40 + 300 * i, 160 + 60 * at) for i, text in enumerate(row)]

    assert horizons(roadmap_in(put(*cells))) == {
        "Payment reminders": NOW, "Location sharing": NEXT, "Role permissions": None,
    }  # fmt: skip


def test_columns_under_headings_of_their_own(put: Put) -> None:
    roadmap = roadmap_in(
        (
            *put(("Win more work", 40, 100), ("Get paid faster", 500, 100), size=14),
            *put(("Lead capture", 50, 200), ("Planned", 50, 240), ("Proposals", 50, 320)),
            *put(("In progress", 50, 360), ("Card payments", 510, 200), ("Late fees", 510, 320)),
        )
    )

    assert names(roadmap) == {
        "Win more work": ["Lead capture", "Proposals"],
        "Get paid faster": ["Card payments", "Late fees"],
    }
    assert list(horizons(roadmap).values()) == [NEXT, NOW, None, None]


def test_columns_without_headings(put: Put) -> None:
    roadmap = roadmap_in(
        put(("Lead capture", 50, 200), ("Proposals", 50, 320), ("Late fees", 500, 200),
            ("Card payments", 500, 320), ("Q1 2026", 10, 320))
    )  # fmt: skip

    assert names(roadmap)[""] == ["Late fees", "Card payments"]
    assert len(roadmap.items) == 4


def test_a_plain_list_is_one_lane(put: Put) -> None:
    lines = ["Our roadmap", "Lead capture", "Proposals", "Late fees"]

    roadmap = roadmap_in(put(*((text, 50, 60 + 40 * i) for i, text in enumerate(lines))))

    assert (roadmap.title, names(roadmap)) == ("Our roadmap", {"": lines[1:]})


def test_a_list_without_a_title_keeps_its_first_line(put: Put) -> None:
    assert names(roadmap_in(put(("Lead capture", 50, 60), ("Proposals", 50, 110)))) == {
        "": ["Lead capture", "Proposals"]
    }
    assert names(roadmap_in(put(("Lead capture", 50, 60)))) == {"": ["Lead capture"]}


def test_a_legend_is_no_row_of_headings(put: Put) -> None:
    roadmap = roadmap_in(
        put(
            ("Done", 900, 20), ("Planned", 980, 20),
            ("Now", 40, 80), ("Next", 440, 80), ("Later", 840, 80),
            ("Crew map", 40, 150), ("Bid log", 440, 150), ("Van stock", 840, 150),
        )
    )  # fmt: skip

    assert list(names(roadmap)) == ["Now", "Next", "Later"]


def test_headings_without_anything_below_are_no_lanes(put: Put) -> None:
    assert roadmap_in(put(("Now", 40, 80), ("Next", 440, 80))).lanes == ()


def test_a_wrapped_title_is_one_item_and_small_type_below_is_its_note(put: Put) -> None:
    roadmap = roadmap_in(
        (
            *put(("Now", 40, 40), ("Next", 440, 40)),
            *put(("Crew timesheet approval in", 40, 100), ("the mobile app", 40, 124)),
            *put(("No more paper on Fridays", 40, 150), size=7),
            *put(("Q1 2026", 40, 190), ("And no phone calls", 40, 215), size=7),
            *put(("Crew map", 40, 290), ("Bid log", 440, 100)),
        )
    )

    first, second, _ = roadmap.items
    assert first.text == "Crew timesheet approval in the mobile app"
    assert first.notes == ("No more paper on Fridays", "And no phone calls")
    assert second.text == "Crew map"


def test_a_text_in_a_row_of_facts_is_a_fact(put: Put) -> None:
    roadmap = roadmap_in(
        put(
            ("Now", 40, 40), ("Next", 440, 40), ("Crew map", 40, 100), ("Bid log", 440, 100),
            ("v4.8", 40, 150), ("4 Apr", 110, 151), ("Included", 190, 149),
            ("OPS-1", 440, 200), ("Calendar sync", 520, 201), ("Included", 40, 20),
        )
    )  # fmt: skip

    assert names(roadmap) == {"Now": ["Crew map"], "Next": ["Bid log", "Calendar sync"]}


@pytest.mark.parametrize("kind", ["Project Nighthawk", "Operation: Blue Heron"])
def test_a_code_name_is_an_item(put: Put, kind: str) -> None:
    roadmap = roadmap_in(put(("Now", 40, 40), ("Next", 440, 40), (kind, 40, 100)))

    assert [item.text for item in roadmap.items] == [kind]


def box(text: str, corner: tuple[int, int], width: int, height: int) -> TextBox:
    return TextBox(text, corner[0], corner[1], corner[0] + width, corner[1] + height, 0.9)


texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Now", "Next", "Later", "Done", "Q1 2026", "Q2", "Jan", "Owner", "Billing", "$4", "MK"]
    ),
)
boxes = st.builds(
    box,
    texts,
    st.tuples(st.integers(0, 2000), st.integers(0, 2000)),
    st.integers(0, 800),
    st.integers(0, 60),
)


@settings(deadline=None)
@given(st.lists(boxes, max_size=40))
def test_any_boxes_are_arranged_without_a_fault(some: list[TextBox]) -> None:
    roadmap = roadmap_in(some)

    assert len(roadmap.items) <= len(some)
    assert all(item.text for item in roadmap.items)


def test_a_flood_of_boxes_is_cut(put: Put) -> None:
    flood = put(*((f"Thing number {i}", 10, 30 * i) for i in range(3 * MAX_BOXES)))

    assert len(roadmap_in(flood).items) <= MAX_BOXES
