"""Whether a file bears a capability out: one stray word is a coincidence, and no claim rests on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from storyloom.storyboard.capabilities import Capabilities, Capability
from storyloom.storyboard.code.facts import CodeFacts
from storyloom.storyboard.code.languages import split_name
from storyloom.storyboard.code.names import words, words_of_file
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.code.subjects import Subject, stems_of

_FEW = 2
_MAX_WORDS_OF = 400  # definitions whose words are looked at
_OPENING = 4  # sentences of a file's doc
_SHARE = 0.25  # of what speaks for the thing most spoken of


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Where a file speaks of itself; what it imports and what it says to others is not there."""

    name: str
    texts: tuple[str, ...]  #: its doc, the names that it defines, and the docs of those
    kind: str  #: what the kind of file tells by itself

    def bear_out(self, capability: Capability) -> bool:
        """Whether different words speak for a capability.

        A single one is enough where it names something that any business deals with, and the file
        is named by it too: `InvoiceList`, but not the ticket of a car park.
        """
        named, told = _telling((self.name,), capability), _telling(self.texts, capability)
        own = named | told
        parts = {part for term in own if " " in term for part in term.split()}
        is_business = capability.business and named & told
        return bool(len(own - parts) >= _FEW or is_business or self._is_kind_of(capability))

    def are_about(self, subject: Subject, capability: Capability) -> bool:
        """Whether a capability can speak of what the file is about, or of what it names."""
        fits = Capabilities.packaged().fits
        is_fit = all(fits(thing[-1], capability) for thing in subject.things)
        if (is_fit and subject.share >= _SHARE) or self._is_kind_of(capability):
            return True
        nouns = capability.subject.split(" and ")
        own = stems_of((self.name, *self.texts))
        return any(stems_of((noun.split()[0], noun.split()[-1])) & own for noun in nouns)

    def _is_kind_of(self, capability: Capability) -> bool:
        return bool(_telling((self.kind,), capability))


def own_words(facts: CodeFacts, file_name: str, kind: str) -> OwnWords:
    """Gather the words by which a file speaks of itself."""
    public = facts.public[:_MAX_WORDS_OF]
    texts = (
        *(sentences(facts.doc.text)[:_OPENING] if facts.doc else ()),
        *(" ".join(words(one.name)) for one in public),
        *(opening for one in public for opening in sentences(one.doc)[:1]),
        *(" ".join(words(one.path)) for one in facts.routes),
    )
    return OwnWords(" ".join(words_of_file(split_name(file_name))), texts, kind)


def _telling(texts: Iterable[str], capability: Capability) -> frozenset[str]:
    telling_in = Capabilities.packaged().telling_in
    return frozenset(term for text in texts for term in telling_in(text, capability))
