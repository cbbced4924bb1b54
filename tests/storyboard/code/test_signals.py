"""Whether a file bears a capability out, by more than a stray word."""

from storyloom.storyboard.capabilities import Capabilities
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark, Route
from storyloom.storyboard.code.signals import OwnWords, own_words
from storyloom.storyboard.code.subjects import Subject

BY_KEY = Capabilities.packaged().by_key


def own(*texts: str, name: str = "main", kind: str = "") -> OwnWords:
    return OwnWords(name, texts, kind)


def test_a_file_speaks_of_itself_by_its_name_docs_names_and_routes() -> None:
    facts = CodeFacts(
        "Python",
        9,
        doc=Remark("Plans the visits. Of crews.", 1, 1),
        definitions=(
            Definition(Kind.FUNCTION, "plan_visit", 3, 4, doc="Plans one. Then more."),
            Definition(Kind.FUNCTION, "_hidden", 5, 6, public=False),
        ),
        imports=("stripe",),
        routes=(Route("GET", "/visits", 3),),
        texts=("pay the invoice",),
    )

    assert own_words(facts, "visit_plan.py", "") == own(
        "Plans the visits.", "Of crews.", "plan visit", "Plans one.", "visits", name="visit plan"
    )


def test_different_words_bear_a_capability_out() -> None:
    assert own("plan shift", "roster").bear_out(BY_KEY["scheduling"])


def test_one_word_does_not_however_often_it_is_said() -> None:
    assert not own("ticket", "tickets", "a ticket").bear_out(BY_KEY["customers"])
    assert not own("route", "router", name="route planner").bear_out(BY_KEY["web"])


def test_weak_words_do_not() -> None:
    assert not own("day", "week", "start").bear_out(BY_KEY["scheduling"])


def test_a_word_and_a_pair_that_holds_it_are_one() -> None:
    assert not own("meter reading").bear_out(BY_KEY["maintenance"])


def test_one_thing_of_business_does_where_the_file_is_named_by_it() -> None:
    assert own("Invoice", name="invoice list").bear_out(BY_KEY["billing"])
    assert not own("Invoice").bear_out(BY_KEY["billing"])


def test_the_kind_of_file_bears_out_what_it_tells() -> None:
    shell = own(kind="shell script")

    assert shell.bear_out(BY_KEY["command_line"])
    assert shell.are_about(Subject("backups", (("backup",),)), BY_KEY["command_line"])


def test_a_capability_speaks_of_what_the_file_is_about() -> None:
    loans = Subject("library loans", (("library", "loan"),))

    assert not own("reserve").are_about(loans, BY_KEY["scheduling"])
    assert own("reserve").are_about(Subject("visits", (("visit",),)), BY_KEY["scheduling"])
    assert own("reserve").are_about(Subject(), BY_KEY["scheduling"])


def test_what_is_hardly_spoken_of_is_not_what_the_file_is_about() -> None:
    visits = Subject("visits", (("visit",),), share=0.1)

    assert not own("plan visit").are_about(visits, BY_KEY["scheduling"])


def test_a_capability_may_speak_of_its_own_things_where_the_file_names_them() -> None:
    churn = Subject("churn analyses", (("churn", "analysis"),))

    assert own("Customer churn").are_about(churn, BY_KEY["customers"])
    assert not own("churn").are_about(churn, BY_KEY["customers"])
