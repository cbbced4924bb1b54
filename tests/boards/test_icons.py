"""Icons by any name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.boards.icons import DATA, DEFAULT_ICON, icon_set, icon_svg, resolve_icon


@pytest.mark.parametrize(
    ("query", "icon"),
    [
        ("calculator", "calculator"),
        ("ChartLineUp", "chart-line-up"),
        ("chart_line_up", "chart-line-up"),
        ("lucide:bar-chart-3", "chart-bar"),
        ("LucideTrendingUp", "trend-up"),
        ("fa-solid fa-house", "house"),
        ("fas fa-cogs", "gear-six"),
        ("mdi-account-group", "users-three"),
        ("material-symbols:schedule", "calendar-check"),
        ("clock-outline", "clock"),
        ("account-outline", "user"),
        ("DASHBOARD", "gauge"),
        ("🚀", "rocket"),
        ("📈 growth", "chart-line-up"),
        ("👩‍🔧", "person"),
        ("automated roi calculator", "calculator"),
        ("", DEFAULT_ICON),
        ("qqqq zzzz", DEFAULT_ICON),
        ("../../etc/passwd", DEFAULT_ICON),
    ],
)
def test_names_of_many_origins_lead_to_an_icon(query: str, icon: str) -> None:
    assert resolve_icon(query) == icon


def test_a_prompt_shows_its_subject_and_not_its_style() -> None:
    prompt = "Clean flat vector illustration, soft light. A truck on its way to the customer."

    assert "truck" in resolve_icon(prompt)


@given(st.text(max_size=400))
def test_every_query_leads_to_an_icon_that_exists(query: str) -> None:
    assert resolve_icon(query) in icon_set().svg


def test_every_alias_leads_to_an_icon_that_exists() -> None:
    icons = icon_set()

    assert [alias for alias, name in icons.aliases.items() if name not in icons.svg] == []


def test_icons_are_plain_shapes() -> None:
    markup = "".join(icon_set().svg.values())

    assert set(markup.split("<")[1:]) != set()
    assert "script" not in markup
    assert "href" not in markup


def test_an_unknown_name_draws_the_default_icon() -> None:
    assert icon_svg("no-such-icon") == icon_svg(DEFAULT_ICON)


def test_logos_are_left_out_and_the_licence_is_there() -> None:
    assert [name for name in icon_set().svg if name.endswith("-logo")] == []
    assert "MIT License" in (DATA / "phosphor-LICENSE.txt").read_text("utf-8")
