"""What PostgREST answers to one request: see `server.py` for what is covered."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.postgrest.keys import claims_of
from tests.postgrest.statements import Query, Refusal

PATH = "/rest/v1/"
SINGLE = "application/vnd.pgrst.object+json"
ANON = "storyloom_test_anon"  # roles belong to the whole server, so this one has a name of its own
_STATUSES = {
    "08": 503, "09": 500, "0L": 403, "0P": 403, "23503": 409, "23505": 409, "25006": 405, "25": 500,
    "28": 403, "2D": 500, "38": 500, "39": 500, "3B": 500, "40": 500, "53400": 500, "53": 503,
    "54": 500, "55": 500, "57": 500, "58": 500, "P0001": 400, "P0": 500, "XX": 500, "42883": 404,
    "42P01": 404, "42P17": 500,
}  # fmt: skip
_PREFERENCES = {
    "return": {"minimal", "representation", "headers-only"},
    "count": {"exact"},
    "resolution": {"merge-duplicates", "ignore-duplicates"},
}


@dataclass(frozen=True)
class Seen:
    """A request that came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Sent:
    """An answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def answer(database: str, seen: Seen) -> Sent:
    """Carry a request out in this database."""
    role = "anon"
    try:
        role = _role(seen.headers)
        with psycopg.connect(database, options="-c timezone=UTC") as connection:
            return _Call(connection, seen, role).answer()
    except Refusal as refusal:
        told = {
            "code": refusal.code,
            "message": refusal.message,
            "details": refusal.details,
            "hint": refusal.hint,
        }
        return _sent(refusal.status, json.dumps(told))
    except psycopg.Error as fault:
        return _of_postgres(fault, role)


def _role(headers: Mapping[str, str]) -> str:
    """Who asks: first the gateway looks at the key, then PostgREST at the token."""
    if claims_of(headers.get("apikey", "")) is None:
        raise Refusal(401, "", "Invalid API key", hint="Double check your API key.")
    kind, _, key = headers.get("Authorization", "").partition(" ")
    if kind != "Bearer":
        return "anon"
    claims = claims_of(key)
    if claims is None:
        raise Refusal(401, "PGRST301", "No suitable key or wrong key type")
    if claims.get("exp", 1) <= 0:
        raise Refusal(401, "PGRST303", "JWT expired")
    return claims.get("role", "anon")


def _of_postgres(fault: psycopg.Error, role: str) -> Sent:
    if fault.sqlstate is None:
        told = {"code": "PGRST000", "message": "Could not connect with the database"}
        return _sent(503, json.dumps({**told, "details": str(fault), "hint": None}))
    code = fault.sqlstate
    status = _STATUSES.get(code) or _STATUSES.get(code[:2]) or 400
    if code == "42501":
        status = 401 if role == "anon" else 403
    told = {
        "code": code,
        "message": fault.diag.message_primary,
        "details": fault.diag.message_detail,
        "hint": fault.diag.message_hint,
    }
    return _sent(status, json.dumps(told))


class _Call:
    """One request, in one transaction."""

    def __init__(self, connection: psycopg.Connection, seen: Seen, role: str) -> None:
        self._connection = connection
        self._seen = seen
        self._prefer = _preferences(seen.headers.get("Prefer", ""))
        self._role = role

    def answer(self) -> Sent:
        parts = urlsplit(self._seen.target)
        table = parts.path.removeprefix(PATH)
        self._check_profile()
        columns = self._columns(table)
        self._become()
        query = Query.read(table, parts.query)
        match self._seen.method:
            case "POST":
                return self._inserted(query, columns)
            case "PATCH":
                rows = self._rows(columns)
                statement = query.updating(json.dumps(rows[0]), list(rows[0]))
                return self._changed(statement, 200)
            case "DELETE":
                return self._changed(query.deleting(), 200)
            case _:
                return self._read(query)

    def _read(self, query: Query) -> Sent:
        text, count = self._fetch(query.reading())
        total = self._total(query) if self._prefer.get("count") else None
        partial = total is not None and count < total
        return self._sent(206 if partial else 200, text, count, _range(query.offset, count, total))

    def _total(self, query: Query) -> int:
        found = self._connection.execute(query.counting()).fetchone()
        assert found is not None
        return found[0]

    def _inserted(self, query: Query, columns: Mapping[str, bool]) -> Sent:
        rows = self._rows(columns)
        names = list(dict.fromkeys(name for row in rows for name in row))
        key = [name for name, is_key in columns.items() if is_key]
        resolution = self._prefer.get("resolution", "")
        statement = query.inserting(json.dumps(rows), names, resolution=resolution, key=key)
        return self._changed(statement, 201)

    def _changed(self, statement: sql.Composed, status: int) -> Sent:
        text, count = self._fetch(statement)
        total = count if self._prefer.get("count") else None
        shown = count if self._seen.method == "PATCH" else 0
        content_range = _range(0, shown, total)
        if self._prefer.get("return") == "representation":
            return self._sent(status, text, count, content_range)
        return Sent(201 if status == 201 else 204, b"", self._headers(content_range))

    def _sent(self, status: int, text: str, count: int, content_range: str) -> Sent:
        if self._seen.headers.get("Accept", "").startswith(SINGLE):
            if count != 1:
                self._connection.rollback()
                raise Refusal(
                    406,
                    "PGRST116",
                    "Cannot coerce the result to a single JSON object",
                    f"The result contains {count} rows",
                )
            text = text[1:-1]
        return _sent(status, text, self._headers(content_range))

    def _headers(self, content_range: str) -> Mapping[str, str]:
        applied = ", ".join(f"{name}={value}" for name, value in self._prefer.items())
        headers = {"Content-Range": content_range}
        return headers | ({"Preference-Applied": applied} if applied else {})

    def _fetch(self, statement: sql.Composed) -> tuple[str, int]:
        found = self._connection.execute(statement).fetchone()
        assert found is not None
        return found[0], found[1]

    def _rows(self, columns: Mapping[str, bool]) -> Sequence[Mapping[str, Any]]:
        try:
            told = json.loads(self._seen.body)
        except ValueError:
            raise Refusal(400, "PGRST102", "Empty or invalid json") from None
        rows = cast("list[dict[str, Any]]", told if isinstance(told, list) else [told])
        for name in (name for row in rows for name in row if name not in columns):
            table = urlsplit(self._seen.target).path.removeprefix(PATH)
            raise Refusal(
                400,
                "PGRST204",
                f"Could not find the '{name}' column of '{table}' in the schema cache",
            )
        return rows

    def _check_profile(self) -> None:
        reading = self._seen.method in ("GET", "HEAD")
        schema = self._seen.headers.get("Accept-Profile" if reading else "Content-Profile")
        if schema not in (None, "public"):
            raise Refusal(
                406,
                "PGRST106",
                f"Invalid schema: {schema}",
                hint="Only the following schemas are exposed: public",
            )

    def _columns(self, table: str) -> Mapping[str, bool]:
        """The columns, and whether they are of the primary key."""
        found = self._connection.execute(
            "SELECT a.attname, coalesce(i.indisprimary, false) FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid "
            "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
            "AND a.attnum = ANY (i.indkey) "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relname = %s "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            [table],
        ).fetchall()
        if not found:
            raise Refusal(
                404,
                "PGRST205",
                f"Could not find the table 'public.{table}' in the schema cache",
            )
        return dict(found)

    def _become(self) -> None:
        """The owner of the database stands for `service_role`, which no row level security binds.

        Everybody else is one role that has what a test grants it.
        """
        if self._role == "service_role":
            return
        with suppress(psycopg.errors.DuplicateObject), self._connection.transaction():
            self._connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(ANON)))
        anon = sql.Identifier(ANON)
        for statement in (
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}"),
            sql.SQL("SET LOCAL ROLE {}"),
        ):
            self._connection.execute(statement.format(anon))


def _preferences(text: str) -> Mapping[str, str]:
    given = (item.strip().partition("=") for item in text.split(","))
    return {name: value for name, _, value in given if value in _PREFERENCES.get(name, ())}


def _range(offset: int, count: int, total: int | None) -> str:
    shown = f"{offset}-{offset + count - 1}" if count else "*"
    return f"{shown}/{'*' if total is None else total}"


def _sent(status: int, text: str, headers: Mapping[str, str] | None = None) -> Sent:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Sent(status, text.encode(), kind | dict(headers or {}))
