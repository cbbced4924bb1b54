"""Headlines."""

import pytest

from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.code.headline import headline_of, title_from
from storyloom.storyboard.code.known import known_file

PROMISE = "invoices without the chasing"


@pytest.mark.parametrize(
    ("doc", "title"),
    [
        (
            "ROI calculator for field-service contractors.",
            "ROI calculator for field-service contractors",
        ),
        ("This module provides a dispatch board for crews.", "Dispatch board for crews"),
        ("A set of functions for payroll exports.", "Payroll exports"),
        ("A generally useful event scheduler class.", "Event scheduler"),
        ("Keeps the day's visits.", "Keeping the day's visits"),
        ("Builds price quotes for customers.", "Building price quotes for customers"),
        ("Builds for the office.", "Builds for the office"),
        ("Takes payment notices and proves that they are genuine.", "Taking payment notices"),
        (
            "Sends invoices to customers and chases the ones that are not paid.",
            "Sending invoices to customers",
        ),
        ("Records the gifts and hands out parcels to families.", "Recording the gifts"),
        ("Counts votes and announces those who won.", "Counting votes"),
        (
            "Collects the feedback of guests, groups it by topic and mails it.",
            "Collecting the feedback of guests",
        ),
        ("Reads gauges, writes logs and raises alarms.", "Reading gauges"),
        ("Permits, drawings and photos of a site.", "Permits, drawings and photos of a site"),
        (
            "Decides which parts a warehouse has to buy again.",
            "Deciding which parts a warehouse has to buy again",
        ),
        ("'zlib' general purpose compression library", "Zlib general purpose compression library"),
        ("Permit register: which permits a job needs", "Permit register"),
        ("Invoices and payments for crews.", "Invoices and payments for crews"),
        (
            "Sends reminders about unpaid invoices to the customers of a contractor every Monday.",
            "Sending reminders about unpaid invoices",
        ),
        ("Books rooms for the guests, and cancels them.", "Booking rooms for the guests"),
        (
            "Prints labels for parcels at the counter, then mails them.",
            "Printing labels for parcels at the counter",
        ),
        (
            "Sends reminders to the customers and logs each one.",
            "Sending reminders to the customers",
        ),
        ("Shows prices of tools and hides old ones.", "Showing prices of tools"),
        ("Checks invoices for errors and mails them.", "Checking invoices for errors"),
        ("Makes labels for parcels, and prints them.", "Making labels for parcels"),
    ],
)
def test_opening_words_make_a_title(doc: str, title: str) -> None:
    assert title_from(doc) == title


@pytest.mark.parametrize(
    "doc",
    [
        "",
        "Calculator.",
        "TODO: write this one day.",
        "Returns an error if the body is empty.",
        "Package reset lets users who forgot their password choose a new one by mail.",
        "Helps people who rent tools bring them back.",
        "Keeps a room at the temperature that its people have chosen.",
        "Clicks the button at the given (first) corner.",
        "Written for the shop: nobody in it is real.",
        "Makes sure that every parcel arrives.",
        "Makes it possible: guests pay by mail.",
        "Checks that every bill is paid, and prints them.",
        "Checks if a bill is paid.",
        "Makes parcels which nobody opens.",
        "Shows customers that they owe money.",
        "Keeps a room at the place where people sit.",
        "Makes it easier to find a late invoice in a long list of all that customers owe.",
        "Tells teachers how many pupils are away, and so on.",
        "Chases the ones that are not paid.",
        "You should not call this.",
        "x = {1, 2} of things",
        "Money is any object that can be counted.",
        f"{'extraordinary' * 4} {'maintenance' * 4}",
    ],
)
def test_unfit_words_make_none(doc: str) -> None:
    assert title_from(doc) == ""


def test_a_doc_that_repeats_the_name_needs_an_is() -> None:
    assert title_from("Router registers routes to be matched.", "Router") == ""
    assert title_from("Router is a table of routes.", "Router") == "Table of routes"


def facts_with(*definitions: Definition, doc: str = "") -> CodeFacts:
    remark = Remark(doc, 3, 4) if doc else None
    return CodeFacts("Go", 90, doc=remark, definitions=definitions)


def test_the_files_own_words_come_first() -> None:
    found = headline_of(facts_with(doc="Late invoice reminders."), "a.go", PROMISE)

    assert (found.text, found.lines) == ("Late invoice reminders", (3, 4))


def test_then_those_of_the_type_that_the_file_is_named_after() -> None:
    facts = facts_with(
        Definition(Kind.TYPE, "Large", 1, 90, doc="A very large type."),
        Definition(Kind.TYPE, "LateFee", 91, 95, doc="The fee for a late payment."),
    )

    found = headline_of(facts, "late_fee.go", PROMISE)

    assert (found.text, found.lines) == ("Fee for a late payment", (91, 95))


