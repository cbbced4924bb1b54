"""The facts of a picture by rules, from what a beat says."""

import re

from storyloom.story.finding.cameras import mood_of, shot_of
from storyloom.story.finding.decisions import only_thinks
from storyloom.story.prompting.composing import MAX_ACTION, short_name
from storyloom.story.prompting.schemas import Facts
from storyloom.story.script.fountain import is_cue, without_marks
from storyloom.story.script.hygiene import on_one_line
from storyloom.story.script.schemas import Bible, FoundBeat, Shot
from storyloom.story.script.sentences import sentences
from storyloom.story.script.spoken import Said, said_in
from storyloom.story.script.units import UnitKind

_CAPTION = 90
_SENTENCES = 3
_LONGEST_TEXT = 4000
_DOING = re.compile(r"^(?:not )?\w+ing\b[^;]*$")
_LOUD = re.compile(
    r"^(?:shouting|whispering|crying|laughing|yelling|sobbing|singing|screaming|smiling)\b"
)
_HOW = re.compile(r"^(?:\w+ly|(?:with|in|through|under|without) [^;]*)$")
_NOTE = re.compile(r"\s*(?:\[\[[^\]\n]{0,500}\]\]|\([^()\n]{0,200}\))")


def facts_of(beat: FoundBeat, bible: Bible) -> Facts:
    """Characters, place and props that the beat names, what is to be seen, and how."""
    action = action_of(beat, bible)
    return Facts(
        characters=beat.characters,
        place=beat.place,
        props=beat.props,
        action=action,
        shot=_shot(beat, action),
        mood=mood_of(beat.text),
        time_of_day=beat.time_of_day,
    )


def action_of(beat: FoundBeat, bible: Bible) -> str:
    """What is to be seen, in a few sentences; empty where a beat tells nothing of it."""
    told = beat.action or _read(beat)
    seen = [one for one in sentences(told) if not only_thinks(one)]
    if not seen:
        return _talk(beat, bible)
    taken: list[str] = []
    for one in seen[:_SENTENCES]:
        if taken and sum(map(len, taken)) + len(one) > MAX_ACTION:
            break
        taken.append(one)
    return shortened(" ".join(taken), MAX_ACTION)


def caption_of(beat: FoundBeat, facts: Facts) -> str:
    """What happens, in a few words."""
    said = beat.dialogue[0].words if beat.dialogue and not beat.action else ""
    return shortened(said or facts.action, _CAPTION)


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    if len(text) <= most:
        return text
    return f"{text[: most - 2].rsplit(' ', 1)[0].rstrip(' ,;:.')} \u2026"


def _read(beat: FoundBeat) -> str:
    """What is to be seen in a beat that others have written: its text without what is said."""
    if beat.dialogue:
        return ""
    lines = _NOTE.sub("", beat.text[:_LONGEST_TEXT]).split("\n")
    kept: list[str] = []
    is_said = False
    for line in lines:
        is_said = bool(line.strip()) and (is_said or is_cue(line))
        if not is_said:
            kept.append(line)
    told = (
        one.action if isinstance(one, Said) else one
        for one in said_in(on_one_line(without_marks(" ".join(kept))))
    )
    return " ".join(one for one in told if one)


def _talk(beat: FoundBeat, bible: Bible) -> str:
    """Somebody speaks, as the script says how."""
    if not beat.dialogue:
        return ""
    line = beat.dialogue[0]
    speaker = bible.character(line.speaker)
    if speaker is None:
        return ""
    listeners = [bible.character(one) for one in beat.characters if one != line.speaker]
    to = f" to {short_name(listeners[0])}" if listeners and listeners[0] else ""
    return f"{short_name(speaker)} {_speaks(line.manner.partition(';')[0].strip(), to)}."


def _speaks(manner: str, to: str) -> str:
    if _LOUD.match(manner):
        return f"is {manner}"
    if _DOING.match(manner):
        return f"speaks{to}, {manner}"
    return f"speaks{to} {manner}" if _HOW.match(manner) else f"speaks{to}"


def _shot(beat: FoundBeat, action: str) -> Shot:
    suggested = beat.camera_angle_suggestion.casefold()
    found = [
        shot for shot in Shot if shot.value in suggested or shot.value.split(" ")[0] in suggested
    ]
    if found:
        return max(found, key=lambda shot: (shot.value in suggested, len(shot.value)))
    is_outside = beat.inside == "exterior"
    return shot_of(
        action, beat.characters, kind=UnitKind.ACTION, opens=False, is_outside=is_outside
    )
