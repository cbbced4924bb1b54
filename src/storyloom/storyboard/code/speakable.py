"""Facts of a file whose secrets were taken out: no placeholder is among them, and none steers.

A placeholder has words (`SECRET`, `KEY`) that would make any file one about secrets. So it is read as a
number, which every language knows, and whatever is named or said with it is left out.
"""

import re
from dataclasses import replace

from storyloom.llm.redaction_values import PLACEHOLDER
from storyloom.storyboard.code.facts import CodeFacts, Remark
from storyloom.storyboard.ports import CodeReader

_NOTHING = "0000000000"
_SAID_WITH_IT = re.compile(rf"[^.!?\n]*{_NOTHING}[^.!?\n]*[.!?]?")


def speakable_facts(reader: CodeReader, file_name: str, text: str) -> CodeFacts:
    """Read a file, and leave out what rests on a placeholder; lines are counted as they stand."""
    blank = PLACEHOLDER.sub(_NOTHING, text)
    facts = reader.read(file_name, blank)
    return facts if blank == text else _without(facts)


def _without(facts: CodeFacts) -> CodeFacts:
    return replace(
        facts,
        doc=facts.doc and _spoken(facts.doc),
        definitions=tuple(
            replace(one, doc=_SAID_WITH_IT.sub("", one.doc), takes=one.takes.replace(_NOTHING, ""))
            for one in facts.definitions
            if _NOTHING not in one.name + one.owner
        ),
        imports=tuple(one for one in facts.imports if _NOTHING not in one),
        routes=tuple(one for one in facts.routes if _NOTHING not in one.path),
        texts=tuple(one for one in facts.texts if _NOTHING not in one),
    )


def _spoken(doc: Remark) -> Remark | None:
    text = _SAID_WITH_IT.sub("", doc.text)
    return replace(doc, text=text) if text.strip() else None
