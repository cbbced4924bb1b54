"""What git tells of a working tree. It is run as a list of words, never by a shell."""

import subprocess
from pathlib import Path
from shutil import which

from storyloom.errors import StoryloomError

_LIMIT_S = 120.0


class GitFault(StoryloomError):
    """Git could not tell what has changed."""

    code = "git"
    exit_status = 2


def top_of(folder: Path) -> Path:
    """The top of the working tree around a folder; raises `GitFault` where there is none."""
    told = _git(folder, "rev-parse", "--show-toplevel")
    if told.returncode:
        raise GitFault(f"{folder.absolute()} is in no git repository; --all needs none.")
    return Path(told.stdout.decode("utf-8", "surrogateescape").removesuffix("\n"))


def changed_since(top: Path, base: str) -> frozenset[str]:
    """The files below the top that differ from where the base was left, new ones too.

    Paths are relative to the top, as git writes them. Files that are ignored do not count. Raises
    `GitFault`.
    """
    commit = _commit(top, base)
    forked = _git(top, "merge-base", commit, "HEAD")
    # In a shallow clone nobody knows where they parted: then with the base itself.
    start = forked.stdout.decode().strip() if forked.returncode == 0 else commit
    quiet = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules")
    differs = _listed(top, "diff", *quiet, start, "--")
    return differs | _listed(top, "ls-files", "-z", "--others", "--exclude-standard")


def _commit(top: Path, base: str) -> str:
    found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if found.returncode:
        raise GitFault(
            f"There is no revision {base!r} here. A clone may have left it out: fetch it first, "
            "as with `fetch-depth: 0`."
        )
    return found.stdout.decode().strip()


def _listed(top: Path, *words: str) -> frozenset[str]:
    told = _git(top, *words)
    if told.returncode:
        says = told.stderr.decode("utf-8", "replace").strip()
        raise GitFault(f"git {words[0]} failed: {says}")
    names = told.stdout.decode("utf-8", "surrogateescape")
    return frozenset(name for name in names.split("\0") if name)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    program = which("git")
    if program is None:
        raise GitFault("There is no git on the path; install it, or use --all, which needs none.")
    try:
        return subprocess.run(  # noqa: S603 - a list of words, with `--` and --end-of-options
            [program, "-C", str(folder), *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise GitFault(f"git could not be run: {type(fault).__name__}.") from fault
