"""A fake nvidia-smi, as an executable file that does as it is told."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """#!{python} -IS
import json, os, subprocess, sys, time
folder = {folder!r}
with open(folder + "/asked", "a") as asked:
    asked.write(json.dumps([sys.argv[1:], os.environ.get("LC_ALL"), os.getpid()]) + "\\n")
what = "apps" if "compute-apps" in " ".join(sys.argv) else "gpu"
if what == "gpu" and "index" in " ".join(sys.argv) and os.path.exists(folder + "/old.json"):
    what = "old"
with open(folder + "/" + what + ".json") as told:
    told = json.load(told)
sys.stdout.write(told["stdout"])
sys.stdout.flush()
sys.stderr.write(told["stderr"])
while told["does"] == "flood":
    os.write(1, b"45, 8192, 24564, 65, 1\\n" * 1000)
if told["does"] == "leave":
    subprocess.Popen(["sleep", "300"])
if told["does"] == "escape":
    child = subprocess.Popen(["sleep", "300"], start_new_session=True)
    with open(folder + "/escaped", "w") as escaped:
        escaped.write(str(child.pid))
if told["does"] == "close":
    os.close(1), os.close(2)
if told["does"] in ("hang", "close"):
    subprocess.Popen(["sleep", "300"])
    time.sleep(300)
time.sleep(told["takes_s"])
sys.exit(told["code"])
"""
QUERY_ERROR = 'Field "index" is not a valid field to query.\n\n'


@dataclass(frozen=True)
class Asked:
    """One time that it was run."""

    arguments: Sequence[str]
    locale: str
    pid: int


class FakeNvidiaSmi:
    """Answers the query for GPUs, and the one for programs."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "nvidia-smi"
        self.path.write_text(_SCRIPT.format(python=sys.executable, folder=str(folder)), "utf-8")
        self.path.chmod(0o755)
        self.says("45, 8192, 24564, 65, 1\n")
        self.says_of_programs("")

    def says(
        self,
        stdout: str,
        code: int = 0,
        *,
        does: str = "",
        stderr: str = "",
        takes_s: float = 0.0,
    ) -> None:
        """What it prints and how it ends; it may `hang`, `flood`, `close` its output, `leave` a child or let one `escape`."""
        self._tell("gpu", stdout, code, does, stderr, takes_s)

    def says_of_programs(self, stdout: str, code: int = 0, *, does: str = "") -> None:
        self._tell("apps", stdout, code, does, "", 0.0)

    def is_old(self) -> None:
        """It knows no more fields than the document asks for."""
        self._tell("old", QUERY_ERROR, 2, "", "", 0.0)

    @property
    def asked(self) -> Sequence[Asked]:
        file = self.folder / "asked"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [Asked(*json.loads(line)) for line in lines]

    @property
    def escaped(self) -> int:
        """The child that left its group."""
        return int((self.folder / "escaped").read_text("utf-8"))

    @property
    def queries(self) -> Sequence[str]:
        return [one.arguments[0] for one in self.asked]

    def _tell(  # noqa: PLR0917
        self, what: str, stdout: str, code: int, does: str, stderr: str, takes_s: float
    ) -> None:
        told = {"stdout": stdout, "code": code, "does": does, "stderr": stderr, "takes_s": takes_s}
        (self.folder / f"{what}.json").write_text(json.dumps(told), "utf-8")
