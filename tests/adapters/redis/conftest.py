"""Whoever else is at the same Redis."""

from typing import Any

import pytest
import redis

from tests.databases import RedisServer


@pytest.fixture
def other(redis_server: RedisServer, redis_url: str) -> Any:
    """Another service, or another version of this one."""
    return redis.Redis(port=redis_server.port)
