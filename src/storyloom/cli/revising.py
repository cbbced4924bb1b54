"""`storyloom revise`: another storyboard from a finished one, by the server that has it."""

from collections.abc import Mapping, Sequence
from functools import partial
from time import perf_counter

import anyio
from pydantic import ValidationError

from storyloom.cli.destinations import plan, write
from storyloom.cli.drawing import Outcome, Work, report
from storyloom.cli.makers import Made
from storyloom.cli.options import DrawOptions
from storyloom.cli.output import print_json
from storyloom.cli.progress import on_terminal, watching
from storyloom.cli.remote import making
from storyloom.cli.server import open_server
from storyloom.cli.sources import Source
from storyloom.errors import InvalidInput
from storyloom.kit.ids import parse_job_id
from storyloom.kit.sentences import sentence_of
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.revision import RevisionRequest

_SHORT = 8  #: characters of an id that tell one job from another


def revise(
    job_id: str, changes: Mapping[str, object], wording: Sequence[str], options: DrawOptions
) -> int:
    """Revise it, write the picture, and say where; raises `StoryloomError`."""
    request = _request(changes, wording)
    if parse_job_id(job_id) is None:
        raise JobNotFound(job_id)
    source = Source(job_id, job_id[:_SHORT], None)
    chosen = plan([source], options.output, options.file_format)
    opening = making(open_server(options.server or "", options.org))
    started = perf_counter()

    async def follow() -> Made:
        async with opening as maker:
            with watching(1, on_terminal(as_json=options.as_json)) as watcher:
                tell = partial(watcher.at, job_id)
                return await maker.revision(job_id, request, chosen.file_format, tell)

    made = anyio.run(follow)
    (path,) = chosen.paths
    write(path, made.data)
    outcome = Outcome(Work(source, path), made, round((perf_counter() - started) * 1000))
    if options.as_json:
        print_json({"storyboards": [outcome.told()]})
    else:
        report(outcome)
    return 0


def _request(changes: Mapping[str, object], wording: Sequence[str]) -> RevisionRequest:
    given = {name: value for name, value in changes.items() if value is not None}
    if given.pop("found_headline", False):
        if "custom_headline" in given:
            raise InvalidInput("Give either --headline or --found-headline.", loc=("headline",))
        given["custom_headline"] = None
    if wording:
        given["wording"] = dict(_field(one) for one in wording)
    try:
        return RevisionRequest.model_validate(given)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise InvalidInput(sentence_of(first), loc=first["loc"]) from fault


def _field(given: str) -> tuple[str, str]:
    field, sign, text = given.partition("=")
    if not sign:
        raise InvalidInput(
            f"{given}: write the field and its words, as in business_value='Saves a day.'",
            loc=("wording",),
        )
    return field, text
