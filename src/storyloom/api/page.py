"""The Studio: the built page, which is part of the wheel, and how to build it where it is missing.

`ui/` holds its source; `ui/build.py` builds it into the folder `page` of this package.
"""

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

BUILT = Path(__file__).parent.parent / "page"
INDEX = "index.html"
#: The build writes this word where a nonce belongs.
_NONCE = "__STORYLOOM_NONCE__"
# Files whose names change with what is in them, so that they are kept for good.
_ASSETS = "assets/"
_FOR_GOOD = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
# React sets styles through the object model, which needs no leave; the library's rules carry the nonce.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Storyloom</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style nonce="{nonce}">body{{font:1.1rem/1.6 system-ui;max-width:38rem;margin:15vh auto;padding:0 1rem}}
code{{background:#8883;border-radius:4px;padding:.1em .4em}}</style>
<h1>The service runs. Its page is not built.</h1>
<p>The Studio is built from <code>ui/</code> with Node.js 20.19 or newer: run <code>make page</code> in
the source tree, then load this page again. A wheel that was built where Node.js is holds it already.</p>
<p>Everything else is there: <a href="/docs">the API and its documentation</a>.</p></html>"""

router = APIRouter(include_in_schema=False)
# These look at the disk, so FastAPI takes them to a thread.


@router.api_route("/", methods=["GET", "HEAD"])
def home() -> Response:
    """The page."""
    return _index()


@router.api_route("/studio/{path:path}", methods=["GET", "HEAD"])
def page(
    path: str, accept_encoding: Annotated[str, Header(include_in_schema=False)] = ""
) -> Response:
    """A file of the page, or the page itself: it reads its own addresses."""
    file = _files().get(path)
    if file is not None:
        return _sent(path, file, accept_encoding)
    if path.startswith(_ASSETS):
        # A page of before an upgrade: it loads itself anew.
        raise HTTPException(404, "There is no such file")
    return _index()


def _index() -> Response:
    """Answer with the page; with a new nonce each time, so that it is never kept."""
    nonce = secrets.token_urlsafe(16)
    text = (_index_text() or _MISSING.format(nonce=_NONCE)).replace(_NONCE, nonce)
    policy = _POLICY.format(nonce=nonce)
    headers = {**_HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(text, headers=headers)


def _sent(path: str, file: Path, accepted: str) -> Response:
    headers = {**_HEADERS, "Vary": "Accept-Encoding"}
    if path.startswith(_ASSETS):
        headers["Cache-Control"] = _FOR_GOOD
    media_type = _TYPES.get(file.suffix, "application/octet-stream")
    wanted = {one.partition(";")[0].strip() for one in accepted.split(",")}
    for encoding, ending in _ENCODINGS:
        if encoding in wanted and path + ending in _files():
            headers["Content-Encoding"] = encoding
            return FileResponse(_files()[path + ending], headers=headers, media_type=media_type)
    return FileResponse(file, headers=headers, media_type=media_type)


def _files() -> dict[str, Path]:
    """All files of the page, by their paths: nothing else can be asked for."""
    try:
        built = (BUILT / INDEX).stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _files_of(built)


@lru_cache(maxsize=1)
def _files_of(_built: int) -> dict[str, Path]:
    """They are looked for once for each build: the page may be built while a server runs."""
    found = (path for path in BUILT.rglob("*") if path.is_file() and path.name != INDEX)
    return {path.relative_to(BUILT).as_posix(): path for path in found}


def _index_text() -> str | None:
    try:
        return (BUILT / INDEX).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
