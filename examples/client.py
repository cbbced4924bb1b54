"""Draw a storyboard at a running server, follow it, and save it: python examples/client.py FILE [URL].

Needs the package `storyloom`; the server may be anywhere.
"""

import sys
from pathlib import Path

from storyloom.client import Client


def main(file: str, url: str = "http://127.0.0.1:8000") -> None:
    """Draw it beside the file."""
    with Client(url) as client:
        job = client.create(Path(file))
        for told in client.stream(job.job_id, after=0):
            sys.stdout.write(f"{told.type} {told.data.get('stage', '')}\n")
        work = client.wait(job.job_id)
        if work.error is not None:
            sys.exit(f"{work.error.message} ({work.error.code})")
        saved = client.download(job.job_id, Path(file).with_suffix(".storyboard.pdf"))
        sys.stdout.write(f"{saved}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
