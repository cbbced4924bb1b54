"""Who finds beats and writes prompts."""

from storyloom.automation.runs.directing.writing import Authors
from storyloom.story.ruled import RuleAuthor


def authors_of() -> Authors:
    """Rules, whatever model a session names: they need nothing, and cost nothing."""
    rules = RuleAuthor()
    return Authors(lambda _model: rules, rules)
