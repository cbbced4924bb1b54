"""Everything that an examination found, put together for people and for programs."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from anyio import to_thread

from storyloom.bootstrap.diagnosis.examination import examine
from storyloom.bootstrap.diagnosis.machine import Folder, folder_of
from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.diagnosis.workers import Heard
from storyloom.bootstrap.parts import Choice, Script, choices, scripts
from storyloom.kit.findings import Finding, Verdict
from storyloom.settings import Settings

OK = "ok"
_WORST_FIRST = [Verdict.ERROR, Verdict.WARNING, Verdict.OK]
# Secrets are masked by their own type; this is for what was written where no secret belongs.
_PASSWORD = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found. `checks` say `ok`, or what is wrong with a part that is needed."""

    version: str
    python: str
    settings: Mapping[str, str]
    data_dir: Folder
    parts: Sequence[Choice]
    checks: Mapping[str, str]
    findings: Sequence[Finding]
    workers: Sequence[Heard]
    models: Sequence[Usable]
    ocr: str
    scripts: Sequence[Script]

    @property
    def is_well(self) -> bool:
        """Whether everything that is needed works."""
        return all(answer == OK for answer in self.checks.values())


async def report_of(settings: Settings) -> tuple[Report, Mapping[str, int]]:
    """What was found, and how many milliseconds each check took.

    Fonts and adapters are loaded in the event loop: nobody may be served by it.
    """
    seen = await examine(settings)
    findings = sorted(seen.findings, key=lambda one: (_WORST_FIRST.index(one.status), one.check))
    report = Report(
        version=version("storyloom"),
        python=sys.version.split()[0],
        settings={name: masked(str(value)) for name, value in settings},
        data_dir=folder_of(settings.data_dir),
        parts=choices(settings),
        checks=_checks(findings),
        findings=findings,
        workers=seen.workers,
        models=seen.models,
        ocr=_ocr(findings),
        scripts=await to_thread.run_sync(scripts, settings),
    )
    return report, seen.took_ms


def masked(told: str) -> str:
    """Without the password of an address."""
    return _PASSWORD.sub("//***@", told)


def _checks(findings: Sequence[Finding]) -> Mapping[str, str]:
    """Each check once, with the worst that was found."""
    checks: dict[str, str] = {}
    for one in findings:
        checks.setdefault(one.check, one.says if one.status is Verdict.ERROR else OK)
    # Not to read words in pictures has never been an error, and has a key of its own.
    return {name: answer for name, answer in checks.items() if name != "ocr"}


def _ocr(findings: Sequence[Finding]) -> str:
    amiss = [one for one in findings if one.check == "ocr" and one.status is not Verdict.OK]
    return f"{amiss[0].says} {amiss[0].mend}" if amiss else OK
