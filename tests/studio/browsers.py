"""The browser that looks at the page: Debian's Chromium, or whatever Chromium is in PATH."""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# It is alone on this machine: it asks nobody for updates, and needs no sandbox of its own.
ALONE = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
MISSING = "a Chromium is needed to look at the page: apt-get install chromium"


def found() -> str | None:
    """Its path; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
