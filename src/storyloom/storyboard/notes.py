"""What is said of the words of a storyboard, where they are not as good as they could be."""

from collections.abc import Iterable

# These two begin sentences that go on with a reason.
BY_RULES = "The language model's answer could not be used, so the source was read by rules"
UNSENT = "The picture was not sent to a model"
STAY_OF_MODEL = (
    "The words stay as a language model wrote them for another audience, stage or profile, for a "
    "revision asks none. Bring the source again to have them written anew."
)
STAY_OF_SOURCE = (
    "The words stay as they were found for another audience, stage or profile, for the source cannot "
    "be read any more. Bring it again to have them written anew."
)
STAY_UNNOTED = (
    "The words stay as they were for another audience, stage or profile, for some may be somebody's "
    "own: an earlier release did not note which. Bring the source again to have them written anew."
)
HEADLINE_STAYS = (
    "The last headline stays, for the one of the source is not known, and the source cannot be read "
    "any more. Bring it again to have one found."
)
_OF_REVISIONS = frozenset({STAY_OF_MODEL, STAY_OF_SOURCE, STAY_UNNOTED, HEADLINE_STAYS})


def of_source(notes: Iterable[str]) -> tuple[str, ...]:
    """Those that do not come of a revision."""
    return tuple(one for one in notes if one not in _OF_REVISIONS)


def of_model(notes: Iterable[str]) -> tuple[str, ...]:
    """Those that say why no model's answer is behind the words."""
    return tuple(one for one in notes if one.startswith((BY_RULES, UNSENT)))
