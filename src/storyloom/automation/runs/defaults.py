"""What an organisation has chosen for its runs."""

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.ports import ConfigStore


class RunDefaults:
    """The defaults of every organisation: ours, until it chooses its own."""

    def __init__(self, store: ConfigStore) -> None:
        """Take where they are kept."""
        self._store = store

    async def of(self, org_id: str) -> RunConfig:
        """What holds for the runs of an organisation."""
        return await self._store.get(org_id) or RunConfig()

    async def choose(self, org_id: str, config: RunConfig) -> RunConfig:
        """Let these hold from now on, and give them. Runs that have begun keep what they began with."""
        await self._store.put(org_id, config)
        return config
