"""Secrets are taken out of a code file before anything reads it, be it rules or a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread

from storyloom.llm.redaction import Finding, Redactor, redacted
from storyloom.llm.redaction_shapes import SecretKind
from storyloom.llm.redaction_values import PLACEHOLDER
from storyloom.storyboard.ports import CodeUnderstanding
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Understanding

_MOST_TOLD = 4  # places that a note names
_NAMELESS = "file"
_JOINTS = " -_.,()"
_IN_NAME = "A secret in the file's name was left out of the reading."


class RedactedCodeUnderstanding:
    """A `CodeUnderstanding` that lets another one see text and file name without their secrets.

    So no secret that was found reaches a model or the result. Lines keep their numbers. The wished
    headline is the caller's own word and passes as it is.
    """

    def __init__(self, inner: CodeUnderstanding) -> None:
        """Take what reads the file."""
        self._inner = inner

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields; `degraded` says what was left out. Raises what the inner one does."""
        shown = await to_thread.run_sync(without_secrets, file_name, text)
        made = await self._inner.understand(shown.file_name, shown.text, brief)
        return made.model_copy(update={"degraded": (*made.degraded, *shown.notes)})


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen of a code file, and what is said of the rest."""

    file_name: str
    text: str
    notes: tuple[str, ...]


def without_secrets(file_name: str, text: str) -> Shown:
    """Take the secrets out of a file's text and name. What is one in the text is one in the name."""
    both = Redactor()
    body = both.redacted(text)
    name = _plain(both.redacted(file_name).text)
    notes = (_of_text(body.findings), _IN_NAME if name != file_name else "")
    return Shown(name, body.text, tuple(note for note in notes if note))


def shown_name(file_name: str) -> str:
    """Give a file's name as it may be shown."""
    return _plain(redacted(file_name).text)


def _plain(file_name: str) -> str:
    """Leave placeholders out of a name: `invoices-[[...]].py` becomes `invoices.py`."""
    if not PLACEHOLDER.search(file_name):
        return file_name
    name = PLACEHOLDER.sub("", file_name).replace("\\", "/").rpartition("/")[2]
    before, dot, after = name.rpartition(".")
    stem, ending = (before, dot + after) if dot else (after, "")
    return f"{stem.strip(_JOINTS) or _NAMELESS}{ending}"


def _of_text(findings: Sequence[Finding]) -> str:
    """Say how many secrets were left out and where they stood; nothing, where there were none.

    A long text that is all chance is left out without a word: it is a hash or a picture as often.
    """
    known = [one for one in findings if one.kind is not SecretKind.OPAQUE_TEXT]
    if not known:
        return ""
    places = list(dict.fromkeys(f"line {one.line}: {one.kind.value}" for one in known))
    more = len(places) - _MOST_TOLD
    shown = "; ".join(places[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
    secrets = "1 secret was" if len(known) == 1 else f"{len(known)} secrets were"
    return f"{secrets} left out of the reading ({shown})."
