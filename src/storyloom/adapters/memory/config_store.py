"""The defaults of organisations in this process: the twin that tests use."""

from storyloom.automation.runs.config import RunConfig


class MemoryConfigStore:
    """Keeps them in a dictionary."""

    def __init__(self) -> None:
        """It begins empty."""
        self._kept: dict[str, RunConfig] = {}

    async def get(self, org_id: str) -> RunConfig | None:
        """What it has chosen, or None."""
        return self._kept.get(org_id)

    async def put(self, org_id: str, config: RunConfig) -> None:
        """Keep what it has chosen."""
        self._kept[org_id] = config
