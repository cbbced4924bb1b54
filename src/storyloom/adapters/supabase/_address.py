"""Where a project is, and the key to it: what cannot work is told before anything is sent."""

from base64 import urlsafe_b64decode
from urllib.parse import urlsplit

from pydantic import BaseModel

from storyloom.adapters.supabase._faults import KEY, URL
from storyloom.errors import Misconfigured

PATH = "/rest/v1"
_FOR_BROWSERS = ("anon", "authenticated")


def rest_url(url: str) -> str:
    """The address of a project's REST API; raises `Misconfigured`."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        bare = parts.username is None and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        usable = bare = False
    if not (usable and bare):
        raise Misconfigured(
            f"The setting {URL} is wrong: it has to look like https://xxx.supabase.co.",
            setting=URL,
        )
    return url.strip().rstrip("/").removesuffix(PATH) + PATH


def checked_key(key: str) -> str:
    """The key without blanks around it; raises `Misconfigured` for one that cannot work."""
    key = key.strip()
    if not key or not all("!" <= character <= "~" for character in key):
        raise Misconfigured(
            f"The setting {KEY} is wrong: it holds characters that no key has.", setting=KEY
        )
    if key.startswith("sb_publishable_") or _role(key) in _FOR_BROWSERS:
        # It reads a table without rows, and writes nothing.
        raise Misconfigured(
            f"The setting {KEY} is wrong: this is a key for browsers. "
            "The job archive needs the project's service_role key.",
            setting=KEY,
        )
    return key


class _Claims(BaseModel):
    role: str = ""


def _role(key: str) -> str:
    """The role that a key of the older kind names; the newer kind names none."""
    claims = key.partition(".")[2].partition(".")[0]
    try:
        read = _Claims.model_validate_json(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except ValueError:
        return ""
    return read.role
