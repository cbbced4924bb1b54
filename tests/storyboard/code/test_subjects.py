"""What a file is about."""

from storyloom.storyboard.capabilities import Capabilities, Found
from storyloom.storyboard.code.actions import actions_of, matter_of
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark, Route
from storyloom.storyboard.code.subjects import Subject, subject_of


def subject(*definitions: Definition, name: str = "main.py", key: str = "", doc: str = "",
            routes: tuple[Route, ...] = ()) -> Subject:  # fmt: skip
    facts = CodeFacts(
        "Python", 90, doc=Remark(doc, 1, 1) if doc else None, definitions=definitions, routes=routes
    )
    found = Found(Capabilities.packaged().by_key[key], 9.0, ()) if key else None
    return subject_of(facts, actions_of(facts), name, found)


def function(name: str) -> Definition:
    return Definition(Kind.FUNCTION, name, 1, 2)


def test_the_thing_that_most_is_done_to_is_the_subject() -> None:
    assert subject(function("send_invoice"), function("void_invoice")).phrase == "invoices"


def test_two_things_of_equal_weight_are_both_named() -> None:
    phrase = subject(function("send_invoice"), function("plan_visit")).phrase

    assert phrase == "invoices and visits"


def test_a_longer_name_says_more() -> None:
    found = subject(function("verify_webhook_signature"), function("parse_webhook_signature"))

    assert found.phrase == "webhook signatures"


def test_tables_routes_and_types_count_too() -> None:
    assert subject(Definition(Kind.TABLE, "permits", 1, 2)).phrase == "permits"
    assert subject(Definition(Kind.TYPE, "InvoiceService", 1, 2)).phrase == "invoices"
    assert subject(routes=(Route("GET", "/permits/{id}", 1),)).phrase == "permits"


def test_the_name_of_the_file_counts() -> None:
    assert subject(name="send_reminders.py").phrase == "reminders"


def test_the_share_tells_how_much_speaks_for_the_subject() -> None:
    things = (*(function(f"send_{at}_letter") for at in "abcde"), function("verify_signature"))

    assert subject(*things).share == 1.0
    assert subject(*things, key="verification").share < 0.5


def test_a_name_that_opens_with_a_noun_is_no_order() -> None:
    assert subject(name="route_planner.rs").phrase == "route planners"
    assert subject(name="schedule_visits.rs").phrase == "visits"


def test_the_files_own_words_tip_the_scales() -> None:
    things = (function("send_invoice"), function("plan_visit"), function("plan_visit_again"))

    assert subject(*things, doc="Invoices for every contractor.").phrase.startswith("invoices")


def test_nothing_outstanding_is_no_subject() -> None:
    assert subject(function("run")) == Subject()


def test_things_that_fit_the_capability_come_first() -> None:
    things = (function("send_invoice"), function("verify_signature"))

    assert subject(*things, key="verification").phrase == "signatures"
    assert subject(function("load_boiler"), key="verification").phrase == "boilers"


def test_a_subject_is_short_enough_for_every_phrase() -> None:
    found = subject(function("send_extraordinarily_comprehensive_maintenance_notification"))

    assert len(found.phrase) <= 34


def test_the_matter_is_what_is_worked_on() -> None:
    assert matter_of(("event", "scheduler")) == ("event",)
    assert matter_of(("byte", "record")) == ("record",)
    assert matter_of(("logger",)) == ()
