"""What the darkroom may still expect of the scribe."""

from dataclasses import dataclass
from datetime import datetime

from storyloom.automation.runs.schemas import WaitCode
from storyloom.errors import StoryloomError


@dataclass(slots=True)
class Supply:
    """Whether more prompts will come, and what they wait for."""

    code: WaitCode = WaitCode.WRITING_PROMPTS
    detail: str = "The session is being read"
    until: datetime | None = None
    is_over: bool = False  #: no more will come
    fault: StoryloomError | None = None  #: why those that are missing will not come
    is_soon: bool = False  #: the first may be there in seconds: what makes pictures may warm up
