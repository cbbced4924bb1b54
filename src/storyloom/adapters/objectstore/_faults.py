"""The faults of a store, in sentences that say what to mend."""

import logging
import re
from collections.abc import Generator
from contextlib import contextmanager

from obstore.exceptions import BaseError

from storyloom.errors import DiskFull, NotFound, Unavailable

# What a bucket says, and where its keys were looked for in vain, with what that means here.
_SIGNS = {
    "NoSuchBucket": "The bucket of STORYLOOM_IMAGES_URL does not exist.",
    "InvalidAccessKeyId|SignatureDoesNotMatch|UnauthenticatedError": "The image store does not "
    "accept the keys: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "AccessDenied|PermissionDeniedError": "The keys may not use the bucket of "
    "STORYLOOM_IMAGES_URL: they need to read, write, delete and list there.",
    r"169\.254\.": "There are no keys for the bucket of STORYLOOM_IMAGES_URL: "
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "PermanentRedirect|AuthorizationHeaderMalformed|configured region": "The bucket of "
    "STORYLOOM_IMAGES_URL lies in another region: set AWS_REGION.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong, and the image store minds.",
    "Permission denied|Read-only": "The folder of the image store cannot be written.",
}
# The body of an answer may quote what was signed, and the dump that follows says it all again.
_FULL = re.compile("No space left|quota exceeded")
_REASON = re.compile(r"[^<\n]*")
log = logging.getLogger(__name__)


@contextmanager
def translated(key: str) -> Generator[None]:
    """Turn every fault of a store into `Unavailable`."""
    try:
        yield
    except (BaseError, OSError) as fault:
        raise _unavailable(key, fault) from fault


@contextmanager
def translated_reading(key: str) -> Generator[None]:
    """As `translated`; a file that is not there is `NotFound`, and a bucket that is not is not."""
    try:
        with translated(key):
            yield
    except Unavailable as fault:
        cause = fault.__cause__
        if isinstance(cause, FileNotFoundError) and "NoSuchBucket" not in str(cause):
            raise NotFound("The file is not in the image store.") from cause
        raise


def _unavailable(key: str, fault: BaseError | OSError) -> Unavailable:
    kind, said = type(fault).__name__, str(fault)
    if not isinstance(fault, FileNotFoundError):
        reason = _REASON.match(said)
        log.warning("image store failed: key=%s fault=%s %s", key, kind, reason and reason[0])
    if _FULL.search(said):
        return DiskFull("The disk of the image store is full.", system="images")
    for signs, sentence in _SIGNS.items():
        if re.search(signs, f"{kind} {said}"):
            return Unavailable(sentence, system="images")
    return Unavailable(f"The image store did not answer ({kind}).", system="images")
