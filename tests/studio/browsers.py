"""The browser that looks at the page: Debian's Chromium, or whatever Chromium is in PATH.

Its headless shell draws the same pages in a third of the processor's time: no window is kept up to date.
"""

import shutil

_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
BROWSERS = (*_SHELLS, "chromium", "chromium-browser", "google-chrome", "chrome")
# It is alone on this machine: it asks nobody for updates, and needs no sandbox of its own.
ALONE = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
MISSING = "a Chromium is needed to look at the page: apt-get install chromium-headless-shell"


def found() -> str | None:
    """Its path; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
