"""What goes wrong with Redis, in our words."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from redis import exceptions as redis

from storyloom.errors import Unavailable

# In this order: the first that fits says it.
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (redis.ReadOnlyError, "Redis takes no writes: it is a read-only replica."),
    (redis.OutOfMemoryError, "Redis takes no writes: its memory is full."),
    (redis.BusyLoadingError, "Redis is still loading its data."),
    (redis.AuthenticationError, "Redis refuses the user or the password of REDIS_URL."),
    (redis.AuthenticationWrongNumberOfArgsError, "Redis asks for a user in REDIS_URL."),
    (redis.AuthorizationError, "Redis does not let this user in."),
    (redis.NoPermissionError, "Redis does not let this user read and write hot state."),
    (redis.TimeoutError, "Redis took too long to answer."),
    (TimeoutError, "Redis took too long to answer."),
    (redis.ConnectionError, "Redis cannot be reached."),
    (OSError, "Redis cannot be reached."),
)
NONSENSE = "Redis gave an answer that does not fit the question."
# What redis-py trips over when a reply is of another shape than its command's.
_STUMBLES = (ValueError, TypeError, LookupError, AttributeError)
# Some of redis-py's errors are no `RedisError`.
_FOREIGN = (
    redis.RedisError,
    redis.RedisClusterException,
    redis.ChildDeadlockedError,
    redis.IncorrectPolicyType,
    OSError,
)
_CODE = re.compile(r"[A-Z]{3,}\b")


@contextmanager
def translated() -> Generator[None]:
    """Raise everything that redis-py raises as `Unavailable`."""
    try:
        yield
    except _FOREIGN as fault:
        raise Unavailable(_sentence(fault), system="redis") from fault
    except _STUMBLES as fault:
        raise Unavailable(NONSENSE, system="redis") from fault


def _sentence(fault: Exception) -> str:
    for kind, sentence in _SENTENCES:
        if isinstance(fault, kind):
            return sentence
    # The rest may quote keys; only the code in front is worth telling, such as MISCONF.
    code = _CODE.match(str(fault))
    return f"Redis refused the command ({code[0] if code else type(fault).__name__})."
