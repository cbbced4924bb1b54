"""What is shown of webhooks."""

from storyloom.cli.webhook_output import answer_of
from tests.webhooks.made import attempt, delivery


def test_answers_are_shown_in_a_line() -> None:
    assert answer_of(delivery()) == ""
    assert answer_of(delivery(attempts=(attempt(None, error="No answer"),))) == "No answer"
    assert answer_of(delivery(attempts=(attempt(None), attempt(answer="no")))) == "500 no (12 ms)"
