"""Who finds beats and writes prompts."""

from storyloom.automation.runs.directing.writing import Authors
from storyloom.bootstrap.models import Models, allows
from storyloom.settings import Settings
from storyloom.story.asked.author import ModelAuthor
from storyloom.story.author import Author
from storyloom.story.ruled import RuleAuthor


def authors_of(settings: Settings, models: Models | None) -> Authors:
    """The model that a session names, else the usual one, else rules.

    A process without models drives no runs, so that nobody writes in it.
    """
    rules, check = RuleAuthor(), allows(settings)

    def named(written: str | None) -> Author:
        if written is not None:
            check(written)
        if models is None:
            return rules
        asks = models.language if written is None else models.named(written)
        return rules if asks is None else ModelAuthor(asks, rules)

    return Authors(named, rules)
