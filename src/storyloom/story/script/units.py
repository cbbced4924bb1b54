"""The smallest parts of a scene: sentences that are seen, and things that are said."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from storyloom.story.script.elements import Action, Card, Cut, Form, Part, RawScene, Speech
from storyloom.story.script.sentences import sentences
from storyloom.story.script.spoken import Said, said_in

_SAID_AT_ONCE = 3
_LONG = 240


class UnitKind(StrEnum):
    """What a unit is."""

    ACTION = "action"
    SPEECH = "speech"
    CUT = "cut"  #: a transition
    CARD = "card"  #: words to be read


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, or a few that somebody says."""

    kind: UnitKind
    text: str  #: as it is in the script
    action: str = ""  #: what of it is to be seen
    speaker: str = ""  #: as the script writes the name
    words: str = ""
    manner: str = ""
    is_unseen: bool = False
    begins: bool = True  #: a paragraph of its own begins with it


def units_of(scene: RawScene, form: Form) -> list[Unit]:
    """The units of a scene, in their order."""
    return [unit for part in scene.parts for unit in _of_part(part, form)]


def _of_part(part: Part, form: Form) -> Iterator[Unit]:
    match part:
        case Cut(text):
            yield Unit(UnitKind.CUT, text)
        case Card(text):
            yield Unit(UnitKind.CARD, text)
        case Speech():
            yield from _of_speech(part)
        case Action(text):
            yield from _of_prose(text) if form is Form.PROSE else _of_action(text)


def _of_action(text: str) -> Iterator[Unit]:
    for place, sentence in enumerate(sentences(text)):
        yield Unit(UnitKind.ACTION, sentence, sentence, begins=place == 0)


def _of_prose(text: str) -> Iterator[Unit]:
    for place, piece in enumerate(said_in(text)):
        begins = place == 0
        if isinstance(piece, Said):
            yield Unit(
                UnitKind.SPEECH,
                piece.text,
                piece.action,
                piece.speaker,
                piece.words,
                piece.manner,
                begins=begins,
            )
        else:
            yield Unit(UnitKind.ACTION, piece, piece, begins=begins)


def _of_speech(speech: Speech) -> Iterator[Unit]:
    """A long speech in parts of a few sentences; each part says who speaks."""
    parts = _portions(speech.words)
    for place, words in enumerate(parts):
        text = speech.text if len(parts) == 1 else f"{speech.name}\n{words}"
        yield Unit(
            UnitKind.SPEECH,
            text,
            speaker=speech.name,
            words=words,
            manner=speech.manner if place == 0 else "",
            is_unseen=speech.is_unseen,
            begins=place == 0,
        )


def _portions(words: str) -> list[str]:
    portions: list[list[str]] = [[]]
    for sentence in sentences(words):
        last = portions[-1]
        length = sum(map(len, last)) + len(sentence)
        if last and (len(last) >= _SAID_AT_ONCE or length > _LONG):
            portions.append([sentence])
        else:
            last.append(sentence)
    return [" ".join(portion) for portion in portions]
