"""What a request expects of the session that it changes (RFC 9110, 13.1)."""

from dataclasses import dataclass

from storyloom.errors import ConditionUnreadable
from storyloom.kit.tagged import are_tags, is_known
from storyloom.story.errors import SessionChanged
from storyloom.story.ports import KeptSession
from storyloom.story.schemas import SessionKey

_TOLD = 24


@dataclass(frozen=True, slots=True)
class Condition:
    """`If-Match`; without it nothing is expected.

    A proxy that compresses answers makes the tags in them weak ones. They are taken all the same:
    ours tell exactly what is kept.
    """

    if_match: str | None = None

    def __post_init__(self) -> None:
        """Raise `ConditionUnreadable` for what is none."""
        if self.if_match is not None and not are_tags(self.if_match):
            raise ConditionUnreadable

    def check(self, key: SessionKey, kept: KeptSession | None) -> None:
        """Raise `SessionChanged` for a session that is not as it is expected."""
        if self.if_match is None:
            return
        if kept is None:
            raise SessionChanged(
                f"There is no session {key.timestamp}, or no longer; "
                "saved without If-Match, it is a new one",
                None,
            )
        etag = etag_of(key, kept.version)
        if not is_known(etag, self.if_match):
            raise SessionChanged(
                f"Somebody has changed the session {key.timestamp} since you read it; "
                "read it again, and make your change to what it says now",
                etag,
            )


NOTHING_EXPECTED = Condition()


def etag_of(key: SessionKey, version: str) -> str:
    """The tag of a session in this version. Two that say the same are told apart by their names."""
    return f'"{key.timestamp}-{version[:_TOLD]}"'
