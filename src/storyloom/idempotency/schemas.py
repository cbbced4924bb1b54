"""Claims to a key, and answers that are kept for it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from storyloom.kit.ids import JobId

KEY_LENGTH = 255
#: One word or more of printable ASCII.
KEY_PATTERN = r"^[!-~]([ -~]*[!-~])?$"


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with a key, as digests: neither the key nor the body is kept."""

    org_id: str
    digest: str  #: of the organisation, the route and the key: what the answer is kept under
    fingerprint: str  #: of the whole request: what has to be the same


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | None  #: None: it holds a secret, or is too long to be kept


class Finding(StrEnum):
    """What became of a claim."""

    CLAIMED = "claimed"  #: the request is the claimant's to answer
    ANSWERED = "answered"
    IN_FLIGHT = "in_flight"  #: somebody is at it
    REUSED = "reused"  #: the key belongs to another request


@dataclass(frozen=True, slots=True)
class Found:
    """What there is under a key."""

    finding: Finding
    seed: str = ""  #: of a claim: the same for all claims to the key, until it is forgotten
    answer: KeptAnswer | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that is ours to answer."""

    request: KeyedRequest
    holder: str
    seed: str

    @property
    def job_id(self) -> JobId:
        """The id of the job that it makes: whoever answers the request again finds that job."""
        return JobId(str(uuid5(UUID(self.seed), self.request.fingerprint)))
