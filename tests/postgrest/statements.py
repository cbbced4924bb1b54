"""From a request in PostgREST's manner to one SQL statement, whose answer PostgreSQL writes as JSON.

Identifiers are quoted and values are literals of unknown type, so that PostgreSQL itself refuses what
does not fit a column, as it does behind PostgREST.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from psycopg import sql

MAX_ROWS = 1000  # what a Supabase project is set to
_RESERVED = {"select", "order", "limit", "offset", "columns", "on_conflict"}
_NAME = re.compile(r'[\w$]+|"(?:[^"\\]|\\.)+"')
_FILTER = re.compile(r"(?P<not>not\.)?(?P<operator>[a-z]+)\.(?P<value>.*)", re.DOTALL)
_ONE_OF = re.compile(
    r'(?P<column>[\w>-]+)\.(?P<operator>\w+)\.(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^"(),]*))',
    re.DOTALL,
)
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[(),]', re.DOTALL)
_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,"]*)')
_AND, _OR = sql.SQL(" AND "), sql.SQL(" OR ")
_COMPARE = {
    "eq": sql.SQL("="),
    "neq": sql.SQL("<>"),
    "gt": sql.SQL(">"),
    "gte": sql.SQL(">="),
    "lt": sql.SQL("<"),
    "lte": sql.SQL("<="),
    "like": sql.SQL("LIKE"),
    "ilike": sql.SQL("ILIKE"),
}
_IS = {
    "null": sql.SQL("NULL"),
    "not_null": sql.SQL("NOT NULL"),
    "true": sql.SQL("TRUE"),
    "false": sql.SQL("FALSE"),
    "unknown": sql.SQL("UNKNOWN"),
}
_ORDER = {
    "asc": sql.SQL("ASC"),
    "desc": sql.SQL("DESC"),
    "nullsfirst": sql.SQL("NULLS FIRST"),
    "nullslast": sql.SQL("NULLS LAST"),
}


@dataclass(eq=False)
class Refusal(Exception):
    """An error body of PostgREST, and the status it comes with."""

    status: int
    code: str
    message: str
    details: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Query:
    """What the query string says."""

    table: str
    select: sql.Composable
    where: sql.Composable
    order: sql.Composable
    limit: int | None
    offset: int
    on_conflict: Sequence[str]

    @classmethod
    def read(cls, table: str, text: str) -> Self:
        given = parse_qsl(text, keep_blank_values=True)
        last = dict(given)
        return cls(
            table=table,
            select=_listed(_selected(item) for item in last.get("select", "*").split(",")),
            where=_where(table, [(k, v) for k, v in given if k not in _RESERVED]),
            order=_order(last.get("order", "")),
            limit=_number(last.get("limit")),
            offset=_number(last.get("offset")) or 0,
            on_conflict=[name for name in last.get("on_conflict", "").split(",") if name],
        )

    def reading(self) -> sql.Composed:
        rows = sql.SQL("SELECT {} FROM {}{}{} LIMIT {} OFFSET {}").format(
            self.select,
            _table(self.table),
            self.where,
            self.order,
            MAX_ROWS if self.limit is None else min(MAX_ROWS, self.limit),
            self.offset,
        )
        return sql.SQL("WITH rows AS ({}) {}").format(rows, _AS_JSON)

    def counting(self) -> sql.Composed:
        return sql.SQL("SELECT count(*) FROM {}{}").format(_table(self.table), self.where)

    def inserting(
        self, rows: str, columns: Sequence[str], *, resolution: str, key: Sequence[str]
    ) -> sql.Composed:
        names = _listed(map(sql.Identifier, columns))
        return self._changing(
            sql.SQL(
                "INSERT INTO {table} ({names}) "
                "SELECT {names} FROM json_populate_recordset(null::{table}, {rows}){conflict}"
            ).format(
                table=_table(self.table),
                names=names,
                rows=rows,
                conflict=_resolution(resolution, columns, self.on_conflict or key),
            )
        )

    def updating(self, row: str, columns: Sequence[str]) -> sql.Composed:
        changes = _listed(
            sql.SQL("{0} = body.{0}").format(sql.Identifier(name)) for name in columns
        )
        return self._changing(
            sql.SQL(
                "UPDATE {table} SET {changes} "
                "FROM json_populate_record(null::{table}, {row}) AS body{where}"
            ).format(table=_table(self.table), changes=changes, row=row, where=self.where)
        )

    def deleting(self) -> sql.Composed:
        return self._changing(sql.SQL("DELETE FROM {}{}").format(_table(self.table), self.where))

    def _changing(self, statement: sql.Composable) -> sql.Composed:
        return sql.SQL(
            "WITH changed AS ({} RETURNING {}.*), rows AS (SELECT {} FROM changed) {}"
        ).format(statement, sql.Identifier(self.table), self.select, _AS_JSON)


_AS_JSON = sql.SQL("SELECT coalesce(json_agg(rows), '[]')::text, count(*) FROM rows")


def _listed(items: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(items)


def _table(name: str) -> sql.Composable:
    return sql.Identifier("public", name)


def _resolution(resolution: str, columns: Sequence[str], key: Sequence[str]) -> sql.Composable:
    if not resolution:
        return sql.SQL("")
    target = _listed(map(sql.Identifier, key))
    if resolution == "ignore-duplicates":
        return sql.SQL(" ON CONFLICT ({}) DO NOTHING").format(target)
    changes = _listed(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in columns
    )
    return sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(target, changes)


def _selected(item: str) -> sql.Composable:
    if item == "*":
        return sql.SQL("*")
    alias, colon, column = item.partition(":")
    if not colon:
        return _name(item, "select parameter", item)
    return sql.SQL("{} AS {}").format(
        _path(column, "select parameter", item), _name(alias, "select parameter", item)
    )


def _path(text: str, part: str, shown: str, table: str = "") -> sql.Composable:
    """A column, or what a JSON path such as `a->b->>c` leads to in it."""
    column, *rest = re.split("(->>?)", text)
    path: sql.Composable = _name(column, part, shown)
    if table:
        path = sql.SQL("{}.{}").format(sql.Identifier(table), path)
    for arrow, key in zip(rest[::2], rest[1::2], strict=True):
        if not _NAME.fullmatch(key):
            raise _unreadable(part, shown)
        step = sql.SQL("->>") if arrow == "->>" else sql.SQL("->")
        path = sql.SQL("({}{}{})").format(path, step, sql.Literal(key))
    return path


def _name(name: str, part: str, shown: str) -> sql.Identifier:
    if not _NAME.fullmatch(name):
        raise _unreadable(part, shown)
    return sql.Identifier(name.strip('"'))


def _order(text: str) -> sql.Composable:
    if not text:
        return sql.SQL("")
    return sql.SQL(" ORDER BY {}").format(_listed(_ordered(item) for item in text.split(",")))


def _ordered(item: str) -> sql.Composable:
    column, *words = item.split(".")
    if not set(words) <= set(_ORDER):
        raise _unreadable("order", item)
    return sql.SQL(" ").join([_name(column, "order", item), *(_ORDER[word] for word in words)])


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise Refusal(400, "PGRST103", "Requested range not satisfiable", "Limit is no number")
    return int(text)


def _where(table: str, filters: Sequence[tuple[str, str]]) -> sql.Composable:
    if not filters:
        return sql.SQL("")
    conditions = [_condition(table, *item) for item in filters]
    return sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions))


def _condition(table: str, column: str, text: str) -> sql.Composable:
    if column == "or":
        return _either(table, text)
    name = _path(column, "filter", text, table)
    found = _FILTER.fullmatch(text)
    condition = found and _compared(name, found["operator"], found["value"])
    if found is None or condition is None:
        raise _unreadable("filter", text)
    return sql.SQL("NOT ({})").format(condition) if found["not"] else condition


def _either(table: str, text: str, joint: sql.SQL = _OR) -> sql.Composable:
    """Some conditions: `(a.lt.1,b->>c.eq."x, \\"y\\"",and(d.gt.1,d.lt.9))`."""
    if not (text.startswith("(") and text.endswith(")")):
        raise _unreadable("logic tree", text)
    each = [_branch(table, one) for one in _branches(text[1:-1])]
    return sql.SQL("({})").format(joint.join(each))


def _branch(table: str, text: str) -> sql.Composable:
    for word, joint in (("and", _AND), ("or", _OR)):
        if text.startswith(f"{word}("):
            return _either(table, text.removeprefix(word), joint)
    found = _ONE_OF.fullmatch(text)
    if found is None:
        raise _unreadable("logic tree", text)
    quoted, plain = found["quoted"], found["plain"]
    value = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return _condition(table, found["column"], f"{found['operator']}.{value}")


def _branches(text: str) -> Iterable[str]:
    """What commas part that are neither in quotes nor in brackets."""
    depth = start = 0
    for found in _MARK.finditer(text):
        mark = found[0]
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if mark == "," and not depth:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _compared(column: sql.Composable, operator: str, value: str) -> sql.Composable | None:
    if operator in _COMPARE:
        pattern = value.replace("*", "%") if operator in ("like", "ilike") else value
        return sql.SQL("{} {} {}").format(column, _COMPARE[operator], pattern)
    if operator == "is" and value.lower() in _IS:
        return sql.SQL("{} IS {}").format(column, _IS[value.lower()])
    if operator == "in" and value == "()":
        return sql.SQL("FALSE")
    if operator == "in" and value.startswith("(") and value.endswith(")"):
        elements = elements_of(value[1:-1])
        return sql.SQL("{} IN ({})").format(column, _listed(map(sql.Literal, elements)))
    return None


def elements_of(text: str) -> list[str]:
    """The values of a list such as `a,"b,c"`."""
    elements: list[str] = []
    at = 0
    while at <= len(text):
        found = _ELEMENT.match(text, at)
        if found is None or text[found.end() : found.end() + 1] not in ("", ","):
            raise _unreadable("filter", text)
        quoted, plain = found.groups()
        elements.append(plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = found.end() + 1
    return elements


def _unreadable(part: str, text: str) -> Refusal:
    return Refusal(
        400,
        "PGRST100",
        f'"failed to parse {part} ({text})" (line 1, column 1)',
        "unexpected input",
    )
