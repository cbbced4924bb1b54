"""Facts that anyone can count, and what each is worth."""

import re

import pytest

from storyloom.storyboard.capabilities import LONGEST, framed
from storyloom.storyboard.code.distinction import (
    Told,
    best_for,
    clause_of,
    distinctions,
    facts_told,
    is_of_tests,
    is_own,
    seed_of,
)
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark, Route
from storyloom.storyboard.presets import Brief, Catalogue


def work(count: int, *, doc: str = "", stem: str = "send") -> tuple[Definition, ...]:
    return tuple(
        Definition(Kind.FUNCTION, f"{stem}_{at}", at, at, doc=doc) for at in range(1, count + 1)
    )


def keys(facts: CodeFacts, name: str = "a.py") -> dict[str, int]:
    return {one.key: one.count for one in facts_told(facts, name)}


def test_checks_are_counted_and_shown() -> None:
    told = facts_told(CodeFacts("Go", 900, checks=(3, 5, 9)), "a.go")

    assert told == (Told("checks", 3, (3, 5, 9)),)


def test_too_few_are_not_worth_telling() -> None:
    assert keys(CodeFacts("Go", 900, checks=(3,), concurrent=(4,))) == {}


def test_routes_tables_and_constants_are_counted() -> None:
    tables = tuple(Definition(Kind.TABLE, name, 1, 2) for name in ("jobs", "permits"))
    rates = tuple(Definition(Kind.CONSTANT, name, 1, 2) for name in ("A", "B", "C"))
    routes = (Route("GET", "/a", 1), Route("GET", "/b", 2))

    told = keys(CodeFacts("Go", 900, definitions=(*tables, *rates), routes=routes))

    assert told == {"tables": 2, "rates": 3, "routes": 2}


def test_operations_are_counted_and_explained_only_when_all_are() -> None:
    all_of_them = CodeFacts("Go", 900, definitions=work(5, doc="Sends."))
    some = CodeFacts("Go", 900, definitions=(*work(5), *work(1, doc="Sends.")))

    assert keys(all_of_them) == {"explained": 5, "operations": 5}
    assert keys(some) == {"operations": 6}


def test_neither_a_question_nor_a_start_is_a_step_of_the_work() -> None:
    others = tuple(
        Definition(Kind.METHOD, name, 9, 9, owner="Desk") for name in ("open?", "initialize")
    )

    assert keys(CodeFacts("Ruby", 900, definitions=(*work(5), *others))) == {"operations": 5}


def test_test_files_are_told_by_their_cases() -> None:
    facts = CodeFacts("Python", 90, definitions=work(4, stem="test"), checks=(1, 2, 3))

    assert keys(facts, "test_a.py") == {"tests": 4}


@pytest.mark.parametrize(
    ("doc", "is_safe"),
    [
        ("It is safe for concurrent use.", True),
        ("This class is thread-safe.", True),
        ("This class is not thread-safe.", False),
        ("One is thread-safe, the other is not thread-safe.", False),
    ],
)
def test_safety_is_claimed_only_when_the_doc_claims_it(doc: str, *, is_safe: bool) -> None:
    facts = CodeFacts("Go", 900, doc=Remark(doc, 1, 1))

    assert ("safe" in keys(facts)) is is_safe


def test_streaming_is_told_by_names() -> None:
    assert keys(CodeFacts("Go", 900, definitions=work(2, stem="stream"))) == {"streaming": 2}


@pytest.mark.parametrize(
    ("name", "imports", "is_own"),
    [
        ("a.py", ("csv", "os.path"), True),
        ("a.py", ("csv", "stripe"), False),
        ("a.go", ("net/http", "time"), True),
        ("a.go", ("github.com/a/b",), False),
        ("a.js", ("node:fs", "./plan"), True),
        ("a.js", ("express",), False),
        ("a.rb", ("json",), False),
    ],
)
def test_freedom_from_packages_is_told_by_imports(
    name: str, imports: tuple[str, ...], *, is_own: bool
) -> None:
    language = {"py": "Python", "go": "Go", "js": "JavaScript", "rb": "Ruby"}[name[2:]]
    facts = CodeFacts(language, 900, parsed=True, imports=imports, definitions=work(1))

    assert ("own" in keys(facts, name)) is is_own


