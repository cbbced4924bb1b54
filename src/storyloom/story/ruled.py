"""The author that needs nothing: scenes and prompts by rules."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from anyio import to_thread

from storyloom.story.author import Head, SceneFound
from storyloom.story.finding.reading import read_episode
from storyloom.story.origins import origin_now
from storyloom.story.prompting.composing import composed
from storyloom.story.prompting.deriving import caption_of, facts_of
from storyloom.story.prompting.lint import lint
from storyloom.story.prompting.schemas import BeatPrompts, Facts, LintFinding
from storyloom.story.script.schemas import Bible, Episode, FoundBeat


class RuleAuthor:
    """An `Author` that asks no model, and costs nothing."""

    async def scenes(self, script: str, *, episode: Head) -> AsyncIterator[SceneFound]:
        """All scenes at once, in their order, with the whole bible; raises `InvalidInput`."""
        read = await to_thread.run_sync(partial(read_whole, script, episode))
        for scene in read.scenes:
            yield SceneFound(
                scene=scene,
                bible=read.bible,
                head=Head(read.episode_number, read.title),
                total_scenes=len(read.scenes),
            )

    async def prompts(self, beat: FoundBeat, bible: Bible, *, style: str = "") -> BeatPrompts:
        """Prompts from what the beat says."""
        return await to_thread.run_sync(partial(by_rules, beat, bible, style=style))


def read_whole(script: str, episode: Head) -> Episode:
    """Read a script by rules; work for the processor alone."""
    return read_episode(script, number=episode.number, title=episode.title)


def by_rules(
    beat: FoundBeat, bible: Bible, *, style: str = "", degraded: Sequence[str] = ()
) -> BeatPrompts:
    """Derive, look over and compose; work for the processor alone."""
    facts, findings = lint(facts_of(beat, bible), beat, bible)
    return written(facts, beat, bible, style=style, findings=findings, degraded=degraded)


def written(
    facts: Facts,
    beat: FoundBeat,
    bible: Bible,
    *,
    style: str,
    findings: Sequence[LintFinding] = (),
    degraded: Sequence[str] = (),
) -> BeatPrompts:
    """Prompts from facts that have been looked over."""
    return BeatPrompts(
        beat_id=beat.beat_id,
        prompts=composed(facts, beat, bible, style=style),
        facts=facts,
        origin=origin_now(beat, bible, more=(*facts.characters, facts.place, *facts.props)),
        caption=caption_of(beat, facts),
        findings=tuple(findings),
        degraded=tuple(degraded),
    )
