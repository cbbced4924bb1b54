"""The double itself: it answers as PostgREST is documented to answer."""

from collections.abc import Generator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.postgrest.api import ANON
from tests.postgrest.faults import HURRIED, Cuts, Hangs
from tests.postgrest.keys import ANON_KEY, SERVICE_KEY, token
from tests.postgrest.server import Project, supabase_running

TABLE = """
    CREATE TABLE things (
        id UUID PRIMARY KEY, name TEXT NOT NULL, made TIMESTAMPTZ, facts JSONB, parts INTEGER
    )
"""


@pytest.fixture
def project(postgres_url: str) -> Generator[Project]:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(TABLE)
    with supabase_running(postgres_url) as running:
        yield running


@pytest.fixture
def http(project: Project) -> Generator[httpx.Client]:
    headers = {"apikey": SERVICE_KEY, "Authorization": f"Bearer {SERVICE_KEY}"}
    with httpx.Client(base_url=f"{project.url}/rest/v1", headers=headers) as client:
        yield client


def thing(name: str = "a", **more: object) -> dict[str, Any]:
    return {"id": str(uuid4()), "name": name, **more}


def keep(http: httpx.Client, *things: Mapping[str, Any]) -> None:
    assert http.post("/things", json=things).status_code == 201


def names(http: httpx.Client, **query: str) -> list[str]:
    answer = http.get("/things", params={"order": "name", **query})
    assert answer.status_code in (200, 206), answer.text
    return [row["name"] for row in answer.json()]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert set(answer.json()) == {"code", "message", "details", "hint"}
    return answer.status_code, answer.json()["code"]


def test_rows_come_back_as_postgrest_writes_them(http: httpx.Client) -> None:
    kept = thing(made="2026-01-02T03:04:05.678901Z", facts={"b": [1, None], "a": "ü"}, parts=3)
    keep(http, kept)

    answer = http.get("/things", params={"select": "id,at:made,facts,parts"})

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["content-range"] == "0-0/*"
    assert answer.json() == [
        {
            "id": kept["id"],
            "at": "2026-01-02T03:04:05.678901+00:00",
            "facts": {"a": "ü", "b": [1, None]},
            "parts": 3,
        }
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "eq.b"}, ["b"]),
        ({"name": "neq.b"}, ["a", "c,d"]),
        ({"name": "not.eq.b"}, ["a", "c,d"]),
        ({"name": 'in.(a,"c,d")'}, ["a", "c,d"]),
        ({"name": 'not.in.(a,"c,d")'}, ["b"]),
        ({"name": "in.()"}, []),
        ({"name": "like.c*"}, ["c,d"]),
        ({"name": "ilike.C*"}, ["c,d"]),
        ({"parts": "gt.1"}, ["b"]),
        ({"parts": "gte.1", "name": "lt.b"}, ["a"]),
        ({"parts": "lte.2"}, ["a", "b"]),
        ({"parts": "is.null"}, ["c,d"]),
        ({"parts": "not.is.null"}, ["a", "b"]),
        ({"order": "parts.desc.nullslast,name"}, ["b", "a", "c,d"]),
        ({"order": "name.desc", "limit": "1", "offset": "1"}, ["b"]),
    ],
)
def test_rows_are_filtered_ordered_and_cut(
    http: httpx.Client, query: dict[str, str], found: list[str]
) -> None:
    keep(http, thing("a", parts=1), thing("b", parts=2), thing("c,d", parts=None))

    assert names(http, **query) == found


def test_no_more_than_the_projects_limit_of_rows_come_at_once(http: httpx.Client) -> None:
    keep(http, *[thing() for _ in range(1001)])

    assert len(names(http)) == 1000
    assert len(names(http, limit="2000")) == 1000


def test_counting_is_told_in_the_range(http: httpx.Client) -> None:
    keep(http, thing("a"), thing("b"))
    count = {"Prefer": "count=exact"}

    part = http.get("/things", params={"limit": "1"}, headers=count)
    none = http.head("/things", params={"name": "eq.z"}, headers=count)

    assert (part.status_code, part.headers["content-range"]) == (206, "0-0/2")
    assert (none.status_code, none.headers["content-range"]) == (200, "*/0")
    assert part.headers["preference-applied"] == "count=exact"


def test_one_object_is_given_only_when_there_is_one(http: httpx.Client) -> None:
    kept = thing("a")
    keep(http, kept, thing("b"))
    single = {"Accept": "application/vnd.pgrst.object+json"}

    one = http.get("/things", params={"name": "eq.a", "select": "id"}, headers=single)
    many = http.get("/things", headers=single)
    changed = http.patch(
        "/things", json={"parts": 9}, headers={**single, "Prefer": "return=representation"}
    )

    assert one.json() == {"id": kept["id"]}
    assert refusal(many) == refusal(changed) == (406, "PGRST116")
    assert names(http, parts="eq.9") == []


def test_changes_are_shown_when_that_is_preferred(http: httpx.Client) -> None:
    kept = thing("a", parts=1)
    shown = {"Prefer": "return=representation"}

    made = http.post("/things", json=kept, headers=shown, params={"select": "name"})
    silent = http.patch("/things", json={"parts": 2}, params={"id": f"eq.{kept['id']}"})
    changed = http.patch("/things", json={"parts": 3}, headers=shown, params={"name": "eq.a"})
    none = http.patch("/things", json={"parts": 3}, headers=shown, params={"name": "eq.z"})
    gone = http.delete("/things", headers=shown, params={"name": "eq.a", "select": "parts"})
    again = http.delete("/things", params={"name": "eq.a"})

    assert (made.status_code, made.json()) == (201, [{"name": "a"}])
    assert (silent.status_code, silent.content) == (204, b"")
    assert (changed.status_code, changed.json()[0]["parts"]) == (200, 3)
    assert (none.status_code, none.json(), none.headers["content-range"]) == (200, [], "*/*")
    assert (gone.status_code, gone.json()) == (200, [{"parts": 3}])
    assert again.status_code == 204


