"""`storyloom doctor`: what is set, installed and chosen, what is wrong, and how to mend it."""

from collections.abc import Mapping
from dataclasses import asdict

import anyio

from storyloom.bootstrap.diagnosis.report import report_of
from storyloom.bootstrap.diagnosis.workers import Heard
from storyloom.cli import doctor_output
from storyloom.cli.logs import set_up
from storyloom.cli.output import print_json
from storyloom.settings import Settings

_BROKEN = 6


def examine(settings: Settings, *, as_json: bool) -> int:
    """Look at everything, say what is there, and return the exit status."""
    set_up("error")
    report, _ = anyio.run(report_of, settings)
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


def _told(one: Heard) -> Mapping[str, object]:
    seen = {"heard_s": round(one.heard_s, 1), "has_left": one.has_left, "lives": one.lives}
    return one.worker.model_dump(mode="json") | seen
