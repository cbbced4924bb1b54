"""How a run begins: once for the same session, however often somebody clicks."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, cast

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.runs.naming import first_job
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.scripts import Episodes, Scripts, digest_of
from storyloom.automation.runs.state import Runs
from storyloom.errors import InvalidInput, StoryloomError
from storyloom.jobs.schemas import Handling
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId, new_job_id, promised_job_id
from storyloom.kit.sentences import sentence_of
from storyloom.story.schemas import MAX_NUMBER, SessionDeleted, SessionKey, SessionSaved
from storyloom.story.script.fountain import title_of
from storyloom.story.script.hygiene import safe

SCRIPT_LENGTH = 2_000_000
_PAGE = 200
LONGEST_TITLE = 200
# A title page is shorter; the script behind it need not be read for its title.
_TITLE_PAGE = 4096
_New = Callable[[SessionKey], Run]
#: Of the newest runs, so many are looked through for those of a session.
_LOOKED_AT = 200


class RunRequest(BaseModel):
    """A session that is there, or a script of which one is made."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    session_timestamp: int | None = Field(default=None, ge=0, le=MAX_NUMBER, strict=True)
    script: str | None = Field(default=None, min_length=1, max_length=SCRIPT_LENGTH)
    title: str = Field(default="", max_length=300)
    config: dict[str, JsonValue] = Field(
        default_factory=dict, description="What is to differ from the defaults"
    )


class Savings(Episodes, Protocol):
    """Where sessions are saved and looked at, as `StorySessions` has it."""

    async def save(self, org_id: str, raw: bytes) -> SessionSaved:
        """Keep a session."""
        ...

    async def delete(self, org_id: str, timestamp: str) -> SessionDeleted:
        """Remove a session; raises `SessionNotFound`."""
        ...