def test_duplicates_are_refused_ignored_or_merged(http: httpx.Client) -> None:
    kept = thing("a")
    keep(http, kept)
    other = kept | {"name": "b"}

    refused = http.post("/things", json=other)
    ignored = http.post(
        "/things",
        json=other,
        headers={"Prefer": "return=representation,resolution=ignore-duplicates"},
    )
    after_ignoring = names(http)
    merged = http.post(
        "/things",
        json=other,
        params={"on_conflict": "id"},
        headers={"Prefer": "return=representation,resolution=merge-duplicates"},
    )

    assert refusal(refused) == (409, "23505")
    assert kept["id"] in refused.json()["details"]
    assert (ignored.status_code, ignored.json()) == (201, [])
    assert after_ignoring == ["a"]
    assert merged.json()[0]["name"] == "b"


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", "/nothing", None, (404, "PGRST205")),
        ("GET", "/things?colour=eq.red", None, (400, "42703")),
        ("GET", "/things?id=eq.7", None, (400, "22P02")),
        ("GET", "/things?name=about.a", None, (400, "PGRST100")),
        ("GET", "/things?name=is.odd", None, (400, "PGRST100")),
        ("GET", '/things?name=in.("a"b)', None, (400, "PGRST100")),
        ("GET", "/things?name=red", None, (400, "PGRST100")),
        ("GET", "/things?select=name->a", None, (400, "PGRST100")),
        ("GET", "/things?order=name.up", None, (400, "PGRST100")),
        ("GET", "/things?limit=few", None, (400, "PGRST103")),
        ("POST", "/things", b"{", (400, "PGRST102")),
        ("POST", "/things", b'{"colour": "red"}', (400, "PGRST204")),
        ("POST", "/things", b'{"name": "a"}', (400, "23502")),
        ("PATCH", "/things?name=eq.a", b'{"parts": "many"}', (400, "22P02")),
    ],
)
def test_what_cannot_be_done_is_refused_with_postgrests_codes(
    http: httpx.Client, method: str, path: str, *, body: bytes | None, told: tuple[int, str]
) -> None:
    assert refusal(http.request(method, path, content=body)) == told


@pytest.mark.parametrize("header", ["Accept-Profile", "Content-Profile"])
def test_other_schemas_are_not_shown(http: httpx.Client, header: str) -> None:
    method = "GET" if header == "Accept-Profile" else "DELETE"

    assert http.request(method, "/things", headers={header: "public"}).is_success
    assert refusal(http.request(method, "/things", headers={header: "auth"})) == (406, "PGRST106")


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"apikey": "nonsense"}, (401, "")),
        ({"Authorization": f"Bearer {token(secret=b'other', role='anon')}"}, (401, "PGRST301")),
        ({"Authorization": f"Bearer {token(role='service_role', exp=0)}"}, (401, "PGRST303")),
        ({"Authorization": "Basic YTpi"}, (401, "42501")),
        ({"Authorization": f"Bearer {ANON_KEY}"}, (401, "42501")),
        ({"Authorization": f"Bearer {token(role='authenticated')}"}, (403, "42501")),
    ],
)
def test_keys_are_looked_at_by_gateway_and_database(
    http: httpx.Client, headers: dict[str, str], told: tuple[int, str]
) -> None:
    assert refusal(http.get("/things", headers=headers)) == told


def test_row_level_security_hides_rows_from_anon(project: Project, http: httpx.Client) -> None:
    keep(http, thing())
    with psycopg.connect(project.database) as connection:
        connection.execute("ALTER TABLE things ENABLE ROW LEVEL SECURITY")
        connection.execute(
            f"DO $$ BEGIN CREATE ROLE {ANON}; EXCEPTION WHEN duplicate_object THEN END $$".encode()
        )
        connection.execute(f"GRANT ALL ON things TO {ANON}".encode())
    anon = {"Authorization": f"Bearer {ANON_KEY}"}

    assert http.get("/things", headers=anon).json() == []
    assert refusal(http.post("/things", json=thing(), headers=anon)) == (401, "42501")
    assert len(names(http)) == 1


def test_a_database_that_is_away_is_told(project: Project, http: httpx.Client) -> None:
    project.database = "postgresql://postgres@127.0.0.1:1/nothing"

    assert refusal(http.get("/things")) == (503, "PGRST000")


def test_faults_come_on_command(project: Project, http: httpx.Client) -> None:
    project.will(HURRIED, None)
    project.spell = Cuts.BEFORE

    hurried, good = http.get("/things"), http.get("/things")
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/things", json=thing("before"))
    project.spell = None
    project.will(Cuts.AFTER)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/things", json=thing("after"))

    assert (hurried.status_code, hurried.headers["retry-after"]) == (429, "7")
    assert good.status_code == 200
    assert names(http) == ["after"]
    assert [seen.method for seen in project.seen] == ["GET", "GET", "POST", "POST", "GET"]


def test_it_hangs_on_command_until_it_is_let_go(project: Project, http: httpx.Client) -> None:
    project.will(Hangs.AFTER, Hangs.BEFORE)

    with pytest.raises(httpx.ReadTimeout):
        http.post("/things", json=thing(), timeout=0.5)
    project.let_go()
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/things")

    assert names(http) == ["a"]
