"""What happens to sessions is told without a word of them."""

from storyloom.events.schemas import Draft
from storyloom.kit.clock import ManualClock
from storyloom.story.telling import SessionTeller
from tests.story.samples import KEY, TIMESTAMP
from tests.storyboard.test_telling import Noted

VERSION = "0123456789abcdef" * 4


def seen(draft: Draft) -> tuple[object, ...]:
    return draft.org_id, draft.type, draft.subject.kind, draft.subject.id, dict(draft.data)


def test_a_change_says_which_session_and_which_text(clock: ManualClock) -> None:
    teller = SessionTeller(clock=clock)

    changed = teller.changed(KEY, VERSION, clock.now())
    clock.advance(1)
    deleted = teller.deleted(KEY)

    name = str(TIMESTAMP)
    data = {"revision": VERSION[:16]}
    assert seen(changed) == ("default", "session.changed", "session", name, data)
    assert seen(deleted) == ("default", "session.deleted", "session", name, {})
    assert (deleted.at, (deleted.at - changed.at).total_seconds()) == (clock.now(), 1)


def test_a_text_that_comes_back_is_told_again(clock: ManualClock) -> None:
    teller = SessionTeller(clock=clock)

    first, second = (teller.changed(KEY, VERSION, clock.now()) for _ in range(2))

    assert first.id != second.id


def test_it_is_emitted_where_somebody_is_told(clock: ManualClock) -> None:
    noted = Noted()

    for teller in (SessionTeller(noted, clock), SessionTeller(clock=clock)):
        teller.tell(teller.deleted(KEY))

    assert noted.types == ["session.deleted"]