def test_never_those_of_an_operation() -> None:
    facts = facts_with(Definition(Kind.FUNCTION, "Send", 1, 2, doc="Sends one late invoice now."))

    assert headline_of(facts, "late_fees.go", "").text == "Late fees"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dispatch_board.py", "Dispatch board: invoices without the chasing"),
        ("dispatch_board-v2.1.py", "Dispatch board: invoices without the chasing"),
        ("invoice_board.py", "Invoices without the chasing"),  # it would be said twice
        ("order_service.py", "Invoices without the chasing"),  # a word of programmers
        ("flux_capacitor_zx.py", "Invoices without the chasing"),  # nobody knows what that is
        ("mux.go", "Invoices without the chasing"),
        ("index.js", "Invoices without the chasing"),
        ("🎉.js", "Invoices without the chasing"),
        (f"{'dispatch_' * 6}board.py", "Invoices without the chasing"),  # too long with both
    ],
)
def test_a_name_that_tells_something_goes_before_what_it_is_worth(name: str, text: str) -> None:
    assert headline_of(facts_with(), name, PROMISE).text == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roi_calculator.py", "ROI calculator"),
        ("route-planner-2.py", "Route planner"),
        ("route_planner_final.py", "Route planner"),
        ("20240115_add_customers.sql", "Add customers"),
        ("upload_to_s3.py", "Upload to S3"),
        ("utils.py", "A building block of software"),
        ("index.js", "A building block of software"),
        ("🎉.js", "A building block of software"),
    ],
)
def test_without_a_worth_the_name_is_all(name: str, text: str) -> None:
    assert headline_of(facts_with(), name, "").text == text


def test_a_file_of_convention_has_a_title_of_its_own() -> None:
    facts = facts_with(doc="Build stage for images.")

    found = headline_of(facts, "Dockerfile", PROMISE, known_file(facts, "Dockerfile"))

    assert found.text == "The program, packed to run anywhere"


@pytest.mark.parametrize(
    ("doc", "text"),
    [("Tools for dispatching crews.", "Dispatching crews"), ("", "What the program is built from")],
)
def test_settings_may_say_themselves_what_they_are_of(doc: str, text: str) -> None:
    facts = CodeFacts("JSON", 9, doc=Remark(doc, 3, 3) if doc else None)

    assert headline_of(facts, "package.json", "", known_file(facts, "package.json")).text == text


def test_a_name_that_says_nothing_gives_way_to_the_type() -> None:
    facts = facts_with(Definition(Kind.TYPE, "LateFee", 5, 9))

    found = headline_of(facts, "main.go", "")

    assert (found.text, found.lines) == ("Late fee", (5, 5))


def test_a_general_file_has_its_name_alone() -> None:
    assert headline_of(facts_with(), "widget.go", "").text == "Widget"


def test_a_heading_opens_a_document() -> None:
    facts = facts_with(Definition(Kind.HEADING, "Late fee handbook", 1, 1))

    assert headline_of(facts, "README.md", PROMISE).text == "Late fee handbook"


def test_a_heading_that_asks_makes_no_headline() -> None:
    facts = facts_with(Definition(Kind.HEADING, "What is it?", 1, 1))

    assert headline_of(facts, "README.md", "").text == "A building block of software"


def test_the_only_operation_names_a_general_file() -> None:
    facts = facts_with(Definition(Kind.FUNCTION, "closestIndexTo", 5, 9))

    found = headline_of(facts, "index.js", "")

    assert (found.text, found.lines) == ("Closest index", (5, 5))


@pytest.mark.parametrize(
    ("doc", "title"),
    [
        ("because switch is a keyword", ""),
        ("External dependencies", ""),
        ("with the late fees of all crews", ""),
        ("The late fee board provides what crews need.", "Late fee board"),
        ("Computing late fees between objects.", "Computing late fees between objects"),
        ("Module fees - Helpers for computing late fees.", "Computing late fees"),
        ("Late fees of the.", ""),
        (f"Late{' very' * 12} fees", ""),
        (
            "Retailers with stores, stock and an online shop",
            "Retailers with stores, stock and an online shop",
        ),
        ("Small, complete, and very fast, with fees.", ""),
        ("What each late fee is about.", ""),
        (
            "Forgetting what has been kept long enough.",
            "Forgetting what has been kept long enough",
        ),
        ("Fees is the table of late ones.", ""),
        ("Late fees whose date has passed.", "Late fees"),
        ("An iterator over late fees.", ""),
        (
            "Extract fees from late statements and write them as rows.",
            "Extracting fees from late statements",
        ),
    ],
)
def test_a_title_reads_complete_or_is_none(doc: str, title: str) -> None:
    assert title_from(doc) == title


def test_prefixes_of_a_library_fall_away() -> None:
    assert headline_of(facts_with(), "RNLateFees.go", "").text == "Late fees"


@pytest.mark.timeout(20)  # it would be looked for at each word, through to the end, for minutes
def test_a_list_without_an_end_keeps_nobody_waiting() -> None:
    endless = ("fee's, " * 130 + "\n") * 40

    assert [title_from(f"{at}th {endless}") for at in range(150)] == [
        f"{at}th fee's" for at in range(150)
    ]
