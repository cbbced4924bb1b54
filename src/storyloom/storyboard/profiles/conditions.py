"""What a request expects of a profile that it changes (RFC 9110, 13.1)."""

from dataclasses import dataclass

from storyloom.errors import ConditionUnreadable
from storyloom.kit.tagged import are_tags, is_known
from storyloom.storyboard.profiles.errors import ProfileChanged
from storyloom.storyboard.profiles.schemas import StoredProfile
from storyloom.storyboard.profiles.showing import profile_view


@dataclass(frozen=True, slots=True)
class Condition:
    """The two headers; without them nothing is expected.

    A proxy that compresses answers makes the tags in them weak ones. They are taken all the same:
    ours tell exactly what is kept.
    """

    if_match: str | None = None
    if_none_match: str | None = None

    def __post_init__(self) -> None:
        """Raise `ConditionUnreadable` for what is none."""
        said = [one for one in (self.if_match, self.if_none_match) if one is not None]
        if not all(map(are_tags, said)):
            raise ConditionUnreadable

    def check(self, key: str, kept: StoredProfile | None) -> None:
        """Raise `ProfileChanged` for a profile that is not as it is expected."""
        tag = None if kept is None else profile_view(kept).etag
        if self.if_match is not None and (tag is None or not is_known(tag, self.if_match)):
            told = "removed" if tag is None else "changed"
            raise ProfileChanged(
                f"Somebody has {told} the profile '{key}' since you looked; "
                "look at it again, and then say what is to be so"
            )
        if tag is not None and is_known(tag, self.if_none_match):
            raise ProfileChanged(f"There is a profile '{key}' already; look at it first")


NOTHING_EXPECTED = Condition()
