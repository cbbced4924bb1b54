"""What callers are told who send a key that cannot be used."""

from storyloom.errors import Conflict, InvalidInput


class IdempotencyKeyReused(InvalidInput):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"


class IdempotencyInFlight(Conflict):
    """The first request with this idempotency key is not answered yet."""

    code = "idempotency_in_flight"
    retryable = True


class AnswerNotKept(Conflict):
    """This was done already, and its answer is not kept: it holds a secret, or is too long."""

    code = "idempotency_answer_not_kept"
