"""Seven fields for one audience and stage, from any text."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.adapters.treesitter import code_reader
from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.storyboard.capabilities import LONGEST
from storyloom.storyboard.code.plain import PlainCodeReader
from storyloom.storyboard.code.understand import StaticCodeUnderstanding
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Understanding, UnderstandingSource

EXAMPLES = Path(__file__).parents[3] / "examples" / "code"
PRESETS = Catalogue.load()
FIELDS = (
    "headline",
    "what_it_does",
    "business_value",
    "who_benefits",
    "differentiator",
    "pain_point_addressed",
    "suggested_icon",
)
SENTENCES = FIELDS[1:6]
STATIC = StaticCodeUnderstanding(TreeSitterCodeReader())
ROI = (EXAMPLES / "roi_calculator.py").read_text("utf-8")
ROUTER = '''"""Router that finds the function for a web address."""

import re


class Router:
    """A table of routes."""

    def add_route(self, path: str) -> None: ...

    def match_request(self, path: str) -> None: ...
'''


def brief(
    icp: str = "coperniq_mep",
    stage: str = "preview",
    audience: str = "c_suite",
    headline: str | None = None,
) -> Brief:
    return Brief(PRESETS.icp[icp], PRESETS.stages[stage], PRESETS.audiences[audience], headline)


def understood(text: str, name: str = "roi_calculator.py", **wishes: str) -> Understanding:
    return STATIC.understood(name, text, brief(**wishes))


def is_sound(made: Understanding, text: str) -> bool:
    lines = len(re.split(r"\r\n|\r|\n", text))
    return (
        all(getattr(made, field) for field in FIELDS)
        and all(len(getattr(made, field)) <= LONGEST for field in SENTENCES[1:])
        and len(made.what_it_does) <= 220
        and len(made.headline) <= 100
        and not any("_" in getattr(made, field) for field in FIELDS[:6])
        and all(
            1 <= (one.first_line or 0) <= (one.last_line or 0) <= lines for one in made.evidence
        )
    )


async def test_the_port_answers_with_seven_fields() -> None:
    made = await STATIC.understand("roi_calculator.py", ROI, brief())

    assert made.headline == "ROI calculator for MEP contractors"
    assert made.suggested_icon == "calculator"
    assert made.source is UnderstandingSource.STATIC
    assert made.degraded == ()


def test_what_it_does_is_told_in_plain_words() -> None:
    made = understood(ROI)

    assert made.what_it_does.startswith("Calculates yearly savings and payback months")


def test_the_four_claims_name_the_files_own_subject() -> None:
    made = understood(ROI)

    assert all("yearly savings" in getattr(made, field) for field in SENTENCES[1:])


def test_the_difference_is_a_count_of_something_in_the_file() -> None:
    made = understood(ROI)
    lines = [one.first_line for one in made.evidence if one.field == "differentiator"]

    assert "7 fixed values" in made.differentiator
    assert all(" = " in ROI.splitlines()[(line or 0) - 1] for line in lines)


def test_evidence_shows_where_claims_come_from() -> None:
    made = understood(ROI)

    assert {one.field for one in made.evidence} == set(FIELDS[:6])


def test_a_wished_headline_is_used_word_for_word() -> None:
    made = STATIC.understood("a.py", ROI, brief(headline="our_Q4 news!"))

    found = STATIC.understood("a.py", ROI, brief())
    assert made.headline == "our_Q4 news!"
    assert "headline" not in {one.field for one in made.evidence}
    assert made.found_headline == found.headline
    assert made.unheaded() == found


def test_stages_audiences_and_profiles_change_the_words() -> None:
    wishes = [
        {"icp": icp, "stage": stage, "audience": audience}
        for icp in PRESETS.icp
        for stage in PRESETS.stages
        for audience in PRESETS.audiences
    ]
    made = [understood(ROI, **wish) for wish in wishes]

    assert len({one.who_benefits for one in made}) == len(wishes)
    assert len({one.business_value for one in made}) == len(PRESETS.stages) * len(PRESETS.audiences)


def test_what_it_does_and_its_icon_depend_on_the_file_alone() -> None:
    made = [understood(ROI, audience=one) for one in PRESETS.audiences]

    assert len({(one.what_it_does, one.suggested_icon) for one in made}) == 1


def test_a_headline_that_the_file_does_not_give_speaks_to_its_audience() -> None:
    text = "def create_invoice(): ...\ndef send_invoice(): ...\n"
    made = {
        one: understood(text, "invoices.py", audience=one).headline for one in PRESETS.audiences
    }

    assert made == {
        "btl_champion": "Invoices without back and forth",
        "business_owner": "Invoices without the chasing",
        "c_suite": "Invoices on a shorter way to cash",
    }


@pytest.mark.parametrize("audience", sorted(PRESETS.audiences))
@pytest.mark.parametrize("name", ["invoices.py", "hello.js", "Dockerfile", "notes.md", "a.yaml"])
def test_no_field_speaks_of_the_size_of_the_code(name: str, audience: str) -> None:
    made = understood("# Late fees\n\nsend: invoice\n", name, audience=audience)

    assert not re.search(
        r"lines? of code|\bfile\b|one sitting", " ".join(getattr(made, one) for one in SENTENCES)
    )


def test_worth_is_shown_by_the_lines_that_name_its_subject() -> None:
    text = "def tidy_up(): ...\n\n\ndef create_invoice(): ...\n"
    made = understood(text, "a.py")

    assert {one.first_line for one in made.evidence if one.field == "business_value"} == {4}


def test_no_claim_rests_on_a_stray_word() -> None:
    text = (
        '"""Loans of a library."""\n'
        "class LoanError(Exception): ...\n"
        "LOAN_DAYS = 21\n"
        "class Book: ...\n"
        "class Loan:\n"
        '    """Keeps the reservations of a book by day."""\n'
        "    def renew_loan(self, day): ...\n"
    )
    made = understood(text, "library_loans.py")
    shown = [one.first_line for one in made.evidence if one.field == "business_value"]

    assert "library loans" in made.business_value
    assert made.suggested_icon == "cube"
    assert shown == [5, 7]
    assert any("words are general" in one for one in made.degraded)


@pytest.mark.parametrize("name", ["notes.txt", "invoice.md", "payments"])
def test_a_line_of_text_is_no_ground_for_a_claim(name: str) -> None:
    made = understood("hello world\n", name, stage="shipped")

    assert made.what_it_does == "Holds written notes to be read."
    assert "invoice" not in made.business_value
    assert made.suggested_icon == "note"


PROPOSAL = (
    "We propose to put permits, invoices and scheduling into one place. The office files each permit"
    " with the city, invoices are sent when the inspection has passed, and crews are scheduled by"
    " the date of the permit. Late payments are chased, and each payment meets its invoice. "
)
ROADMAP = (
    "Permits are filed online by spring, invoices go out with one click in summer, and the"
    " scheduling of crews reminds customers of late payments by autumn."
)


@pytest.mark.parametrize(
    ("name", "text"),
    [("proposal.md", PROPOSAL * 3), ("proposal", PROPOSAL), ("roadmap.txt", ROADMAP)],
)
def test_a_paragraph_in_one_line_is_read_as_any_other(name: str, text: str) -> None:
    made = understood(text, name)

    assert made.suggested_icon == "invoice"
    assert "notes" not in made.business_value
    assert not any("nearly empty" in one for one in made.degraded)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pins.nix", "{ pkgs ? import <nixpkgs> {} }: pkgs.mkShell { }\n"),
        ("tasks", "web: gunicorn shop.app --log-file -\n"),
        ("start", "python shop.py\n"),
        ("edition", "1.2.3\n"),
        ("channel", "stable\n"),
    ],
)
def test_what_is_no_prose_is_told_as_none(name: str, text: str) -> None:
    made = understood(text, name)

    assert "notes" not in made.what_it_does + made.differentiator
    assert made.suggested_icon in {"cube", "puzzle-piece"}
    assert any("nearly empty" in one for one in made.degraded)


@pytest.mark.parametrize("text", ["We met at the inn.", "私たちは会いました。"])
def test_a_sentence_is_prose_whatever_its_file_is_called(text: str) -> None:
    assert understood(text, "yesterday").what_it_does == "Holds written notes to be read."


@pytest.mark.parametrize("count", [7, 40])
def test_a_count_is_shown_whole(count: int) -> None:
    checks = "".join(f"    if order == {at}: raise ValueError({at})\n" for at in range(count))
    made = understood(f"def pay_order(order):\n{checks}", "orders.py")
    shown = [one for one in made.evidence if one.field == "differentiator"]

    assert f"{count} checks" in made.differentiator
    assert len(shown) == count


def test_a_count_of_very_many_is_shown_by_the_part_that_holds_them() -> None:
    text = "\n".join(f"def test_total_{at}(): ..." for at in range(50))
    made = understood(text, "test_totals.py")

    assert "50 written-down test cases" in made.differentiator
    assert [
        (one.first_line, one.last_line) for one in made.evidence if one.field == "differentiator"
    ] == [(1, 50)]


def test_worth_is_shown_by_docs_where_no_name_tells() -> None:
    text = '"""Reminders."""\nclass Desk:\n    """Sends reminders by mail."""\n'
    made = understood(text, "reminders.py")

    assert {one.first_line for one in made.evidence if one.field == "business_value"} == {2}


def test_a_test_is_told_as_one_whatever_it_tests() -> None:
    text = "def test_total(): ...\ndef test_discount(): ...\ndef test_tax(): ...\n"
    made = understood(text, "test_invoice_totals.py")

    assert made.headline == "Invoices proven before every release"
    assert made.what_it_does == "Checks that invoices work as they should."
    assert "3 written-down test cases" in made.differentiator


def test_tables_are_told_by_what_they_keep() -> None:
    text = (
        "CREATE TABLE telescopes (id int);\n"
        "CREATE TABLE observations (id int, telescope_id int, star text);\n"
    )
    made = understood(text, "observatory.sql")

    assert made.headline.startswith("Observations")
    assert made.business_value.startswith("It will hold observations in one dependable place")


def test_imports_alone_make_no_capability() -> None:
    text = 'import { api } from "@/api/client";\nexport function planVisit() {}\n'

    assert understood(text, "a.ts").suggested_icon != "plugs-connected"


def test_a_page_is_no_screen_where_nothing_is_drawn() -> None:
    text = '"""Pages of what is kept, until there is enough."""\ndef wanted_of(fetch, limit): ...\n'
    drawn = "export const Pages = () => { const openPage = () => 1; };\n"

    assert understood(text, "paging.py").suggested_icon == "puzzle-piece"
    assert understood(drawn, "Pages.tsx").suggested_icon == "app-window"


def test_a_file_of_convention_is_told_by_it() -> None:
    made = understood("FROM python:3\nCOPY . .\n", "Dockerfile")

    assert made.what_it_does.startswith("Describes how the program is packed")
    assert made.suggested_icon == "rocket-launch"
    assert made.degraded == ()


def test_an_entrance_is_told_by_what_it_says_of_itself() -> None:
    said = understood('"""Invoices, and reminders of late ones."""\n', "__init__.py")
    silent = understood("from stripe import checkout, invoice\n", "__init__.py")

    assert said.suggested_icon == "invoice"
    assert silent.suggested_icon == "puzzle-piece"
    assert silent.headline == "The way into a larger program"


def test_what_names_things_and_no_capability_speaks_of_the_things() -> None:
    made = understood("class OrderService:\n    pass\n", "order_service.py")

    assert "orders" in made.business_value
    assert made.suggested_icon == "cube"


@pytest.mark.parametrize("field", ["business_value", "differentiator", "pain_point_addressed"])
def test_a_router_is_not_sold_as_building_services(field: str) -> None:
    made = understood(ROUTER, "router.py")

    assert not re.search(r"hvac|plumb|electric|pipe|boiler", getattr(made, field), re.IGNORECASE)
    assert made.suggested_icon == "signpost"


def test_no_two_fields_say_the_same() -> None:
    for name in ("roi_calculator.py", "dispatch_board.ts", "payment_webhook.go"):
        made = understood((EXAMPLES / name).read_text("utf-8"), name)
        assert len({getattr(made, field) for field in FIELDS}) == len(FIELDS)


@pytest.mark.parametrize(
    ("name", "icon", "what"),
    [
        ("dispatch_board.ts", "calendar-check", "Schedules, reassigns and cancels visits"),
        ("payment_webhook.go", "shield-check", "Takes payment notices"),
        ("permit_register.sql", "scales", "Keeps tables of jobs, permits and inspections"),
    ],
)
def test_each_example_is_read_for_what_it_is(name: str, icon: str, what: str) -> None:
    made = understood((EXAMPLES / name).read_text("utf-8"), name)

    assert made.suggested_icon == icon
    assert made.what_it_does.startswith(what)
    assert made.degraded == ()


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.min.js", "var a=1", "machine-made"),
        ("notes", "Some words about work.", "language is not known"),
        ("a.py", "def send_invoice(:\n  ]\n\ndef pay_invoice(): pass\n", "could not be read"),
        ("a.kt", "the quick brown fox; jumps over it.\n" * 6_000, "could not be parsed"),
        ("a.py", "1 + 1\n", "defines nothing"),
        ("notes.txt", "hello world\n", "nearly empty"),
        ("notes", "ok\n", "nearly empty"),
        (
            "club.md",
            "# Garden club\n\nWe share seeds.\n\n## Tools\n\nIn the shed.\n",
            "are general",
        ),
        ("a.py", "def frobnitz(): pass\n", "words are general"),
    ],
)
def test_a_poor_reading_says_so(name: str, text: str, why: str) -> None:
    assert any(why in one for one in understood(text, name).degraded)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.py", "x\n", "Does one part of a larger program's work."),
        ("a.py", "def x1(): pass\ndef y1(): pass\n", "Does one part of a larger program's work."),
        ("unzip.py", "def zstd(): pass\ndef lzma(): pass\n", "Packs large files into less space"),
        ("a.py", '"""Print the rota of a week."""\nx = 1\n', "Prints the rota of a week."),
    ],
)
def test_a_file_that_names_nothing_is_told_by_its_doc_or_theme(
    name: str, text: str, what: str
) -> None:
    assert understood(text, name).what_it_does.startswith(what)


def test_a_difference_that_is_too_long_loses_its_subject() -> None:
    text = "\n".join(f"def preserve_extraordinary_maintenance(): raise X{at}" for at in range(9))
    made = understood(text, audience="btl_champion", stage="preview")

    assert len(made.differentiator) <= LONGEST


def test_without_a_fact_the_capability_makes_the_difference() -> None:
    made = understood("/* Late invoices. */\n.invoice { color: red }\n", "a.css")

    assert made.differentiator.startswith("Built in from the start: ")


@given(
    text=st.text(max_size=600),
    ending=st.sampled_from(["py", "ts", "go", "sh", "sql", "md", "yaml", "csv", "zzz"]),
)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_seven_sound_fields(text: str, ending: str) -> None:
    assert is_sound(understood(text, f"file.{ending}"), text)


@given(
    names=st.lists(
        st.from_regex(r"[a-z]{1,9}(_[a-zA-Z0-9]{1,9}){0,4}", fullmatch=True), max_size=12
    )
)
@settings(max_examples=100, deadline=None)
def test_any_names_give_seven_sound_fields(names: list[str]) -> None:
    text = "".join(f"def {name}(): raise Fault\n" for name in names)

    for wishes in ({}, {"audience": "business_owner", "stage": "demo", "icp": "retail_operations"}):
        assert is_sound(understood(text, "a.py", **wishes), text)


@given(name=st.text(min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_file_name_gives_seven_sound_fields(name: str) -> None:
    assert is_sound(understood("def pay(): pass", name), "def pay(): pass")


def test_a_reader_without_grammars_will_do() -> None:
    made = StaticCodeUnderstanding(PlainCodeReader()).understood("a.py", ROI, brief())

    assert is_sound(made, ROI)


@pytest.mark.parametrize("audience", sorted(PRESETS.audiences))
@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir()))
def test_blank_lines_and_remarks_elsewhere_change_no_words(
    name: str, audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_reader, "_PARSE_BUDGET_S", 60)  # a busy machine reads the same
    text = (EXAMPLES / name).read_text("utf-8")
    mark = {".py": "#", ".sql": "--"}.get(Path(name).suffix, "//")
    moved = "\n" * 9 + text + f"\n\n{mark} Reviewed in spring.\n" * 200

    before, after = (understood(one, name, audience=audience) for one in (text, moved))

    assert [getattr(after, one) for one in FIELDS] == [getattr(before, one) for one in FIELDS]


@pytest.mark.parametrize("audience", sorted(PRESETS.audiences))
def test_a_function_that_moves_leaves_the_difference(audience: str) -> None:
    first, second = (f"def {name}_invoice(total):\n    return total\n" for name in ("send", "pay"))

    one = understood(f"{first}\n\n{second}", "invoices.py", audience=audience)
    other = understood(f"{second}\n\n{first}", "invoices.py", audience=audience)

    assert one.differentiator == other.differentiator
