"""`storyloom doctor`: what is set, installed and chosen, what is wrong, and how to mend it."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

import anyio

from storyloom.bootstrap.diagnosis.examination import examine as examination
from storyloom.bootstrap.diagnosis.machine import Folder, folder_of
from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.diagnosis.workers import Heard
from storyloom.bootstrap.parts import Choice, Script, choices, scripts
from storyloom.cli import doctor_output
from storyloom.cli.logs import set_up
from storyloom.cli.output import print_json
from storyloom.kit.findings import Finding, Verdict
from storyloom.settings import Settings

_BROKEN = 6
_OK = "ok"
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
        return all(answer == _OK for answer in self.checks.values())


def examine(settings: Settings, *, as_json: bool) -> int:
    """Look at everything, say what is there, and return the exit status."""
    set_up("error")
    report = _report(settings)
    if as_json:
        workers = [_told(one) for one in report.workers]
        print_json({"ok": report.is_well, **asdict(report), "workers": workers})
    else:
        doctor_output.show_settings(report.version, report.python, report.settings)
        doctor_output.show_parts(report.parts)
        doctor_output.show_scripts(report.scripts)
        doctor_output.show_models(report.models)
        doctor_output.show_workers(report.workers)
        doctor_output.show_findings(report.findings)
    return 0 if report.is_well else _BROKEN


def _report(settings: Settings) -> Report:
    seen = anyio.run(examination, settings)
    findings = sorted(seen.findings, key=lambda one: (_WORST_FIRST.index(one.status), one.check))
    return Report(
        version=version("storyloom"),
        python=sys.version.split()[0],
        settings={name: _PASSWORD.sub("//***@", str(value)) for name, value in settings},
        data_dir=folder_of(settings.data_dir),
        parts=choices(settings),
        checks=_checks(findings),
        findings=findings,
        workers=seen.workers,
        models=seen.models,
        ocr=_ocr(findings),
        scripts=scripts(settings),
    )


def _checks(findings: Sequence[Finding]) -> Mapping[str, str]:
    """Each check once, with the worst that was found."""
    checks: dict[str, str] = {}
    for one in findings:
        checks.setdefault(one.check, one.says if one.status is Verdict.ERROR else _OK)
    # Not to read words in pictures has never been an error, and has a key of its own.
    return {name: answer for name, answer in checks.items() if name != "ocr"}


def _ocr(findings: Sequence[Finding]) -> str:
    amiss = [one for one in findings if one.check == "ocr" and one.status is not Verdict.OK]
    return f"{amiss[0].says} {amiss[0].mend}" if amiss else _OK


def _told(one: Heard) -> Mapping[str, object]:
    seen = {"heard_s": round(one.heard_s, 1), "has_left": one.has_left, "lives": one.lives}
    return one.worker.model_dump(mode="json") | seen
