"""Work as a response: with a tag that changes when it does."""

from fastapi import Response

from storyloom.kit.tagged import tagged
from storyloom.work.schemas import WorkSummary

POLL_EVERY_S = "1"
_ACCEPTED = 202


def work_response(
    work: WorkSummary, if_none_match: str | None = None, *, status: int = 200
) -> Response:
    """The work, or the word that the client has it."""
    headers = {} if work.status.is_terminal else {"Retry-After": POLL_EVERY_S}
    return tagged(work.model_dump_json().encode(), if_none_match, headers, status=status)


def accepted(work: WorkSummary) -> Response:
    """The work, which is safe and will be run, and where to poll it."""
    response = work_response(work, status=_ACCEPTED)
    response.headers["Location"] = work.links.self
    return response
