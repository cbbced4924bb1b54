"""What a file does, from its names and docs."""

import pytest

from storyloom.storyboard.code.actions import actions_of, is_fault, said, thing_of, thing_of_type
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.english import conjugated


def facts_with(*definitions: Definition, doc: str = "") -> CodeFacts:
    remark = Remark(doc, 1, 2) if doc else None
    return CodeFacts("Python", 90, parsed=True, doc=remark, definitions=definitions)


def function(name: str, doc: str = "", owner: str = "") -> Definition:
    kind = Kind.METHOD if owner else Kind.FUNCTION
    return Definition(kind, name, 10, 20, owner=owner, doc=doc)


def told(facts: CodeFacts) -> list[str]:
    return [f"{conjugated(one.verb)} {said(one.thing)}" for one in actions_of(facts)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("send_invoice", "sends invoices"),
        ("calculatePayback", "calculates payback"),
        ("export_report_to_file", "exports reports"),
        ("delete_all_expired_permits", "deletes permits"),
        ("verify_webhook_signature", "verifies webhook signatures"),
        ("lookup_invoice_by_id", "looks up invoices"),
        ("read_csv", "reads CSV files"),
        ("save_payment_ids", "saves payments"),
    ],
)
def test_a_name_tells_a_verb_and_its_thing(name: str, text: str) -> None:
    assert told(facts_with(function(name))) == [text]


@pytest.mark.parametrize(
    "name",
    ["__init__", "main", "is_valid", "to_string", "do", "_", "mark_uncollectible", "run_lzmq"],
)
def test_names_that_tell_nothing_are_left_out(name: str) -> None:
    assert told(facts_with(function(name, owner="Main"), function("send_invoice"))) == [
        "sends invoices"
    ]


@pytest.mark.parametrize(
    ("takes", "said_of_it"),
    [
        ("book, member", ["lends books"]),
        ("Book it", ["lends books"]),
        ("&mut self, one: &Book", ["lends books"]),
        ("friend", []),
        ("day = today", ["lends desks"]),
        ("self", ["lends desks"]),
        ("path", ["lends desks"]),
        ("event", ["lends desks"]),
        ("", ["lends desks"]),
    ],
)
def test_a_verb_alone_is_about_what_it_is_given(takes: str, said_of_it: list[str]) -> None:
    book = Definition(Kind.TYPE, "Book", 1, 2)
    lend = Definition(Kind.METHOD, "lend", 3, 4, owner="Desk", takes=takes)

    assert told(facts_with(book, lend)) == said_of_it


@pytest.mark.parametrize(
    ("name", "takes", "said_of_it"),
    [
        ("fine_cents", "self, loan, today", ["works out fines"]),
        ("refundEur", "order", ["works out refunds"]),
        ("churn_rate", "members", ["works out churn rates"]),
        ("churn_rate", "", []),
        ("cost", "loan", []),
        ("dump_churn_rate", "members", []),
        ("fine_cents", "self", []),  # it may be kept, and not worked out
        ("balance_cents", "", []),
        ("calculate_fine_cents", "", ["calculates fines"]),
        ("convert_cents", "amount", []),
    ],
)
def test_a_figure_is_worked_out_of_what_is_given(
    name: str, takes: str, said_of_it: list[str]
) -> None:
    figure = Definition(Kind.FUNCTION, name, 1, 2, takes=takes)

    told_of_all = told(facts_with(function("renew_loan"), figure))

    assert told_of_all == ["renews loans", *said_of_it]


def test_a_question_is_no_action() -> None:
    questions = (function("open?", owner="Loan"), function("has_total", owner="Loan"))

    assert told(facts_with(*questions, function("renew!", owner="Loan"))) == ["renews loans"]
    assert told(facts_with(*questions)) == []


def test_a_thing_may_have_a_type_of_its_name() -> None:
    book = Definition(Kind.TYPE, "Book", 1, 2)

    assert told(facts_with(book, function("borrow_book"))) == ["borrows books"]


def test_a_type_of_what_went_wrong_is_a_fault() -> None:
    assert is_fault("LoanError")
    assert not is_fault("Loan")
    assert not is_fault("")


def test_a_method_without_a_thing_is_about_its_owner() -> None:
    assert told(facts_with(function("save", owner="InvoiceRepository"))) == ["saves invoices"]


def test_the_doc_tells_the_thing_that_a_name_leaves_out() -> None:
    method = function("cancel", doc="Remove an event from the queue.", owner="Scheduler")

    assert told(facts_with(method)) == ["removes events"]


