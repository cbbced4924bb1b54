"""What those are told who want events and get none."""

from storyloom.errors import RateLimited, StoryloomError


class TooManyStreams(RateLimited):
    """Too many follow events at this server already."""

    code = "too_many_streams"


class EventsGone(StoryloomError):
    """The log has no such place, or no longer: look at the jobs, and follow from now on."""

    code = "events_gone"
    http_status = 410


class NotAcceptable(StoryloomError):
    """Events are given as application/json and as text/event-stream."""

    code = "not_acceptable"
    http_status = 406
