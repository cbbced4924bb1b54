# ruff: noqa: S608 - all that the statements are put together from stands here
"""The triggers of `migrations/016_work.sql` and `020_looks.sql`, as SQLite writes them.

They keep `storyloom_work` up, whoever writes. `lower` is SQLite's own for others, which knows the
letters of ASCII alone; in our own connections it folds as searches do.
"""

from collections.abc import Mapping

_COLUMNS = "storyloom_work (id, org_id, kept_in, created_at, title, labels, searched, headline, audience, format)"


def _labels(where: str, path: str) -> str:
    return f"coalesce(json_extract({where}, '{path}'), '{{}}')"


def _lines(where: str, path: str) -> str:
    rows = f"json_each({where}, '{path}')"
    return f"coalesce((SELECT group_concat(key || '=' || value, char(10)) FROM {rows}), '')"


def _storyboard(of: str) -> str:
    params = f"{of}input_params"
    file_name = f"json_extract({params}, '$.file_name')"
    wished = f"json_extract({params}, '$.custom_headline')"
    headline = f"json_extract({of}understanding, '$.headline')"
    words = " || char(10) || ".join(
        [f"coalesce({one}, '')" for one in (file_name, wished, headline)]
        + [_lines(params, "$.handling.labels")]
    )
    return (
        f"{of}id, {of}org_id, 'storyboard_jobs', {of}created_at, coalesce({file_name}, {wished}, {headline}, ''), "
        f"{_labels(params, '$.handling.labels')}, lower({words}), coalesce({headline}, {wished}, ''), "
        f"coalesce(json_extract({params}, '$.audience'), ''), coalesce(json_extract({params}, '$.format'), '')"
    )


def _run(of: str) -> str:
    body = f"CASE WHEN json_valid({of}body) THEN {of}body ELSE '{{}}' END"
    title = f"coalesce(json_extract({body}, '$.title'), '')"
    words = f"{title} || char(10) || {_lines(body, '$.handling.labels')}"
    labels = _labels(body, "$.handling.labels")
    return (
        f"{of}id, {of}org_id, 'storyloom_runs', {of}created_at, {title}, {labels}, lower({words}), "
        "'', '', ''"
    )


def _export(of: str) -> str:
    body = f"CASE WHEN json_valid({of}body) THEN {of}body ELSE '{{}}' END"
    name = f"coalesce(json_extract({body}, '$.name'), '')"
    return (
        f"{of}id, {of}org_id, 'storyloom_run_exports', {of}created_at, {name}, '{{}}', lower({name}), "
        "'', '', ''"
    )


_OF = {"storyboard_jobs": _storyboard, "storyloom_runs": _run, "storyloom_run_exports": _export}


def _noted(table: str, event: str = "INSERT", when: str = "") -> str:
    row = _OF[table]("NEW.")
    return (
        f"AFTER {event} ON {table} {when} BEGIN "
        f"INSERT OR REPLACE INTO {_COLUMNS} VALUES ({row}); END"
    )


def _struck(table: str) -> str:
    return f"AFTER DELETE ON {table} BEGIN DELETE FROM storyloom_work WHERE id = OLD.id; END"


TRIGGERS: Mapping[str, str] = {
    **{f"{table}_noted": _noted(table) for table in _OF},
    **{f"{table}_struck": _struck(table) for table in _OF},
    "storyboard_jobs_understood": _noted(
        "storyboard_jobs",
        "UPDATE OF understanding",
        "WHEN NEW.understanding IS NOT NULL",
    ),
}
#: For a database that was made before there was such a table.
BACKFILL = [
    f"INSERT OR REPLACE INTO {_COLUMNS} SELECT {row('')} FROM {t}" for t, row in _OF.items()
]
