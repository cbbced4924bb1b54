"""Which events a key may see."""

from pathlib import Path

from storyloom.access.schemas import Scope
from storyloom.bootstrap.events import KINDS
from storyloom.events.schemas import Subject

ROOT = Path(__file__).parents[2]


def test_each_kind_is_covered_by_one_scope_and_documented() -> None:
    kinds = [kind for some in KINDS.values() for kind in some]

    assert len(kinds) == len(set(kinds))
    assert "session" in KINDS[Scope.STORIES]
    told = [Subject.model_fields["kind"].description, (ROOT / "docs/events.md").read_text("utf-8")]
    assert [kind for kind in kinds for text in told if f"`{kind}`" not in str(text)] == []
