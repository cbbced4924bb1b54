"""Reads a whole script by rules: work for the processor alone, to be done in a thread.

episode = read_episode(script)      # 2 s at the most for a screenplay of 90 pages
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from storyloom.errors import InvalidInput
from storyloom.story.finding.cameras import shot_of, significance_of
from storyloom.story.finding.cast import Cast
from storyloom.story.finding.conditions import Conditions
from storyloom.story.finding.decisions import Decisions, News
from storyloom.story.finding.following import Follower
from storyloom.story.finding.looks import describe, look_of
from storyloom.story.finding.moments import Moment, moments_of
from storyloom.story.finding.places import Places, Setting, time_in, weather_in, where
from storyloom.story.finding.prose_names import cast_of_prose
from storyloom.story.finding.screen_names import cast_of_screenplay
from storyloom.story.finding.things import Things, find_things
from storyloom.story.finding.wording import told
from storyloom.story.script.elements import Form, RawScene, RawScript
from storyloom.story.script.forms import read_script
from storyloom.story.script.schemas import (
    Bible,
    Character,
    DecisionType,
    Episode,
    FoundBeat,
    FoundScene,
    ImageDecision,
    Line,
    Prop,
    Significance,
    beat_id,
)
from storyloom.story.script.slugs import slug_of
from storyloom.story.script.units import Unit, UnitKind, units_of

MAX_BEATS = 20_000
MAX_UNITS = 60_000
_IT = re.compile(r"Its?\b")
_FIRST = 3  # sentences in which a scene tells when it is
_PAIR = 2


@dataclass(slots=True)
class _Story:
    """All that is known while a script is read."""

    raw: RawScript
    cast: Cast
    things: Things
    places: Places
    follower: Follower
    conditions: Conditions = field(default_factory=Conditions)
    decisions: Decisions = field(default_factory=Decisions)
    setting: Setting = field(default_factory=Setting)
    seen: dict[str, str] = field(default_factory=dict[str, str])  #: the first beat of each
    thing: str = ""  #: what `it` means
    opens: bool = True  #: the scene has no picture yet
    names: dict[str, str] = field(default_factory=dict[str, str])  #: what sentences say

    @property
    def is_prose(self) -> bool:
        return self.raw.form is Form.PROSE


def read_episode(script: str, *, number: int = 1, title: str = "") -> Episode:
    """Scenes with their beats, and the bible.

    Raises `InvalidInput` for a script that is too large, says nothing, or has too many beats.
    """
    raw = read_script(script)
    units = [units_of(scene, raw.form) for scene in raw.scenes]
    _check(sum(map(len, units)), MAX_UNITS, "sentences")
    story = _begin(raw, [unit for part in units for unit in part])
    scenes: list[FoundScene] = []
    beats = 0
    for place, (scene, part) in enumerate(zip(raw.scenes, units, strict=True), 1):
        scenes.append(_scene(story, place, scene, part))
        beats += len(scenes[-1].beats)
        _check(beats, MAX_BEATS, "beats")
    return Episode(
        episode_number=number,
        title=title or raw.title,
        scenes=tuple(scenes),
        bible=_bible(story),
    )


def _check(count: int, most: int, what: str) -> None:
    if count > most:
        raise InvalidInput(
            f"The script has too many {what}: it may have {most}",
            loc=("script",),
            kind="script_too_long",
        )


def _begin(raw: RawScript, units: Sequence[Unit]) -> _Story:
    cast = cast_of_screenplay(raw) if raw.form is Form.FOUNTAIN else cast_of_prose(units)
    describe(cast, units)
    things = find_things((unit.action for unit in units if unit.action), cast)
    places = Places(cast, (unit.text for unit in units))
    story = _Story(raw, cast, things, places, Follower(cast))
    story.names |= {one.id: one.short for one in cast.people.values()}
    return story


def _scene(story: _Story, number: int, scene: RawScene, units: Sequence[Unit]) -> FoundScene:
    is_later = _enter(story, scene, units)
    story.decisions.begin_scene()
    story.opens = True
    beats: list[FoundBeat] = []
    for place, moment in enumerate(moments_of(story.follower.follow(units)), 1):
        name = beat_id(number, place)
        story.conditions.enter(name, is_later=is_later and place == 1)
        beats.append(_beat(story, name, moment))
    heading = slug_of(scene.heading).heading
    return FoundScene(
        scene_number=number,
        title=heading or _title(story, beats) or f"Scene {number}",
        metadata=_metadata(story, scene, beats),
        beats=tuple(beats),
    )


def _enter(story: _Story, scene: RawScene, units: Sequence[Unit]) -> bool:
    """Take the setting of a new scene, and say whether time has passed before it."""
    before = story.setting
    if story.is_prose:
        actions = [unit.action for unit in units if unit.action]
        named = next((name for one in actions if (name := where(one))), "")
        time = next((time for one in actions[:_FIRST] if (time := time_in(one))), before.time)
        story.setting = Setting(story.places.named(named), time=time)
        return True
    slug = slug_of(scene.heading)
    place = story.places.named(slug.place, slug.inside) if slug.place else before.place
    story.setting = Setting(place, slug.inside, slug.time or before.time)
    return slug.is_later or bool(slug.time and before.time and slug.time != before.time)


def _beat(story: _Story, name: str, moment: Moment) -> FoundBeat:
    _move(story, name, moment)
    setting = story.setting
    people = tuple(one for one in moment.people if one in story.cast.people)
    things = _things(story, moment)
    news = _news(story, moment, people, things)
    decision = story.decisions.decide(
        name, moment, news, setting=(setting.place, setting.time), names=story.names
    )
    camera, significance = _shown(story, moment, news, decision)
    speakers = [part.speaker for part in moment.parts if part.speaker]
    for one in (*people, *speakers, *things):
        story.seen.setdefault(one, name)
    return FoundBeat(
        beat_id=name,
        text=moment.text,
        visual_significance=significance,
        image_decision=decision,
        camera_angle_suggestion=camera,
        character_positioning=_positions(story, moment),
        location_attributes=setting.attributes,
        characters=people,
        place=setting.place,
        props=things,
        inside=setting.inside,
        time_of_day=setting.time,
        action=told(moment.action, story.cast),
        dialogue=_lines(moment),
    )


def _shown(
    story: _Story, moment: Moment, news: News, decision: ImageDecision
) -> tuple[str, Significance]:
    """The camera, and how much it is worth seeing."""
    is_picture = decision.type is DecisionType.NEW
    is_outside = story.setting.inside == "exterior"
    shot = shot_of(
        moment.action, moment.people, kind=moment.kind, opens=story.opens, is_outside=is_outside
    )
    significance = significance_of(
        moment.action,
        opens=story.opens,
        is_new=news.is_any,
        is_picture=is_picture,
        is_speech=moment.kind is UnitKind.SPEECH,
    )
    story.opens = story.opens and not is_picture
    return "" if decision.type is DecisionType.NONE else str(shot), significance


def _move(story: _Story, name: str, moment: Moment) -> None:
    """Follow a moment to where and when it happens."""
    for part in moment.parts:
        action = part.action
        if not action:
            continue
        setting = story.setting
        if story.is_prose:
            place = story.places.named(where(action)) or setting.place
            setting = replace(setting, place=place, time=time_in(action) or setting.time)
        if setting.inside != "interior":
            weather = dict.fromkeys((*setting.weather, *weather_in(action)))
            setting = replace(setting, weather=tuple(weather))
        story.setting = setting
        is_empty = not part.people and story.opens
        story.places.describe(setting.place, action if is_empty else "", name)


def _news(story: _Story, moment: Moment, people: Sequence[str], things: Sequence[str]) -> News:
    before = {one: story.conditions.now(one) for one in (*people, *things, story.thing)}
    for part in moment.parts:
        if not part.action:
            continue
        if part.subject and part.subject == (part.people or ("",))[0]:
            story.conditions.somebody(part.subject, part.action)
        meant = story.thing if _IT.match(part.action) else ""
        story.conditions.things(part.action, story.things, meant=meant)
        story.thing = (*story.things.ids_in(part.action), story.thing)[0]
    changes = [
        f"{story.names.get(one) or f'the {story.things.all[one].shown}'} is {state}"
        for one, was in before.items()
        if one in story.seen
        for state in sorted(story.conditions.now(one) - was)
    ]
    return News(
        opens=_where(story) if story.opens else "",
        people=[story.cast.people[one].name for one in people if one not in story.seen],
        things=[story.things.all[one].name for one in things if one not in story.seen],
        changes=changes,
    )


def _things(story: _Story, moment: Moment) -> tuple[str, ...]:
    """What is named in a moment, or meant by `it` at the beginning of a sentence."""
    found: list[str] = []
    before = story.thing
    for part in moment.parts:
        named = story.things.ids_in(part.action)
        found += named or ([before] if before and _IT.match(part.action) else [])
        before = found[-1] if found else before
    return tuple(dict.fromkeys(found))


def _where(story: _Story) -> str:
    place = story.places.all.get(story.setting.place)
    parts = [place.name if place else "", story.setting.time]
    return ", ".join(part for part in parts if part) or "where it happens"


def _positions(story: _Story, moment: Moment) -> str:
    """How people stand to each other, as far as what they do tells."""
    people = [story.cast.people[one].short for one in moment.people if one in story.cast.people]
    return f"{', '.join(people[:-1])} and {people[-1]} together" if len(people) >= _PAIR else ""


def _lines(moment: Moment) -> tuple[Line, ...]:
    return tuple(
        Line(speaker=part.speaker, words=part.unit.words, manner=part.unit.manner)
        for part in moment.parts
        if part.unit.kind is UnitKind.SPEECH
    )


def _title(story: _Story, beats: Sequence[FoundBeat]) -> str:
    """The title of a scene that has none: where it begins, and when."""
    place = next((beat.place for beat in beats if beat.place), "")
    named = story.places.all[place].name if place else ""
    time = next((beat.time_of_day for beat in beats if beat.time_of_day), "")
    title = ", ".join(part for part in (named, time) if part)
    return f"{title[:1].upper()}{title[1:]}"


def _metadata(story: _Story, scene: RawScene, beats: Sequence[FoundBeat]) -> dict[str, object]:
    first = beats[0] if beats else FoundBeat(beat_id="")
    people = dict.fromkeys(one for beat in beats for one in beat.characters)
    return {
        "place": first.place or story.setting.place,
        "inside": first.inside or story.setting.inside,
        "timeOfDay": first.time_of_day or story.setting.time,
        "characters": list(people),
        "synopsis": scene.synopsis,
    }


def _bible(story: _Story) -> Bible:
    """Who and what was seen, in the order in which it was."""
    order = {one: place for place, one in enumerate(story.seen)}
    people = sorted(story.cast.people.values(), key=lambda one: order.get(one.id, len(order)))
    things = [story.things.all[one] for one in order if one in story.things.all]
    return Bible(
        characters=tuple(
            Character(
                id=one.id,
                name=one.name,
                look=look_of(one),
                first_beat=story.seen.get(one.id, ""),
                aliases=tuple(sorted(one.aliases)),
                states=story.conditions.of(one.id),
            )
            for one in people
        ),
        places=tuple(story.places.all.values()),
        props=tuple(
            Prop(
                id=thing.id,
                name=thing.shown,
                look=thing.name,
                first_beat=story.seen[thing.id],
                states=story.conditions.of(thing.id),
            )
            for thing in things
        ),
    )
