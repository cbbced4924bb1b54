"""Whether a moment gets a picture of its own, and why."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyloom.story.finding.moments import Moment
from storyloom.story.finding.wording import is_thin
from storyloom.story.script.schemas import DecisionType, ImageDecision
from storyloom.story.script.units import UnitKind
from storyloom.story.script.vocabulary import WORD, phrases, words

_UNPAINTED = {
    UnitKind.CUT: "It is a transition, which is no picture of its own.",
    UnitKind.CARD: "It is lettering, which is set over a picture and never painted.",
}
_THOUGHT = "It tells what somebody thinks, which cannot be filmed."
_RECENT = 8  # pictures of a scene that a talk may go back to
_ALIKE = 0.8
_COMPARED = 6
_FEW, _SHORT = 3, 24
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that there will be."""

    beat: str
    people: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a moment."""

    opens: str = ""  #: the scene that it opens, in words
    people: Sequence[str] = ()  #: names of those who are seen for the first time
    things: Sequence[str] = ()
    changes: Sequence[str] = ()  #: such as `the lantern is lit`

    @property
    def is_any(self) -> bool:
        """Whether anything is."""
        return bool(self.opens or self.people or self.things or self.changes)

    @property
    def reason(self) -> str:
        """As a sentence; empty where nothing is new."""
        if self.people:
            return f"{_and(self.people)} {_is(self.people)} seen for the first time."
        if self.opens:
            return f"It opens the scene: {self.opens}."
        if self.changes:
            changed = _and(self.changes)
            return f"{changed[:1].upper()}{changed[1:]} from here on."
        if self.things:
            return f"The {_and(self.things)} {_is(self.things)} seen for the first time."
        return ""


@dataclass(slots=True)
class Decisions:
    """Decides moment by moment, knowing the pictures before."""

    _scene: deque[Shown] = field(default_factory=lambda: deque[Shown](maxlen=_RECENT))
    _alike: dict[tuple[str, str, frozenset[str]], deque[Shown]] = field(
        default_factory=dict[tuple[str, str, frozenset[str]], "deque[Shown]"]
    )

    def begin_scene(self) -> None:
        """Another scene: a talk in it goes back to no picture of the one before."""
        self._scene.clear()

    def decide(
        self,
        beat: str,
        moment: Moment,
        news: News,
        *,
        setting: tuple[str, str],
        names: dict[str, str],
    ) -> ImageDecision:
        """Decide about a moment; `setting` is its place and time, `names` are those of people."""
        made = self._without_picture(moment) or self._of_speech(moment, news, names)
        made = made or self._of_action(moment, news, setting)
        if made.type is DecisionType.NEW:
            shown = Shown(beat, frozenset(moment.people), _words(moment.action))
            self._scene.append(shown)
            key = (*setting, shown.people)
            self._alike.setdefault(key, deque(maxlen=_COMPARED)).append(shown)
        return made

    def _without_picture(self, moment: Moment) -> ImageDecision | None:
        if moment.kind in _UNPAINTED:
            return _none(_UNPAINTED[moment.kind])
        if moment.kind is not UnitKind.ACTION:
            return None
        if moment.people and only_thinks(moment.action):
            return self._again(_THOUGHT, moment.people) or _none(_THOUGHT)
        if moment.people:
            return None
        return self._of_nobody(moment.text.casefold())

    def _of_nobody(self, plain: str) -> ImageDecision | None:
        if any(sign in plain for sign in phrases("pictures", "heard")):
            return self._again("It is only heard.") or _none("It is only heard.")
        if plain in phrases("pictures", "black"):
            return _none("The screen is black.")
        return _none("It is too thin for a picture of its own.") if _is_thin(plain) else None

    def _of_speech(self, moment: Moment, news: News, names: dict[str, str]) -> ImageDecision | None:
        if moment.kind is not UnitKind.SPEECH or moment.action:
            return None
        speaker = moment.parts[0].speaker
        name = names.get(speaker, "Somebody")
        if moment.parts[0].unit.is_unseen or not speaker:
            heard = f"{name} is only heard."
            return self._again(heard) or _none(f"{heard[:-1]}, and nothing is seen yet.")
        if news.changes:
            return None
        why = f"{name} speaks: same place, same people, nothing new happens."
        again = self._again(why, (speaker,))
        return again or _new(
            news.reason or f"{name} speaks, and no picture of this scene shows that yet."
        )

    def _of_action(self, moment: Moment, news: News, setting: tuple[str, str]) -> ImageDecision:
        told, people = _words(moment.action), frozenset(moment.people)
        for shown in reversed(self._alike.get((*setting, people), ()) if not news.changes else ()):
            if told and len(told & shown.words) >= _ALIKE * len(told | shown.words):
                return _reuse(f"The same is to be seen as in {shown.beat}.", shown.beat)
        return _new(news.reason or f"Something new happens: {_shortened(moment.action)}")

    def _again(self, why: str, people: Sequence[str] = ()) -> ImageDecision | None:
        """The latest picture of the scene, that of these people where some are named."""
        for shown in reversed(self._scene):
            if set(people) <= shown.people:
                return _reuse(f"{why} The picture of {shown.beat} is shown again.", shown.beat)
        return None


def _is_thin(text: str) -> bool:
    return is_thin(text) or (len(text.split()) < _FEW and len(text) < _SHORT)


def only_thinks(action: str) -> bool:
    """Whether a sentence tells only what somebody thinks."""
    found = _words(action)
    thinks = words("verbs", "think") | words("verbs", "thought")
    seen = ("move", "handle", "handled", "strong", "stronger", "perceive")
    acts = any(not found.isdisjoint(words("verbs", name)) for name in seen)
    return not found.isdisjoint(thinks) and not acts


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in WORD.findall(text))


def _none(reason: str) -> ImageDecision:
    return ImageDecision(type=DecisionType.NONE, reason=reason)


def _new(reason: str) -> ImageDecision:
    return ImageDecision(type=DecisionType.NEW, reason=reason)


def _reuse(reason: str, beat: str) -> ImageDecision:
    return ImageDecision(type=DecisionType.REUSE, reason=reason, reuse_of=beat)


def _and(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _shortened(action: str) -> str:
    if len(action) <= _SHOWN:
        return action
    return f"{action[:_SHOWN].rsplit(' ', 1)[0].rstrip(' ,;:.')} …"
