"""One sentence on what a file does."""

from storyloom.storyboard.code.actions import actions_of
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.code.subjects import Subject
from storyloom.storyboard.code.summary import Summary, summary_of


def summary(*definitions: Definition, language: str = "Python", subject: str = "") -> Summary:
    facts = CodeFacts(language, 90, definitions=definitions)
    about = Subject(subject, ((subject,),)) if subject else Subject()
    return summary_of(facts, actions_of(facts), about)


def functions(*names: str) -> list[Definition]:
    return [Definition(Kind.FUNCTION, name, at, at) for at, name in enumerate(names, 1)]


def named(kind: Kind, *names: str) -> list[Definition]:
    return [Definition(kind, name, at, at) for at, name in enumerate(names, 1)]


def test_verbs_for_one_thing_are_joined() -> None:
    made = summary(*functions("create_invoice", "send_invoice", "cancel_invoice"))

    assert made.text == "Creates, sends and cancels invoices."
    assert made.lines == ((1, 1), (2, 2), (3, 3))


def test_things_for_one_verb_are_joined() -> None:
    made = summary(*functions("calculate_payback", "calculate_yearly_savings"))

    assert made.text == "Calculates payback and yearly savings."


def test_a_comma_keeps_clauses_apart() -> None:
    made = summary(
        *functions("calculate_payback", "calculate_yearly_savings", "export_report", "plan_visit")
    )

    assert made.text == "Calculates payback and yearly savings, exports reports, and plans visits."


def test_what_is_done_to_the_subject_comes_first() -> None:
    made = summary(*functions("export_report", "plan_visit"), subject="visit")

    assert made.text == "Plans visits and exports reports."


def test_a_thing_is_not_named_twice() -> None:
    made = summary(*functions("edit_photo", "edit_site_photo"))

    assert made.text == "Edits photos."


def test_a_sentence_stays_short() -> None:
    names = [f"{verb}_extraordinary_maintenance_{noun}" for verb in ("plan", "send", "cancel", "track")
             for noun in ("visit", "invoice", "report", "permit")]  # fmt: skip

    assert len(summary(*functions(*names)).text) <= 201


def test_tables_and_views_are_told_apart() -> None:
    made = summary(*named(Kind.TABLE, "jobs", "permits"), *named(Kind.VIEW, "expiring_permits"))

    assert made.text == "Keeps tables of jobs and permits, and lists expiring permits."


def test_a_long_list_ends_with_a_count() -> None:
    made = summary(*named(Kind.TYPE, "Job", "Permit", "Visit", "Invoice", "Part", "Quote"))

    assert made.text == "Describes jobs, permits, visits, invoices and 2 more."


def test_settings_are_set_not_described() -> None:
    keys = named(Kind.KEY, "mail_host", "name", "database")

    assert summary(*keys, language="YAML").text == "Holds the settings for mail host and database."


def test_sections_of_settings_speak_for_what_is_in_them() -> None:
    made = summary(*named(Kind.TYPE, "billing"), *named(Kind.KEY, "mail_host"), language="settings")

    assert made.text == "Holds the settings for billing records."


def test_a_screen_is_shown() -> None:
    assert summary(*named(Kind.COMPONENT, "InvoiceCard")).text == "Shows invoice cards."


def test_a_document_is_told_by_its_first_sentence() -> None:
    doc = Remark("Before each visit the technician checks the van.", 3, 3)
    facts = CodeFacts("Markdown", 9, doc=doc)

    made = summary_of(facts, [], Subject())

    assert made.text == "Before each visit the technician checks the van."
    assert made.is_stated
    assert not summary_of(CodeFacts("Go", 9, doc=doc), [], Subject()).text


def test_lists_that_are_too_long_together_lose_the_last() -> None:
    many = named(
        Kind.TYPE, *(f"ExtraordinaryMaintenance{one}" for one in ("Visit", "Part", "Bill"))
    )
    long = ("representation", "specification", "visualization", "synchronization")
    keys = named(Kind.KEY, *(f"international_organization_{one}" for one in long))

    assert "holds" not in summary(*many, *keys).text


def test_a_type_tells_what_its_file_does() -> None:
    one = Definition(Kind.TYPE, "Rota", 1, 9, doc="Keeps the visits of a week.")

    assert summary(one).text == "Keeps the visits of a week."


def test_one_name_of_many_is_chance() -> None:
    assert summary(*functions("send_invoice", "xa", "xb", "xc")) == Summary("")


def test_a_type_without_a_sentence_is_described() -> None:
    made = summary(
        Definition(Kind.TYPE, "Rota", 1, 9, doc="A rota."), *named(Kind.TYPE, "Permit", "Visit")
    )

    assert made.text == "Describes permits and visits."


def test_nothing_to_tell_is_no_sentence() -> None:
    assert summary() == Summary("")
    assert summary(*functions("run")) == Summary("")


def test_a_type_that_opens_the_file_tells_too_though_it_is_hidden() -> None:
    hidden = Definition(
        Kind.TYPE, "Forecast", 2, 2, doc="Shows the weather of the next days.", public=False
    )

    assert summary(hidden, *functions("umbrella_needed")).text == (
        "Shows the weather of the next days."
    )
