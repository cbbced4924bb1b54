"""An understanding becomes a board: order, words, tracker, illustration."""

import pytest

from storyloom.boards.hero import hero_art_size
from storyloom.boards.schemas import Board, BoardFormat, Scene
from storyloom.imaging.schemas import ImageRef, ImageRequest, MediaType
from storyloom.storyboard.composition import MAX_STATIONS, compose, hero_request, page_request
from storyloom.storyboard.presets import Brief, Catalogue, Stage
from storyloom.storyboard.prompting import prompt
from storyloom.storyboard.schemas import Understanding

CATALOGUE = Catalogue.load()
ENGLISH = Understanding(
    headline="Automated ROI calculator",
    what_it_does="It reads the open bids and works out what they give back.",
    business_value="Bids with a payback time are won more often.",
    who_benefits="Owners and estimators.",
    differentiator="It uses the prices of the customer's own town.",
    pain_point_addressed="Estimators spend evenings on spreadsheets.",
    suggested_icon="lucide:calculator",
)
EMPTY = Understanding(
    headline="",
    what_it_does="",
    business_value="",
    who_benefits="",
    differentiator="",
    pain_point_addressed="",
    suggested_icon="",
)


def _brief(audience: str = "c_suite", stage: str = "demo", headline: str | None = None) -> Brief:
    return Brief(
        CATALOGUE.icp["coperniq_mep"],
        CATALOGUE.stages[stage],
        CATALOGUE.audiences[audience],
        headline,
    )


def _board(understanding: Understanding = ENGLISH, brief: Brief | None = None) -> Board:
    return compose(
        understanding,
        brief or _brief(),
        BoardFormat.LANDSCAPE,
        stages=CATALOGUE.stages.values(),
    )


def _request(understanding: Understanding = ENGLISH, brief: Brief | None = None) -> ImageRequest:
    return hero_request(understanding, brief or _brief(), BoardFormat.SQUARE)


@pytest.mark.parametrize("audience", CATALOGUE.audiences)
def test_the_audience_decides_the_panels_and_the_layout(audience: str) -> None:
    board = _board(brief=_brief(audience))

    preset = CATALOGUE.audiences[audience]
    assert tuple(panel.scene for panel in board.panels) == preset.panels
    assert (board.layout, board.kicker) == (preset.layout, preset.kicker)


@pytest.mark.parametrize("stage", CATALOGUE.stages)
def test_the_stage_decides_the_light_and_the_badge(stage: str) -> None:
    board = _board(brief=_brief(stage=stage))

    preset = CATALOGUE.stages[stage]
    assert (board.treatment, board.badge) == (preset.treatment, preset.badge)
    assert board.tracker.stations[board.tracker.position] == preset.name


def test_stages_and_audiences_of_the_package_all_look_different() -> None:
    treatments = {stage.treatment for stage in CATALOGUE.stages.values()}
    layouts = {audience.layout for audience in CATALOGUE.audiences.values()}

    assert treatments == {"teaser", "demo", "announcement"}
    assert layouts == {"briefing", "story", "playbook"}


def test_every_panel_says_what_was_understood() -> None:
    said = {panel.scene: panel.body for panel in _board().panels}

    assert said[Scene.VALUE] == ENGLISH.business_value
    assert said[Scene.PROBLEM] == ENGLISH.pain_point_addressed
    assert said[Scene.WHO] == ENGLISH.who_benefits
    assert said[Scene.DIFFERENCE] == ENGLISH.differentiator


def test_a_custom_headline_is_used_word_for_word() -> None:
    headline = "It's *our* headline: 100 % #1 & <more>"

    assert _board(brief=_brief(headline=headline)).headline == headline


def test_only_what_cannot_be_shown_leaves_a_custom_headline() -> None:
    assert _board(brief=_brief(headline="Q3\u202e launch\x00")).headline == "Q3 launch"


def test_the_icon_is_looked_up() -> None:
    assert _board().icon == "calculator"


def test_a_field_without_words_gets_no_panel() -> None:
    board = _board(ENGLISH.model_copy(update={"who_benefits": " "}))

    assert Scene.WHO not in {panel.scene for panel in board.panels}
    assert len(board.panels) == 3


def test_a_source_that_says_nothing_gets_no_panels() -> None:
    board = _board(EMPTY)

    assert board.panels == ()
    assert board.badge
    assert board.kicker


def test_what_it_does_is_not_said_twice() -> None:
    brief = _brief()
    audience = brief.audience.model_copy(update={"panels": (Scene.WHAT, Scene.WHO)})
    told = Brief(brief.icp, brief.stage, audience)

    board = _board(brief=told)

    assert board.lead == ""
    assert board.panels[0].body == ENGLISH.what_it_does
    assert _board().lead == ENGLISH.what_it_does


def test_the_labels_speak_the_words_language() -> None:
    japanese = ENGLISH.model_copy(
        update={
            "headline": "請求書が自分で催促する",
            "what_it_does": "毎朝すべての未払い請求書を読み取ります。",
            "business_value": "平均十一日早く入金されます。",
            "who_benefits": "経営者と事務担当者。",
            "differentiator": "伝え方を学びます。",
            "pain_point_addressed": "支払いの遅れは資金繰りを圧迫します。",
        }
    )

    board = _board(japanese)

    assert board.language == "ja"
    assert board.badge == "デモ公開中"
    assert board.tracker.stations == ("予告", "デモ", "提供中")
    assert board.panels[0].label == "得られる価値"


