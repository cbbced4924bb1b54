"""How the help of commands is written."""


def teach(text: str, *examples: str) -> str:
    """The help of a command: a sentence, and lines that can be typed as they are."""
    # The sign before the examples keeps their line breaks.
    return f"{text}\n\n\b\nExamples:\n" + "\n".join(f"  {line}" for line in examples)
