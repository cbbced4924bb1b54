"""How a run begins: once for the same session, however often somebody clicks."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.naming import first_job
from storyloom.automation.runs.ports import ConfigStore, RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.state import Runs
from storyloom.errors import InvalidInput, NotFound
from storyloom.kit.clock import Clock
from storyloom.kit.ids import new_job_id
from storyloom.story.episodes import StoryView
from storyloom.story.schemas import MAX_NUMBER, SessionKey, SessionSaved
from storyloom.story.state import Seen

SCRIPT_LENGTH = 2_000_000
_PAGE = 200
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


class Savings(Protocol):
    """Where sessions are saved and looked at, as `StorySessions` has it."""

    async def save(self, org_id: str, raw: bytes) -> SessionSaved:
        """Keep a session."""
        ...

    async def look(self, key: SessionKey) -> Seen:
        """What the session is now; raises `SessionNotFound`."""
        ...

    async def episode(self, key: SessionKey) -> StoryView:
        """Script, beats and bible as they are now; raises `SessionNotFound`."""
        ...


class RunStarter:
    """Accepts runs. Accepted means: the row is kept; the engine may take it up later."""

    def __init__(
        self, store: RunStore, configs: ConfigStore, sessions: Savings, *, runs: Runs, clock: Clock
    ) -> None:
        """Take where runs, defaults and sessions are kept."""
        self._store = store
        self._configs = configs
        self._sessions = sessions
        self._runs = runs
        self._clock = clock

    async def start(self, org_id: str, request: RunRequest) -> Run:
        """The run of this session: a new one, or the one that has not ended.

        Raises `InvalidInput`, and `SessionNotFound`.
        """
        config = await self.config(org_id, request.config)
        timestamp = request.session_timestamp
        if (timestamp is None) == (request.script is None):
            raise InvalidInput(
                "Either sessionTimestamp or script has to be there", loc=("body",), kind="missing"
            )
        if timestamp is None:
            timestamp = await self._saved(org_id, request)
        else:
            await self._sessions.look(SessionKey(org_id, timestamp))
        return await self._accept(org_id, timestamp, config)

    async def start_by_itself(self, key: SessionKey) -> Run | None:
        """The first run of a session whose prompts are ready, where the organisation wants that."""
        config = await self._configs.get(key.org_id)
        if config is None or not config.enabled:
            return None
        async for _ in self._of_session(key):
            return None
        return await self._accept(key.org_id, key.timestamp, config)

    async def config(self, org_id: str, given: Mapping[str, JsonValue]) -> RunConfig:
        """The defaults of an organisation, with what is given in their place."""
        usual = await self._configs.get(org_id) or RunConfig()
        known = usual.model_dump(mode="json", by_alias=True)
        try:
            return RunConfig.model_validate(_merged(known, given))
        except ValidationError as fault:
            first = fault.errors()[0]
            raise InvalidInput(
                first["msg"], loc=("body", "config", *first["loc"]), kind=first["type"]
            ) from fault

    async def _saved(self, org_id: str, request: RunRequest) -> int:
        session: dict[str, Any] = {"scriptText": request.script, "promptMode": "storyart"}
        if request.title:
            session["analyzedEpisode"] = {"title": request.title}
        # The same script, sent twice, is one session: the second click finds the first run.
        async for run in self._unfinished(org_id):
            seen = await self._script_of(run)
            if seen == request.script:
                return run.session_timestamp
        saved = await self._sessions.save(org_id, json.dumps(session).encode())
        return saved.session_timestamp

    async def _script_of(self, run: Run) -> str | None:
        try:
            key = SessionKey(run.org_id, run.session_timestamp)
            return (await self._sessions.episode(key)).script
        except NotFound:
            return None

    async def _accept(self, org_id: str, timestamp: int, config: RunConfig) -> Run:
        """Of several at the same time, one is made: runs of a session follow one after the other."""
        key = SessionKey(org_id, timestamp)
        async for run in self._of_session(key):
            if not run.status.is_terminal:
                return run
        run_id, cause = new_job_id(), f"session:{timestamp}"
        made = Run(
            id=run_id,
            job=first_job(run_id),
            org_id=org_id,
            session_timestamp=timestamp,
            config=config,
            created_at=self._clock.now(),
        )
        while (kept := await self._store.add(made, cause)).id != run_id:
            if not kept.status.is_terminal:
                return kept
            cause = f"session:{timestamp}:{kept.id}"
        await self._runs.start(made)
        return made

    async def _of_session(self, key: SessionKey) -> AsyncIterator[Run]:
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