def test_each_audience_hears_what_matters_to_it() -> None:
    told = (Told("tables", 4), Told("own", 1), Told("explained", 6))

    best = {key: best_for(key, told) for key in ("business_owner", "c_suite", "btl_champion")}

    assert best == {"business_owner": told[0], "c_suite": told[0], "btl_champion": told[0]}
    assert best_for("board_members", told) == told[0]
    assert best_for("c_suite", ()) is None


def test_facts_of_like_worth_take_turns() -> None:
    told = (Told("checks", 4), Told("own", 1), Told("rates", 6))

    assert {best_for("business_owner", told, seed) for seed in range(3)} == set(told)


@pytest.mark.parametrize("key", sorted(distinctions()))
def test_no_fact_speaks_of_the_size_of_the_code(key: str) -> None:
    kind = distinctions()[key]

    assert not re.search(r"\blines?\b|\bfiles?\b|short", f"{kind.fact} {kind.bare}")


def test_a_file_of_something_else_may_help_tests() -> None:
    app = CodeFacts("Python", 90, definitions=(*work(4), *work(2, stem="test")))

    assert not is_of_tests(app, "app.py")
    assert is_of_tests(app, "src/app_test.py")
    assert not is_of_tests(app, "tests_of_old/app.py")
    assert "tests" not in keys(app, "app.py")


def test_a_languages_own_packages_are_told_apart() -> None:
    python, go = CodeFacts("Python", 9), CodeFacts("Go", 9)

    assert is_own("json.decoder", python, "a.py")
    assert not is_own("stripe", python, "a.py")
    assert is_own("net/http", go, "a.go")
    assert not is_own("github.com/a/b", go, "a.go")


def test_a_count_that_nobody_believes_is_not_told() -> None:
    assert keys(CodeFacts("Go", 900, checks=tuple(range(1, 60)))) == {}


def test_a_fact_is_said_with_its_count_and_worth() -> None:
    said = clause_of(Told("checks", 1200), "c_suite", "permits")

    assert said.startswith("1,200 checks halt work on permits")
    assert "permits" not in clause_of(Told("checks", 4), "c_suite", "")


@pytest.mark.parametrize("key", sorted(distinctions()))
def test_every_fact_is_worth_something_else_to_each_audience(key: str) -> None:
    audiences = [*Catalogue.load().audiences, "neutral"]
    kind = distinctions()[key]

    assert all(kind.worth(audience).startswith("so ") for audience in audiences)
    assert set(kind.rank) == set(audiences)
    assert kind.worth("unknown") == kind.worth("neutral")


@pytest.mark.parametrize("key", sorted(distinctions()))
@pytest.mark.parametrize("subject", ["", "webhook signatures"])
def test_every_fact_reads_well_and_fits_its_panel(key: str, subject: str) -> None:
    presets = Catalogue.load()
    texts = [
        framed("difference", clause_of(Told(key, 1_234), audience.key, subject),
               Brief(icp, stage, audience), {})
        for icp in presets.icp.values()
        for stage in presets.stages.values()
        for audience in presets.audiences.values()
    ]  # fmt: skip

    assert all(len(text) <= LONGEST and text.count(".") == 1 for text in texts)
    assert not any(re.search(r"[{}\[\]]|\s\s|\b(\w+) \1\b", text) for text in texts)


def test_the_seed_knows_names_and_no_places() -> None:
    def seed(*names: str, first: int = 1, owner: str = "") -> int:
        found = [
            Definition(Kind.FUNCTION, name, first + at, first + at, owner=owner)
            for at, name in enumerate(names)
        ]
        return seed_of(CodeFacts("Go", 90 + first, definitions=tuple(found)))

    assert seed("a", "b") == seed("b", "a") == seed("a", "b", first=7)
    assert len({seed("a", "b"), seed("a"), seed("a", "b", owner="T"), seed("ab")}) == 4
