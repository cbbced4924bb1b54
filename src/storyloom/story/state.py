"""Sessions: what is kept, what is read in it, and when others are told."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from storyloom.kit.clock import Clock
from storyloom.story import changes, documents, growing, readiness, views
from storyloom.story.aside import Aside
from storyloom.story.author import SceneFound
from storyloom.story.changes import Change
from storyloom.story.conditions import NOTHING_EXPECTED, Condition, etag_of
from storyloom.story.episodes import StoryView, view_of
from storyloom.story.errors import (
    SessionContested,
    SessionNotFound,
    SessionUnreadable,
    TimestampTaken,
)
from storyloom.story.ports import Announcer, KeptSession, SessionStore
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.readiness import Reading
from storyloom.story.schemas import (
    PromptsStatus,
    PromptsTaken,
    SessionDeleted,
    SessionKey,
    SessionSaved,
    parse_timestamp,
)

_ATTEMPTS = 8
_READ_AT_MOST = 4096
# Beats and prompts of a whole story take about as much; it only decides about a thread.
_FOUND_BYTES = 64 * 1024
# The newest may be none that can be read.
_LATEST_OF = 20


@dataclass(slots=True)
class _Read:
    """What was read in one version of a session."""

    version: str
    reading: Reading | None
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as it is now."""

    kept: KeptSession
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a change has left."""

    etag: str
    reading: Reading


class StorySessions:
    """Keeps sessions. Others may write them too, straight into the store.

    Whether prompts are ready is read from the text whenever that has changed, and remembered for
    its version only. Whoever sees a version first tells of it: the route that wrote it, the watch
    over what others write, or the next poll. That several do is no harm, since a notification is
    made once.
    """

    def __init__(self, store: SessionStore, announcer: Announcer, clock: Clock) -> None:
        """Take where sessions are kept, and who tells others of them."""
        self._aside = Aside()
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._read: OrderedDict[SessionKey, _Read] = OrderedDict()

    async def save(
        self, org_id: str, raw: bytes, expected: Condition = NOTHING_EXPECTED
    ) -> SessionSaved:
        """Keep a session in place of the one with the same timestamp.

        Raises `InvalidInput`, or `SessionChanged` where that one is not as expected.
        """
        said = await self._aside.run(len(raw), partial(changes.timestamp_in, raw))
        timestamp = self._now() if said is None else said
        while True:
            make = partial(changes.saved, raw, timestamp, is_new=said is None)
            try:
                kept = await self._change(SessionKey(org_id, timestamp), len(raw), make, expected)
            except TimestampTaken:
                timestamp += 1
            else:
                return SessionSaved(
                    storage=self._store.name, session_timestamp=timestamp, etag=kept.etag
                )

    async def add_prompts(
        self, org_id: str, timestamp: str, raw: bytes, expected: Condition = NOTHING_EXPECTED
    ) -> PromptsTaken:
        """Keep prompts for some beats or all.

        Raises `SessionNotFound`, `InvalidInput`, or `SessionChanged` where it is not as expected.
        """
        key = _key(org_id, timestamp)
        given = await self._aside.run(len(raw), partial(changes.prompts_in, raw))
        make = partial(changes.prompted, given, key.timestamp)
        kept = await self._change(key, len(raw), make, expected)
        return PromptsTaken(
            session_timestamp=key.timestamp,
            updated=len({one.beat_id for one in given}),
            prompts_ready=kept.reading.is_ready,
            total_beats=kept.reading.facts.total_beats,
            total_prompts=kept.reading.facts.total_prompts,
            etag=kept.etag,
        )

    async def add_scenes(self, key: SessionKey, found: Sequence[SceneFound]) -> Reading:
        """Keep scenes as they are found, those that are there already left as they are.

        Until the last one is there, prompts are not told to be ready. Raises `SessionNotFound`.
        """
        make = partial(growing.with_scenes, found, key.timestamp)
        return (await self._change(key, _FOUND_BYTES, make)).reading

    async def add_written(self, key: SessionKey, written: Sequence[BeatPrompts]) -> Reading:
        """Keep prompts that were written here, those that are there already left as they are.

        Raises `SessionNotFound`.
        """
        make = partial(growing.with_prompts, written, key.timestamp)
        return (await self._change(key, _FOUND_BYTES, make)).reading

    async def episode(self, key: SessionKey) -> StoryView:
        """Script, beats and bible as they are now; raises `SessionNotFound`."""
        kept = (await self.see(key, whole=True)).kept
        body = kept.body or b""
        return await self._aside.run(len(body), partial(_view, body))

    async def status(self, org_id: str, timestamp: str) -> PromptsStatus:
        """Whether its prompts are ready; raises `SessionNotFound`."""
        key = _key(org_id, timestamp)
        seen = await self.look(key)
        return PromptsStatus(
            prompts_ready=seen.reading.is_ready,
            session_timestamp=key.timestamp,
            total_beats=seen.reading.facts.total_beats,
            total_prompts=seen.reading.facts.total_prompts,
            last_updated=seen.kept.updated_at,
        )

    async def whole(self, org_id: str, timestamp: str) -> views.Whole:
        """The session as JSON, with its timestamp; raises `SessionNotFound`."""
        key = _key(org_id, timestamp)
        seen = await self.see(key, whole=True)
        body = seen.kept.body or b""
        if not seen.reading.is_whole:
            body = await self._aside.run(len(body), partial(views.whole, body, key.timestamp))
        return views.Whole(body, etag_of(key, seen.kept.version))

    async def latest(self, org_id: str) -> views.Whole:
        """The newest session, as `whole` gives it; raises `SessionNotFound`."""
        for timestamp in await self._store.page(org_id, limit=_LATEST_OF, before=None):
            with suppress(SessionNotFound):
                return await self.whole(org_id, str(timestamp))
        raise SessionNotFound

    async def newest(self, org_id: str, *, limit: int, before: int | None) -> bytes:
        """A `SessionList` as JSON. What cannot be read is not in it.

        A page has at most so many sessions, and fewer when they are large.
        """
        timestamps = await self._store.page(org_id, limit=limit + 1, before=before)
        page = views.Page()
        for timestamp in timestamps[:limit]:
            if page.is_full:
                break
            page.reach(timestamp)
            with suppress(SessionNotFound):
                seen = await self.see(SessionKey(org_id, timestamp), whole=True)
                body = seen.kept.body or b""
                entry = partial(views.entry, body, timestamp, seen.reading.facts)
                page.add(await self._aside.run(len(body), entry))
        return page.text(is_last=not timestamps or page.reached == timestamps[-1])

    async def delete(self, org_id: str, timestamp: str) -> SessionDeleted:
        """Remove a session; raises `SessionNotFound`."""
        key = _key(org_id, timestamp)
        self._read.pop(key, None)
        if not await self._store.delete(key):
            raise SessionNotFound
        await self._announcer.prompts_missing(key)
        await self._store.expect(key, expected=False)
        return SessionDeleted(session_timestamp=key.timestamp)

    async def look(self, key: SessionKey) -> Seen:
        """See what the session is now, and tell others of it where that is news.

        Raises `SessionNotFound`.
        """
        while True:
            seen = await self.see(key)
            read = self._read.get(key)
            if read is None or read.version != seen.kept.version or read.is_told:
                return seen
            await self._tell(key, seen.reading)
            read.is_told = True
            # Once more: whoever has replaced it meanwhile may have told of that before us, and the
            # last word has to be about what is there.

    async def see(self, key: SessionKey, *, whole: bool = False) -> Seen:
        """See what the session is now, with its text when it is wanted `whole`.

        Raises `SessionNotFound`.
        """
        known = self._read.get(key)
        unless = None if whole or known is None else known.version
        kept = await self._store.get(key, unless=unless)
        if kept is None:
            self._read.pop(key, None)
            raise SessionNotFound
        if known is None or known.version != kept.version:
            body = kept.body or b""
            reading = await self._aside.run(len(body), partial(readiness.read, body, key.timestamp))
            known = self._remember(key, _Read(kept.version, reading))
        if known.reading is None:
            raise SessionUnreadable
        return Seen(kept, known.reading)

    async def attend(self) -> None:
        """Tell of what others write; runs for ever where others write."""

        async def changed(key: SessionKey) -> None:
            try:
                await self.look(key)
            except SessionNotFound:
                await self._store.expect(key, expected=False)

        await self._store.watch(changed)

    async def _change(
        self,
        key: SessionKey,
        size: int,
        make: Callable[[bytes | None], Change],
        expected: Condition = NOTHING_EXPECTED,
    ) -> _Kept:
        for _ in range(_ATTEMPTS):
            kept = await self._store.get(key)
            body = None if kept is None else kept.body
            made = await self._aside.run(size + len(body or b""), partial(make, body))
            if made.body is None and kept is not None:
                version = kept.version  # also for a request whose first answer was lost
            else:
                expected.check(key, kept)
                if not await self._put(key, made, kept):
                    continue
                version = made.version
            if made.before is not None and not made.before.is_ready:
                await self._announcer.prompts_missing(key)
            self._remember(key, _Read(version, made.reading))
            with suppress(SessionNotFound):  # removed meanwhile
                await self.look(key)
            return _Kept(etag_of(key, version), made.reading)
        raise SessionContested

    async def _put(self, key: SessionKey, made: Change, kept: KeptSession | None) -> bool:
        replaced = None if kept is None else kept.version
        at = self._clock.now()
        return await self._store.put(key, made.body or b"", replacing=replaced, at=at)

    async def _tell(self, key: SessionKey, reading: Reading) -> None:
        if reading.is_ready:
            await self._announcer.prompts_ready(key, reading.facts, reading.prompts_cause)
        else:
            await self._announcer.prompts_missing(key)
        is_awaited = bool(reading.facts.total_beats) and not reading.is_ready
        await self._store.expect(key, expected=is_awaited)

    def _remember(self, key: SessionKey, read: _Read) -> _Read:
        self._read.pop(key, None)
        self._read[key] = read
        if len(self._read) > _READ_AT_MOST:
            self._read.popitem(last=False)
        return read

    def _now(self) -> int:
        return round(self._clock.now().timestamp() * 1000)


def _view(body: bytes) -> StoryView:
    return view_of(documents.read(body))


def _key(org_id: str, timestamp: str) -> SessionKey:
    known = parse_timestamp(timestamp)
    if known is None:
        raise SessionNotFound
    return SessionKey(org_id, known)
