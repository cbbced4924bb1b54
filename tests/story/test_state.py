"""Sessions that are kept, read, and told of."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from storyloom.adapters.memory.session_store import MemorySessionStore
from storyloom.errors import InvalidInput
from storyloom.kit.clock import ManualClock
from storyloom.story import views
from storyloom.story.author import Head, SceneFound
from storyloom.story.conditions import Condition
from storyloom.story.errors import (
    SessionChanged,
    SessionContested,
    SessionNotFound,
    SessionUnreadable,
)
from storyloom.story.ports import KeptSession, version_of
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.schemas import BeatsReady, SessionKey
from storyloom.story.script.schemas import Bible, FoundBeat, FoundScene
from storyloom.story.state import StorySessions
from storyloom.story.triggers import BeatsTrigger
from tests.story.samples import KEY, TIMESTAMP, Listener, beat, raw, session

NAME = str(TIMESTAMP)


class Store(MemorySessionStore):
    """One into which others write as well."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None
        self.reads = 0

    async def get(self, key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
        kept = await super().get(key, unless=unless)
        self.reads += kept is not None and kept.body is not None
        self.meanwhile()
        return kept

    async def watch(self, changed: Callable[[SessionKey], Awaitable[None]]) -> None:
        for key in [*self._kept, SessionKey("default", 404)]:
            await changed(key)

    def write(self, body: bytes, clock: ManualClock, key: SessionKey = KEY) -> None:
        self._kept[key] = KeptSession(version_of(body), clock.now(), body)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
async def sessions(store: Store, listener: Listener, clock: ManualClock) -> StorySessions:
    return StorySessions(store, listener, clock)


def prompts(*names: str) -> bytes:
    return raw({"prompts": dict.fromkeys(names, "wide shot")})


def big(document: dict[str, Any]) -> bytes:
    return raw(document | {"scriptText": "x" * 100_000})


async def test_a_session_without_a_timestamp_is_of_now(
    sessions: StorySessions, clock: ManualClock
) -> None:
    first = await sessions.save("default", b"{}")
    second = await sessions.save("default", b"{}")

    now = round(clock.now().timestamp() * 1000)
    assert (first.session_timestamp, second.session_timestamp) == (now, now + 1)
    assert first.storage == "memory"


async def test_it_is_told_once_that_prompts_are_ready(
    sessions: StorySessions, listener: Listener, store: Store
) -> None:
    await sessions.save("default", raw(session(beat("a"), beat("b"))))
    await sessions.add_prompts("default", NAME, prompts("a"))
    assert "ready" not in listener.said
    assert store.expected == {KEY}

    taken = await sessions.add_prompts("default", NAME, prompts("b"))
    for _ in range(3):
        await sessions.status("default", NAME)

    assert (taken.updated, taken.prompts_ready, taken.total_prompts) == (1, True, 2)
    assert listener.said.count("ready") == 1
    assert listener.said[-2:] == ["missing", "ready"]
    assert store.expected == set()


async def test_a_session_that_loses_its_prompts_is_told_as_missing(
    sessions: StorySessions, listener: Listener
) -> None:
    await sessions.save("default", raw(session(beat("a", prompts={"cinematic": "x"}))))
    await sessions.save("default", raw(session(beat("a", beat_script_text="Other"))))
    await sessions.add_prompts("default", NAME, prompts("a"))

    assert listener.said == ["ready", "missing", "missing", "ready"]
    assert len(set(listener.causes)) == 2


async def test_last_updated_moves_only_when_something_changed(
    sessions: StorySessions, clock: ManualClock
) -> None:
    made = clock.now()
    await sessions.save("default", raw(session(beat("a"))))
    clock.advance(60)
    await sessions.save("default", raw(session(beat("a"))))

    assert (await sessions.status("default", NAME)).last_updated == made
    await sessions.add_prompts("default", NAME, prompts("a"))
    assert (await sessions.status("default", NAME)).last_updated == clock.now()
    clock.advance(60)
    await sessions.add_prompts("default", NAME, prompts("a"))
    assert (await sessions.status("default", NAME)).last_updated != clock.now()


async def test_what_has_not_changed_is_read_once(
    sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    store.write(big(session(beat("a"))), clock)

    for _ in range(3):
        assert not (await sessions.status("default", NAME)).prompts_ready

    assert store.reads == 1


async def test_prompts_that_another_writes_count(
    sessions: StorySessions, store: Store, listener: Listener, clock: ManualClock
) -> None:
    await sessions.save("default", raw(session(beat("a"))))
    store.write(big(session(beat("a", prompts={"cinematic": "x"}))), clock)

    await sessions.attend()

    assert listener.said[-1] == "ready"
    assert (await sessions.status("default", NAME)).prompts_ready


async def test_to_read_a_session_tells_nobody_of_it(
    sessions: StorySessions, store: Store, listener: Listener, clock: ManualClock
) -> None:
    store.write(raw(session(beat("a", prompts={"cinematic": "x"}))), clock)

    await sessions.whole("default", NAME)
    await sessions.latest("default")
    await sessions.newest("default", limit=5, before=None)

    assert listener.said == []
    await sessions.status("default", NAME)
    assert listener.said == ["ready"]


async def test_a_write_between_reading_and_writing_is_not_lost(
    sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    store.write(raw(session(beat("a"), beat("b"))), clock)

    def meanwhile() -> None:
        store.meanwhile = lambda: None
        store.write(raw(session(beat("a", prompts={"cinematic": "x"}), beat("b"))), clock)

    store.meanwhile = meanwhile

    taken = await sessions.add_prompts("default", NAME, prompts("b"))

    assert (taken.total_prompts, taken.prompts_ready) == (2, True)


class Interrupted(Listener):
    """One to whom a word takes so long that something happens meanwhile."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def prompts_missing(self, key: SessionKey) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        await super().prompts_missing(key)


async def test_the_last_word_is_about_what_is_there(store: Store, clock: ManualClock) -> None:
    listener = Interrupted()
    one, other = (StorySessions(store, listener, clock) for _ in range(2))
    await one.save("default", raw(session(beat("a"), beat("b"))))
    listener.meanwhile = partial(other.add_prompts, "default", NAME, prompts("b"))

    # What it has to say is out of date when it has said it.
    await one.add_prompts("default", NAME, prompts("a"))

    assert "ready" in listener.said
    assert listener.said[-1] == "ready"


@pytest.mark.parametrize("does", ["save", "add_prompts"])
async def test_a_version_that_another_replaces_meanwhile_is_not_written_over(
    does: str, store: Store, listener: Listener, clock: ManualClock
) -> None:
    sessions = StorySessions(store, listener, clock)
    read = await sessions.save("default", raw(session(beat("a"))))
    theirs = raw(session(beat("a", action="theirs")))
    told = [*listener.said]

    def meanwhile() -> None:
        store.meanwhile = lambda: None
        store.write(theirs, clock)

    store.meanwhile = meanwhile
    expected = Condition(read.etag)

    with pytest.raises(SessionChanged) as refused:
        await (
            sessions.save("default", raw(session(beat("a", action="mine"))), expected)
            if does == "save"
            else sessions.add_prompts("default", NAME, prompts("a"), expected)
        )

    now = await sessions.whole("default", NAME)
    assert (now.text, now.etag) == (theirs, refused.value.etag)
    assert listener.said == told


async def test_each_change_of_a_version_gives_the_next_one(sessions: StorySessions) -> None:
    first = await sessions.save("default", raw(session(beat("a"))))
    second = await sessions.save("default", raw(session(beat("b"))), Condition(first.etag))
    third = await sessions.add_prompts("default", NAME, prompts("b"), Condition(second.etag))
    # The answer was lost, say.
    again = await sessions.add_prompts("default", NAME, prompts("b"), Condition(second.etag))

    assert len({first.etag, second.etag, third.etag}) == 3
    assert again.etag == third.etag == (await sessions.whole("default", NAME)).etag


async def test_what_is_new_is_no_version_of_anything(sessions: StorySessions) -> None:
    for said in (session(), session(timestamp=None)):
        with pytest.raises(SessionChanged):
            await sessions.save("default", raw(said), Condition("*"))

    assert b'"count":0' in await sessions.newest("default", limit=1, before=None)


async def test_a_session_that_is_written_all_the_time_is_given_up(
    sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    numbers = iter(range(100))
    store.meanwhile = lambda: store.write(raw(session(beat("a"), n=next(numbers))), clock)
    store.meanwhile()

    with pytest.raises(SessionContested):
        await sessions.add_prompts("default", NAME, prompts("a"))


async def test_many_that_add_prompts_at_once_all_do(sessions: StorySessions) -> None:
    names = [f"b{number}" for number in range(6)]
    await sessions.save("default", raw(session(*(beat(name) for name in names))))

    async with asyncio.TaskGroup() as tasks:
        for name in names:
            tasks.create_task(sessions.add_prompts("default", NAME, prompts(name)))

    assert (await sessions.status("default", NAME)).prompts_ready


async def test_a_deleted_session_is_gone(sessions: StorySessions, store: Store) -> None:
    await sessions.save("default", raw(session(beat("a"))))

    await sessions.delete("default", NAME)

    for ask in (sessions.status, sessions.whole, sessions.delete):
        with pytest.raises(SessionNotFound):
            await ask("default", NAME)
    assert store.expected == set()


@pytest.mark.parametrize(
    "name",
    ["", "abc", "-1", "1.5", "007", "\u0661", "\uff11", "9" * 17, str(2**53), "*", "1 ", "1e3"],
)
async def test_a_name_that_is_no_timestamp_is_not_found(name: str, sessions: StorySessions) -> None:
    with pytest.raises(SessionNotFound):
        await sessions.status("default", name)


@pytest.mark.parametrize("text", [b"", b"[]", b"not JSON"])
async def test_what_cannot_be_read_is_said_to_be_so(
    text: bytes, sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    store.write(text, clock)

    for _ in range(2):
        with pytest.raises(SessionUnreadable, match="cannot be read"):
            await sessions.status("default", NAME)
    with pytest.raises(SessionUnreadable):
        await sessions.add_prompts("default", NAME, prompts("a"))
    with pytest.raises(SessionNotFound):
        await sessions.latest("default")


async def test_a_body_that_is_nested_too_deeply_is_refused(sessions: StorySessions) -> None:
    deep = b'{"prompts": {"a": ' + b'{"prompts": ' * 900 + b"1" + b"}" * 902

    with pytest.raises(InvalidInput):
        await sessions.add_prompts("default", NAME, deep)


async def test_a_session_goes_out_as_it_is_kept(
    sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    spaced = json.dumps(session(beat("a")), indent=4).encode()
    store.write(spaced, clock)
    store.write(b'{"scriptText": "x"}', clock, SessionKey("default", 5))

    assert (await sessions.whole("default", NAME)).text == spaced
    assert (await sessions.latest("default")).text == spaced
    named = await sessions.whole("default", "5")
    assert json.loads(named.text) == {"scriptText": "x", "timestamp": 5}


async def test_the_newest_are_listed_page_by_page(
    sessions: StorySessions, store: Store, clock: ManualClock
) -> None:
    for timestamp in (1, 2, 3):
        await sessions.save("default", raw(session(timestamp=timestamp, scriptText="Text")))
    store.write(b"junk", clock, SessionKey("default", 4))

    async def page(limit: int, before: int | None) -> tuple[list[int], int, int | None]:
        told = json.loads(await sessions.newest("default", limit=limit, before=before))
        return [one["timestamp"] for one in told["sessions"]], told["count"], told["next"]

    assert await page(2, None) == ([3], 1, 3)
    assert await page(2, 3) == ([2, 1], 2, None)
    assert await page(2, 1) == ([], 0, None)
    one = json.loads(await sessions.newest("default", limit=1, before=2))["sessions"][0]
    assert one == {
        "timestamp": 1,
        "scriptText": "Text",
        "storyUuid": "59f64b1e",
        "analyzedEpisode": session()["analyzedEpisode"],
    }


async def test_a_page_ends_when_it_is_large(
    sessions: StorySessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE_BYTES", 100_000)
    for timestamp in (1, 2):
        await sessions.save("default", big(session(timestamp=timestamp)))

    first = json.loads(await sessions.newest("default", limit=9, before=None))

    assert ([one["timestamp"] for one in first["sessions"]], first["next"]) == ([2], 2)


async def test_only_so_many_readings_are_remembered(
    sessions: StorySessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyloom.story.state._READ_AT_MOST", 2)
    for timestamp in range(4):
        await sessions.save("default", raw(session(timestamp=timestamp)))

    assert [key.timestamp for key in sessions._read] == [2, 3]


async def test_beats_are_announced_with_what_the_session_says(
    sessions: StorySessions, listener: Listener
) -> None:
    await sessions.save("default", raw(session(beat("a"))))
    trigger = BeatsTrigger(sessions, listener)

    done = await trigger.trigger("default", BeatsReady(session_timestamp=TIMESTAMP))
    await trigger.trigger("default", BeatsReady(session_timestamp=TIMESTAMP, total_beats=9))

    assert done.notification_id == f"notif_{TIMESTAMP}"
    first, second = listener.facts
    assert (first.story_uuid, first.episode_number, first.total_beats) == ("59f64b1e", 2, 1)
    assert second.total_beats == 9
    assert len(set(listener.causes)) == 1


async def test_beats_of_a_session_that_is_kept_elsewhere_are_announced_when_all_is_said(
    sessions: StorySessions, listener: Listener
) -> None:
    trigger = BeatsTrigger(sessions, listener)
    said = BeatsReady(session_timestamp=1, story_uuid="u", episode_number=3, total_beats=4)

    await trigger.trigger("default", said)

    assert listener.facts[0].total_beats == 4
    with pytest.raises(SessionNotFound):
        await trigger.trigger("default", said.model_copy(update={"episode_number": None}))


async def test_a_session_grows_while_others_write_it(
    sessions: StorySessions, store: Store, clock: ManualClock, listener: Listener
) -> None:
    await sessions.save("default", raw({"timestamp": TIMESTAMP, "scriptText": "A yard."}))

    def meanwhile() -> None:
        store.meanwhile = lambda: None
        store.write(raw({"scriptText": "A yard.", "note": "theirs"}), clock)

    store.meanwhile = meanwhile
    beats = (FoundBeat(beat_id="s1-b1", text="A yard."),)
    scene = FoundScene(scene_number=1, beats=beats)

    await sessions.add_scenes(KEY, [SceneFound(scene, Bible(), Head(), total_scenes=1)])
    prompts = {Aspect.CINEMATIC: PromptSet(prompt="a yard")}
    await sessions.add_written(KEY, [BeatPrompts(beat_id="s1-b1", prompts=prompts)])

    view = await sessions.episode(KEY)
    assert (view.script, [seen.found for seen in view.beats]) == ("A yard.", list(beats))
    assert json.loads((await sessions.whole("default", NAME)).text)["note"] == "theirs"
    assert listener.said[-2:] == ["missing", "ready"]