def test_a_doc_may_break_off_after_its_thing() -> None:
    method = function("cancel", doc="Remove an event, if there is one.", owner="Scheduler")

    assert told(facts_with(method)) == ["removes events"]


def test_a_doc_may_go_on_after_its_thing() -> None:
    method = function("cancel", doc="Remove events that wait.", owner="Scheduler")

    assert told(facts_with(method)) == ["removes events"]


def test_go_repeats_the_name_before_the_verb() -> None:
    method = function("Cancel", doc="Cancel removes an event from the queue.", owner="Queue")

    assert told(facts_with(method)) == ["removes events"]


def test_the_doc_gives_the_verb_to_a_name_without_one() -> None:
    method = function("yearly_savings", doc="Calculates the savings of a year.")

    assert told(facts_with(method)) == ["calculates yearly savings"]


def test_functions_named_after_what_they_give_provide_it() -> None:
    assert told(facts_with(function("late_visits"))) == ["provides visits"]
    assert told(facts_with(function("yearly_savings"))) == ["works out yearly savings"]
    assert told(facts_with(function("get_yearly_savings"))) == ["looks up yearly savings"]


@pytest.mark.parametrize(
    ("doc", "texts"),
    [
        ("Calculate payback and yearly savings for crews.", ["payback", "yearly savings"]),
        ("Reads invoices.", ["invoices"]),
        ("Dispatch the crews to sites.", ["crews"]),
    ],
)
def test_the_files_own_opening_words_come_first(doc: str, texts: list[str]) -> None:
    actions = actions_of(facts_with(doc=doc))

    assert [said(one.thing) for one in actions] == texts
    assert {one.lines for one in actions} == {(1, 2)}


@pytest.mark.parametrize(
    "doc",
    [
        "Dispatch board for crews.",
        "Invoices.",
        "Returns the value.",
        "Take the number.",
        "ROI: yes",
    ],
)
def test_opening_words_without_a_verb_and_a_thing_tell_nothing(doc: str) -> None:
    assert actions_of(facts_with(doc=doc)) == []


def test_unknown_words_give_way_to_known_ones() -> None:
    facts = facts_with(function("print_prmonth"), function("print_calendar"))

    assert told(facts) == ["prints calendars"]


@pytest.mark.parametrize(
    "name",
    [
        "print_frobnitz", "get_smallest", "parse_standard", "checkChksums", "send_fleep", "win_getpass",
        "viewDidLoad", "viewWillTransition", "componentDidMount", "onCreate", "addCustom", "check_multiple",
    ],
)  # fmt: skip
def test_words_that_nobody_knows_are_never_said(name: str) -> None:
    assert told(facts_with(function(name))) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("handle_create_visit", "creates visits"),
        ("handleCancelVisit", "cancels visits"),
        ("visit_cancel", "cancels visits"),
        ("order_list", "lists orders"),
        ("order_parts", "orders parts"),
        ("login_customer", "signs in customers"),
    ],
)
def test_the_deed_of_a_name_is_its_verb(name: str, text: str) -> None:
    assert told(facts_with(function(name))) == [text]


@pytest.mark.parametrize("name", ["filter_filters", "login_form"])
def test_what_makes_no_sense_as_a_deed_is_none(name: str) -> None:
    sent = function("send_invoice")

    assert told(facts_with(function(name), sent)) == ["sends invoices"]


def test_a_component_shows_its_thing() -> None:
    component = Definition(Kind.COMPONENT, "InvoiceList", 3, 9)
    handler = function("handleDelete", owner="InvoiceList")

    assert told(facts_with(component, handler)) == ["shows invoices", "deletes invoices"]


def test_where_nothing_is_offered_to_others_the_work_is_private() -> None:
    one, other = function("send_invoice"), Definition(Kind.TYPE, "Invoice", 3, 9)
    private = Definition(Kind.FUNCTION, "pay_invoice", 5, 6, public=False)

    assert told(facts_with(other, private)) == ["pays invoices"]
    assert told(facts_with(one, private)) == ["sends invoices"]


def test_what_a_thing_is_called() -> None:
    assert thing_of(["invoice", "list"]) == ("invoice",)
    assert thing_of(["value"]) == ()
    assert thing_of(["SMTP"]) == ()
    assert thing_of(["and"]) == ()


def test_a_type_is_about_its_thing() -> None:
    assert thing_of_type("AbstractInvoiceRepository") == ("invoice",)
    assert thing_of_type("InvoiceError") == ()
    assert thing_of_type("DefaultInvoice") == ("invoice",)
    assert thing_of_type("Service") == ()
