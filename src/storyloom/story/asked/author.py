"""The author that asks a language model, and falls back on rules where its answers do not stand."""

from collections.abc import AsyncIterator
from functools import partial

from anyio import to_thread

from storyloom.llm.ports import Asks
from storyloom.story.asked.asking import Verdict, asked
from storyloom.story.asked.material import beat_question, scene_question
from storyloom.story.asked.scenes import judged_scene
from storyloom.story.asked.schemas import PromptAnswer
from storyloom.story.author import Author, Head, SceneFound
from storyloom.story.prompting.lint import lint
from storyloom.story.prompting.schemas import BeatPrompts, Facts, LintFinding, Severity
from storyloom.story.ruled import read_whole, written
from storyloom.story.script.schemas import Bible, DecisionType, FoundBeat, FoundScene, ImageDecision

MAX_SCENE = 24_000  #: characters: an answer quotes all of them
_Looked = tuple[Facts, tuple[LintFinding, ...]]


class ModelAuthor:
    """An `Author` by a language model. Calls are on the account of whoever asks for scenes and prompts."""

    def __init__(self, model: Asks, fallback: Author) -> None:
        """Take what can be asked, and who writes where its answers do not stand."""
        self._model = model
        self._fallback = fallback

    async def scenes(self, script: str, *, episode: Head) -> AsyncIterator[SceneFound]:
        """Scene by scene, the bible growing; rules say where scenes begin and end.

        Raises `InvalidInput`, and what a model raises that is away, refuses our key, or has used up
        its quota or the budget.
        """
        read = await to_thread.run_sync(partial(read_whole, script, episode))
        bible = read.bible
        for scene in read.scenes:
            found, bible, degraded = await self._scene(scene, bible)
            found = _with_pictures(found)
            yield SceneFound(
                scene=found,
                bible=bible,
                head=Head(read.episode_number, read.title),
                total_scenes=len(read.scenes),
                degraded=degraded,
            )

    async def prompts(self, beat: FoundBeat, bible: Bible, *, style: str = "") -> BeatPrompts:
        """Ask for ids and an action, look them over, and compose."""
        question = await to_thread.run_sync(beat_question, beat, bible)
        outcome = await asked(self._model, question, partial(_judged, beat=beat, bible=bible))
        if outcome.value is None:
            made = await self._fallback.prompts(beat, bible, style=style)
            why = f"The prompt of {beat.beat_id} was written by rules: the language model could not be used, {outcome.why}."
            degraded = (*outcome.remarks, why, *made.degraded)
            return made.model_copy(update={"degraded": degraded})
        facts, findings = outcome.value
        compose = partial(
            written,
            facts,
            beat,
            bible,
            style=style,
            findings=findings,
            degraded=outcome.remarks,
        )
        return await to_thread.run_sync(compose)

    async def _scene(
        self, scene: FoundScene, bible: Bible
    ) -> tuple[FoundScene, Bible, tuple[str, ...]]:
        if not scene.beats:
            return scene, bible, ()
        if sum(len(beat.text) for beat in scene.beats) > MAX_SCENE:
            why = f"Scene {scene.scene_number} is too long for one question: it was read by rules."
            return scene, bible, (why,)
        question = await to_thread.run_sync(scene_question, scene, bible)
        outcome = await asked(
            self._model, question, partial(judged_scene, scene=scene, bible=bible)
        )
        if outcome.value is None:
            why = f"Scene {scene.scene_number} was read by rules: the language model could not be used, {outcome.why}."
            return scene, bible, (*outcome.remarks, why)
        return outcome.value.scene, outcome.value.bible, outcome.remarks


def _with_pictures(scene: FoundScene) -> FoundScene:
    """The scene, where a beat that reuses a picture of another one gets its own.

    A scene that a model has read has other beats than the rules knew when they decided.
    """
    beats: list[FoundBeat] = []
    pictures: set[str] = set()
    for beat in scene.beats:
        decision = beat.image_decision
        if decision.type is DecisionType.REUSE and decision.reuse_of not in pictures:
            own = ImageDecision(reason="The picture that was to serve is not made.")
            beats.append(beat.model_copy(update={"image_decision": own}))
        else:
            beats.append(beat)
        if beats[-1].image_decision.type is DecisionType.NEW:
            pictures.add(beat.beat_id)
    return scene.model_copy(update={"beats": tuple(beats)})


def _judged(answer: PromptAnswer, *, beat: FoundBeat, bible: Bible) -> Verdict[_Looked]:
    """Look facts over. What was mended safely may stand, and is complained of all the same."""
    facts, findings = lint(answer.facts, beat, bible)
    wrong = [one for one in findings if one.severity is Severity.ERROR]
    may_stand = all(one.is_fixed for one in wrong)
    complaints = tuple(one.message for one in wrong)
    return Verdict((facts, findings) if may_stand else None, complaints)
