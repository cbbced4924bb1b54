"""A run that is asked about and not started: its story is counted, and what is in its way looked at."""

from functools import partial

from anyio import to_thread

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.preflight import Preflight, PreflightReport, Tale
from storyloom.automation.runs.showing import Episodes
from storyloom.automation.runs.starting import RunRequest, RunStarter
from storyloom.errors import InvalidInput
from storyloom.story.author import Head
from storyloom.story.episodes import STORYSWARM, BeatSeen, StoryView
from storyloom.story.origins import Standing
from storyloom.story.prompts import Aspect, prompt_of
from storyloom.story.schemas import SessionKey
from storyloom.story.script.schemas import DecisionType, Episode


class Rehearsal:
    """Tells what a request for a run would meet with. Nothing is kept, started or paid for."""

    def __init__(self, preflight: Preflight, starter: RunStarter, sessions: Episodes) -> None:
        """Take who looks, who knows the defaults, and where sessions are read."""
        self._preflight = preflight
        self._starter = starter
        self._sessions = sessions

    async def look(self, org_id: str, request: RunRequest) -> PreflightReport:
        """What would be in the way; raises `InvalidInput`, and `SessionNotFound`.

        Without a session and a script it is not known how much there is to be made.
        """
        config = await self._starter.config(org_id, request.config)
        if request.session_timestamp is None:
            script, head = request.script, Head(title=request.title)
            tale = Tale() if script is None else await _by_rules(script, head)
            return await self._preflight.look(org_id, config, tale)
        if request.script is not None:
            says = "Not both of sessionTimestamp and script can be there"
            raise InvalidInput(says, loc=("body",), kind="ambiguous")
        view = await self._sessions.episode(SessionKey(org_id, request.session_timestamp))
        return await self._preflight.look(org_id, config, await _tale_of(view, config))


async def _tale_of(view: StoryView, config: RunConfig) -> Tale:
    if not view.beats or view.scenes_to_come:
        found = await _by_rules(view.script, view.head)
    else:
        wanting = [seen for seen in view.beats if seen.beat.needs_prompts]
        lacking = [one for one in wanting if any(_lacks(one, a) for a in config.aspects)]
        found = Tale(len(wanting), len(lacking))
    # There the prompts are another service's work, and so is what they cost.
    unwritten = 0 if view.prompt_mode == STORYSWARM and view.beats else found.unwritten
    return Tale(found.beats, unwritten, view.selected_llm, found.fault)


def _lacks(seen: BeatSeen, aspect: Aspect) -> bool:
    """Whether a run would write this prompt."""
    return prompt_of(seen.beat, aspect) is None or seen.standings[aspect] is Standing.OUTDATED


async def _by_rules(script: str, head: Head) -> Tale:
    """As rules count the beats, which a model may find otherwise."""
    try:
        read = await to_thread.run_sync(partial(_read, script, head))
    except InvalidInput as fault:
        return Tale(0, 0, fault=fault.message)
    kinds = [beat.image_decision.type for scene in read.scenes for beat in scene.beats]
    return Tale(kinds.count(DecisionType.NEW), kinds.count(DecisionType.NEW))


def _read(script: str, head: Head) -> Episode:
    from storyloom.story.ruled import read_whole  # noqa: PLC0415 - all that reads scripts is loaded

    return read_whole(script, head)