class RunStarter:
    """Accepts runs. Accepted means: the row is kept; the engine may take it up later."""

    def __init__(
        self, store: RunStore, defaults: RunDefaults, sessions: Savings, *, runs: Runs, clock: Clock
    ) -> None:
        """Take where runs, defaults and sessions are kept."""
        self._store = store
        self._defaults = defaults
        self._sessions = sessions
        self._scripts = Scripts(sessions)
        self._runs = runs
        self._clock = clock

    def now(self) -> datetime:
        """The time that runs go by."""
        return self._clock.now()

    async def start(
        self, org_id: str, request: RunRequest, handling: Handling | None = None
    ) -> Run:
        """The run of this session or script: a new one, or the one that has not ended.

        Raises `InvalidInput`, and `SessionNotFound`.
        """
        promised = promised_job_id()
        # The same request may have been accepted before, and its answer lost.
        if promised is not None and (kept := await self._store.get(promised)) is not None:
            return kept
        config = await self.config(org_id, request.config)
        run_id, handled = promised or new_job_id(), handling or Handling()
        new = partial(self._new, config=config, run_id=run_id, handling=handled)
        timestamp, script = request.session_timestamp, request.script
        if timestamp is not None and script is None:
            await self._sessions.look(SessionKey(org_id, timestamp))
            return await self._of_session(SessionKey(org_id, timestamp), new)
        if script is not None and timestamp is None:
            return await self._of_script(org_id, script, request.title, new)
        raise InvalidInput(
            "Either sessionTimestamp or script has to be there", loc=("body",), kind="missing"
        )

    async def start_by_itself(self, key: SessionKey) -> Run | None:
        """The first run of a session whose prompts are ready, where the organisation wants that."""
        config = await self._defaults.of(key.org_id)
        if not config.enabled:
            return None
        async for _ in self._known(key):
            return None
        new = partial(self._new, config=config, run_id=new_job_id(), handling=Handling())
        return await self._of_session(key, new)

    async def config(self, org_id: str, given: Mapping[str, JsonValue]) -> RunConfig:
        """The defaults of an organisation, with what is given in their place."""
        usual = await self._defaults.of(org_id)
        known = usual.model_dump(mode="json", by_alias=True)
        try:
            return RunConfig.model_validate(_merged(known, given))
        except ValidationError as fault:
            first = fault.errors()[0]
            raise InvalidInput(
                sentence_of(first), loc=("body", "config", *first["loc"]), kind=first["type"]
            ) from fault

    async def _of_session(self, key: SessionKey, new: _New) -> Run:
        """Of several at the same time, one is made: runs of a session follow one after the other."""
        async for run in self._known(key):
            if not run.status.is_terminal:
                return run
        return await self._kept(await self._titled(new(key)), f"session:{key.timestamp}")

    async def _of_script(self, org_id: str, script: str, title: str, new: _New) -> Run:
        """The same script, sent twice, is one session: the second click finds the first run."""
        digest = digest_of(script)
        async for run in self._unfinished(org_id):
            if await self._is_of(run, digest):
                return run
        session: dict[str, Any] = {"scriptText": script, "promptMode": "storyart"}
        if title:
            session["analyzedEpisode"] = {"title": title}
        saved = await self._sessions.save(org_id, json.dumps(session).encode())
        made = await self._titled(new(SessionKey(org_id, saved.session_timestamp)))
        kept = await self._kept(made, f"script:{digest}", digest)
        if kept.session_timestamp != saved.session_timestamp:
            # At the same moment another process has begun it, with a session of its own.
            await self._sessions.delete(org_id, str(saved.session_timestamp))
        return kept

    async def _titled(self, run: Run) -> Run:
        """The run with the title that the story has now, so that lists need not read stories."""
        try:
            story = await self._sessions.episode(SessionKey(run.org_id, run.session_timestamp))
            named = story.head.title.replace("\x00", "").strip()
            title = named or await to_thread.run_sync(_title_page, story.script)
        except StoryloomError:  # what is wrong with it is told where the run needs it
            return run
        return run.model_copy(update={"title": title[:LONGEST_TITLE]})

    async def _is_of(self, run: Run, digest: str) -> bool:
        return await self._scripts.is_of(SessionKey(run.org_id, run.session_timestamp), digest)

    def _new(self, key: SessionKey, *, config: RunConfig, run_id: JobId, handling: Handling) -> Run:
        return Run(
            id=run_id,
            job=first_job(run_id),
            org_id=key.org_id,
            session_timestamp=key.timestamp,
            config=config,
            handling=handling,
            created_at=self._clock.now(),
        )

    async def _kept(self, made: Run, first_cause: str, digest: str | None = None) -> Run:
        """The new run, or the one of the same cause that has not ended, and still is of the script."""
        cause = first_cause
        while (kept := await self._store.add(made, cause)).id != made.id:
            is_it = digest is None or await self._is_of(kept, digest)
            if is_it and not kept.status.is_terminal:
                return kept
            cause = f"{first_cause}:{kept.id}"
        await self._runs.start(made)
        return made

    async def _known(self, key: SessionKey) -> AsyncIterator[Run]:
        async for run in self._unfinished(key.org_id):
            if run.session_timestamp == key.timestamp:
                yield run
        for run in await self._store.page(key.org_id, limit=_LOOKED_AT, before=None):
            if run.session_timestamp == key.timestamp:
                yield run

    async def _unfinished(self, org_id: str) -> AsyncIterator[Run]:
        after: datetime | None = None
        before = self._clock.now() + timedelta(seconds=1)
        while True:
            page = await self._store.unfinished(
                created_before=before, created_after=after, limit=_PAGE
            )
            for run in page:
                if run.org_id == org_id:
                    yield run
            if len(page) < _PAGE:
                return
            after = page[-1].created_at


def _merged(usual: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, and the rest as it is usual; one level of objects deep."""
    merged = dict(usual)
    for name, value in given.items():
        before = usual.get(name)
        is_deep = name == "gpu" and isinstance(value, dict) and isinstance(before, dict)
        merged[name] = {**cast("dict[str, Any]", before), **value} if is_deep else value
    return merged


def _title_page(script: str) -> str:
    return title_of(safe(script[:_TITLE_PAGE]))
