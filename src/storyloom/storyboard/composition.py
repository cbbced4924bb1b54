"""An understanding and a brief become a board, and the wishes for its pictures.

Pure functions: the same understanding gives the same board, and a changed headline, audience or
stage costs nothing.
"""

import zlib
from collections.abc import Iterable, Iterator

from storyloom.boards.hero import hero_art_size
from storyloom.boards.icons import resolve_icon
from storyloom.boards.schemas import Board, BoardFormat, Panel, Scene, Tracker
from storyloom.boards.text import clean, guess_language
from storyloom.imaging.schemas import ImageRef, ImageRequest, MediaType
from storyloom.storyboard.labels import Labels, labels_for
from storyloom.storyboard.presets import Brief, Stage
from storyloom.storyboard.prompting import ILLUSTRATE, PAINT_PAGE, prompt
from storyloom.storyboard.schemas import Understanding

MAX_STATIONS = 5
_PAINTED = 600  #: characters of one text on a painted page; more would be too small to read
_NEGATIVE = "text, letters, words, numbers, captions, labels, logo, watermark, signature"
_NEGATIVE_PAGE = "misspelled words, other words, watermark, signature"
_SCENES = {
    "teaser": "something promising about to be revealed, seen at first light, calm anticipation",
    "demo": "the product at work on a screen, seen straight on, clear and inviting",
    "announcement": "a finished achievement in full light, festive but restrained",
}


def compose(
    understanding: Understanding,
    brief: Brief,
    board_format: BoardFormat,
    *,
    stages: Iterable[Stage],
    art: ImageRef | None = None,
    footnote: str = "",
) -> Board:
    """Lay the understanding's words out as a board.

    `stages` are the stations of the tracker, in order.
    """
    headline = brief.headline or understanding.headline
    language = guess_language(" ".join((headline, *_texts(understanding).values())))
    labels = labels_for(language)
    return Board(
        format=board_format,
        language=language,
        brand=brief.icp.brand,
        treatment=brief.stage.treatment,
        layout=brief.audience.layout,
        badge=labels.say(brief.stage.badge),
        kicker=labels.say(brief.audience.kicker),
        headline=clean(headline),
        lead="" if Scene.WHAT in brief.audience.panels else clean(understanding.what_it_does),
        icon=resolve_icon(understanding.suggested_icon),
        tracker=_tracker(brief.stage, stages, labels),
        panels=_panels(understanding, brief, labels),
        art=art,
        footnote=clean(footnote),
    )


def hero_request(
    understanding: Understanding, brief: Brief, board_format: BoardFormat, *, variation: str = ""
) -> ImageRequest:
    """The illustration for the board's hero: the same for every audience.

    Another `variation` gives another picture of the same.
    """
    width, height = hero_art_size(board_format)
    asked = prompt(ILLUSTRATE)
    subject = clean(understanding.what_it_does or understanding.headline, 400)
    palette = brief.icp.brand.palette
    return ImageRequest(
        prompt=asked.render(
            style=_style(brief.icp.art_style),
            scene=_mood(brief.stage.treatment),
            subject=subject,
            primary=palette.primary,
            accent=palette.accent,
        ),
        negative_prompt=_NEGATIVE,
        width=width,
        height=height,
        seed=_seed(subject, variation),
        scene=brief.stage.treatment,
        icon=resolve_icon(understanding.suggested_icon),
        palette=palette,
        # Drawn scenes are SVG. What models make is a photograph to a file: JPEG is a tenth as large.
        accept=(MediaType.SVG, MediaType.JPEG, MediaType.PNG),
        purpose=asked.name,
        prompt_version=asked.version,
    )


def page_request(board: Board, art_style: str, *, variation: str = "") -> ImageRequest:
    """The board's whole page as one picture, words included."""
    width, height = board.format.size
    asked = prompt(PAINT_PAGE)
    palette = board.brand.palette
    words = {
        "brand": board.brand.name,
        "badge": board.badge,
        "kicker": board.kicker,
        "headline": clean(board.headline, _PAINTED),
        "panels": "\n".join(_lines(board)),
    }
    return ImageRequest(
        prompt=asked.render(
            **words,
            shape=board.format.value,
            width=str(width),
            height=str(height),
            style=_style(art_style),
            scene=_mood(board.treatment),
            primary=palette.primary,
            accent=palette.accent,
        ),
        negative_prompt=_NEGATIVE_PAGE,
        width=width,
        height=height,
        seed=_seed("\n".join(words.values()), variation),
        scene=board.treatment,
        icon=board.icon,
        palette=palette,
        accept=(MediaType.PNG, MediaType.JPEG),
        purpose=asked.name,
        prompt_version=asked.version,
    )


def _lines(board: Board) -> Iterator[str]:
    if board.lead:
        yield f"Lead: {clean(board.lead, _PAINTED)}"
    for panel in board.panels:
        yield f"{clean(panel.label, _PAINTED)}: {clean(panel.body, _PAINTED)}"


def _style(of_preset: str) -> str:
    return clean(of_preset, 1000).rstrip(".") or "clean flat vector illustration, soft light"


def _mood(treatment: str) -> str:
    return _SCENES.get(treatment, _SCENES["demo"])


def _seed(words: str, variation: str) -> int:
    """From the words, so that drawing the same understanding again gives the same picture."""
    return zlib.crc32(f"{words}{variation}".encode())


def _texts(understanding: Understanding) -> dict[Scene, str]:
    return {
        Scene.PROBLEM: clean(understanding.pain_point_addressed),
        Scene.WHAT: clean(understanding.what_it_does),
        Scene.VALUE: clean(understanding.business_value),
        Scene.WHO: clean(understanding.who_benefits),
        Scene.DIFFERENCE: clean(understanding.differentiator),
    }


def _panels(understanding: Understanding, brief: Brief, labels: Labels) -> tuple[Panel, ...]:
    texts = _texts(understanding)
    # A source that says nothing gets none: then the hero has the page to itself.
    return tuple(
        Panel(scene=scene, label=_label(scene, brief.stage, labels), body=texts[scene])
        for scene in brief.audience.panels
        if texts[scene]
    )


def _label(scene: Scene, stage: Stage, labels: Labels) -> str:
    solved = scene is Scene.PROBLEM and stage.tense == "present"
    return labels.solved if solved else labels.panels[scene]


def _tracker(current: Stage, stages: Iterable[Stage], labels: Labels) -> Tracker:
    ordered = sorted({stage.key: stage for stage in (*stages, current)}.values(), key=_place)
    position = [stage.key for stage in ordered].index(current.key)
    # Of a longer way, the part around the current station.
    first = max(0, min(position - MAX_STATIONS // 2, len(ordered) - MAX_STATIONS))
    window = ordered[first : first + MAX_STATIONS]
    return Tracker(
        stations=tuple(labels.say(stage.name) for stage in window), position=position - first
    )


def _place(stage: Stage) -> tuple[int, str]:
    return stage.order, stage.key