def test_a_problem_that_is_solved_is_not_called_todays() -> None:
    labels = {
        stage: {panel.scene: panel.label for panel in _board(brief=_brief(stage=stage)).panels}
        for stage in CATALOGUE.stages
    }

    assert labels["preview"][Scene.PROBLEM] == "The problem today"
    assert labels["shipped"][Scene.PROBLEM] == "The problem it solves"
    assert labels["shipped"][Scene.VALUE] == labels["preview"][Scene.VALUE]


def test_an_operators_own_words_stay_in_another_language() -> None:
    stage = CATALOGUE.stages["demo"].model_copy(update={"badge": "Watch the film"})
    brief = _brief(headline="Der Rechner für die Angebote und das Ergebnis")

    board = _board(EMPTY, Brief(brief.icp, stage, brief.audience, brief.headline))

    assert (board.language, board.badge) == ("de", "Watch the film")


def _stages(count: int) -> list[Stage]:
    model = CATALOGUE.stages["demo"]
    return [
        model.model_copy(update={"key": f"s{n}", "name": f"S{n}", "order": n}) for n in range(count)
    ]


@pytest.mark.parametrize(
    ("current", "stations", "position"),
    [
        (0, ("S0", "S1", "S2", "S3", "S4"), 0),
        (3, ("S1", "S2", "S3", "S4", "S5"), 2),
        (7, ("S3", "S4", "S5", "S6", "S7"), 4),
    ],
)
def test_a_long_way_is_shown_around_where_it_stands(
    current: int, stations: tuple[str, ...], position: int
) -> None:
    stages = _stages(8)
    brief = _brief()

    tracker = compose(
        ENGLISH,
        Brief(brief.icp, stages[current], brief.audience),
        BoardFormat.PORTRAIT,
        stages=stages,
    ).tracker

    assert (tracker.stations, tracker.position) == (stations, position)
    assert len(stations) == MAX_STATIONS


def test_a_stage_that_is_not_in_the_list_still_has_its_station() -> None:
    board = compose(ENGLISH, _brief(), BoardFormat.SQUARE, stages=())

    assert board.tracker.stations == ("Demo",)


def test_art_and_footnote_are_carried() -> None:
    art = ImageRef(key="a", media_type=MediaType.SVG, size_bytes=1, width=1, height=1)

    board = compose(
        ENGLISH, _brief(), BoardFormat.SQUARE, stages=(), art=art, footnote="Read\x00 from a.py"
    )

    assert (board.art, board.footnote) == (art, "Read from a.py")


def test_the_hero_is_asked_for_at_the_slots_size_without_words() -> None:
    request = _request()

    assert (request.width, request.height) == hero_art_size(BoardFormat.SQUARE)
    assert "no words" in request.prompt
    assert "text" in request.negative_prompt
    assert request.scene == "demo"
    assert request.icon == "calculator"
    assert request.palette == CATALOGUE.icp["coperniq_mep"].brand.palette


def test_every_audience_shares_one_illustration() -> None:
    assert (
        len({_request(brief=_brief(name)).model_dump_json() for name in CATALOGUE.audiences}) == 1
    )


@pytest.mark.parametrize("understanding", [ENGLISH, EMPTY])
def test_the_same_understanding_asks_for_the_same_illustration(
    understanding: Understanding,
) -> None:
    assert _request(understanding) == _request(understanding)


def test_an_operators_stage_and_profile_still_make_a_request() -> None:
    brief = _brief()
    stage = brief.stage.model_copy(update={"treatment": "own"})
    icp = brief.icp.model_copy(update={"art_style": ""})

    request = _request(brief=Brief(icp, stage, brief.audience))

    assert request.scene == "own"
    assert request.prompt.startswith("clean flat")


def test_another_variation_asks_for_another_picture() -> None:
    first, other = (
        hero_request(ENGLISH, _brief(), BoardFormat.SQUARE, variation=v) for v in ("", "b")
    )

    assert first.seed != other.seed
    assert first.prompt == other.prompt


def test_a_page_is_asked_for_with_all_its_words() -> None:
    board = _board()

    request = page_request(board, "woodcut")

    assert (request.width, request.height) == board.format.size
    assert request.prompt.startswith("Design one finished page")
    assert "Style: woodcut." in request.prompt
    for words in (board.headline, board.lead, board.badge, *(p.body for p in board.panels)):
        assert words in request.prompt
    assert (request.purpose, request.prompt_version) == ("paint_page", prompt("paint_page").version)


def test_the_longest_page_still_makes_a_request() -> None:
    long = dict.fromkeys(list(Understanding.model_fields)[:6], "word " * 2000)
    board = _board(ENGLISH.model_copy(update=long))

    assert page_request(board, "style " * 500)


def test_a_page_without_a_lead_has_no_line_for_it() -> None:
    bare = _board().model_copy(update={"lead": ""})

    assert "\nLead:" not in page_request(bare, "").prompt


def test_a_very_long_text_still_makes_a_request() -> None:
    assert _request(ENGLISH.model_copy(update={"what_it_does": "word " * 3000}))
