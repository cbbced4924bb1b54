"""What the grammars find in each language, in sources of our own."""

import pytest

from storyloom.adapters.treesitter import _grammars
from storyloom.adapters.treesitter.code_reader import TreeSitterCodeReader
from storyloom.storyboard.code.facts import CodeFacts, Kind, Route

PYTHON = '''"""Send invoices."""

import stripe
from os import path as p
from . import sibling

LATE_FEE = 5


class Invoice:
    """One bill."""

    async def send(self) -> None:
        """Send the invoice."""
        def inner(): ...
        if not self:
            raise ValueError("empty")

    def _hide(self): ...


@app.get("/invoices/{id}")
def show(): ...
'''
JAVASCRIPT = """'use strict';
/** Late invoice reminders. */
const mail = require('mail');
import cron from 'cron';

const MAX_TRIES = 3;

/**
 * Remind the customer.
 */

exports.remind = function remind(customer) { throw new Error('no'); };
export class Reminder { #secret() {} send() {} }
export const plan = async () => 1;
function hidden() {}
app.get('/reminders', plan);
"""
TYPESCRIPT = """/** Quotes for work. */

export interface Quote { total(): number }
export type Price = number;
export enum State { Open }
export abstract class Base { private hide() {} abstract show(): void; }
@Controller('x')
class Local { @Get('/quotes') list() {} }
export { Local };
"""
GO = """// Package mail sends mail.
package mail

import "net/smtp"

const MaxSize = 3

// Sender sends.
type Sender struct{}

type Store interface { Save(id int) error }

// Send sends one message.
func (s *Sender) Send() error { go run(); return errors.New("no") }
func helper() {}
func routes() { mux.HandleFunc("POST /mail", helper) }
"""
JAVA = """package a;
import java.util.List;
/** A permit. */
public class Permit {
    public static final int MAX_DAYS = 3;
    /** Renews it. */
    @PostMapping("/permits")
    public void renew() { throw new IllegalStateException(); }
    private void hide() {}
}
interface Register { void add(); }
enum Kind { A }
record Pair(int a) {}
"""
RUST = """//! Meter readings.

use std::io;

const LIMIT: u8 = 3;

/// A reading.
#[derive(Debug)]
pub struct Reading;

impl Reading {
    /// Parse one.
    pub async fn parse() -> Result<Self, io::Error> { Err(fault()) }
    fn hide() { bail!("x") }
}
pub trait Source { fn next(&self); }

#[cfg(test)]
mod tests { fn check() { Err(()) } }
"""
C = """/* Pump control. */
#include <stdio.h>
#include "pump.h"
#define MAX_FLOW 3
struct pump { int flow; };
typedef struct pump pump_t;
/* Start the pump. */
int pump_start(struct pump *p) { return 0; }
static int hidden(void) { return 0; }
char *pump_name(void);
"""
CPP = """// Duct sizes.
#include <vector>
namespace hvac {
class Duct { public: int size(); void fit() { throw 1; } };
}
int hvac::Duct::size() { return 1; }
"""
C_SHARP = """using System.Text;
namespace N {
/// <summary>Orders.</summary>
public class Orders {
    [HttpGet("/orders")]
    public async Task<int> List() { throw new Exception("a"); }
    private int Hide() => throw new Exception();
}
public interface IStore { void Save(); }
}
"""
RUBY = """# Jobs on site.
require 'json'

module Work
  # One job.
  class Job
    LIMIT = 3
    def start; raise 'no'; end
    def self.find; end
    private
    def hide; end
  end
end
get '/jobs' do
end
"""
PHP = """<?php
/** Parts in stock. */
namespace App;
use App\\Models\\Part;
class Stock {
    const MAX = 3;
    public function count(): int { throw new \\Exception('x'); }
    private function hide() {}
}
Route::get('/stock', fn() => 1);
"""
KOTLIN = """import java.io.File

/** Visits. */
class Visits {
    fun plan() {
        throw IllegalStateException("no")
    }
    private fun hide() {}
}

object Board {
    fun show() = 1
}
"""
SWIFT = """import Foundation
/// Photos.
public class Photos {
    public func take() throws { throw Fault.bad }
    private func hide() {}
}
protocol Camera { func focus() }
"""
SHELL = """#!/bin/bash
# Nightly backup.

KEEP_DAYS=3
backup() { pg_dump all; }
exit 1
"""
SQL = """-- Permits and inspections.

CREATE TABLE permits (id int, CONSTRAINT positive CHECK (id > 0));
CREATE VIEW open_permits AS SELECT * FROM permits;
"""
SOURCES = {
    "a.py": PYTHON,
    "a.js": JAVASCRIPT,
    "a.ts": TYPESCRIPT,
    "a.tsx": TYPESCRIPT,
    "a.go": GO,
    "a.java": JAVA,
    "a.rs": RUST,
    "a.c": C,
    "a.cpp": CPP,
    "a.cs": C_SHARP,
    "a.rb": RUBY,
    "a.php": PHP,
    "a.kt": KOTLIN,
    "a.swift": SWIFT,
    "a.sh": SHELL,
    "a.sql": SQL,
}
READER = TreeSitterCodeReader()


def read(name: str) -> CodeFacts:
    return READER.read(name, SOURCES[name])


def shown(name: str) -> set[str]:
    return {one.name for one in read(name).definitions if one.public}


@pytest.mark.parametrize("name", SOURCES)
def test_every_grammar_reads_its_language_without_a_fault(name: str) -> None:
    facts = read(name)

    assert facts.parsed
    assert not facts.faults


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("a.py", {"LATE_FEE", "Invoice", "send", "show"}),
        ("a.js", {"Reminder", "send", "plan"}),
        ("a.ts", {"Quote", "total", "Price", "State", "Base", "show", "Local"}),
        ("a.go", {"MaxSize", "Sender", "Store", "Save", "Send"}),
        ("a.java", {"Permit", "MAX_DAYS", "renew", "Register", "add", "Kind", "Pair"}),
        ("a.rs", {"Reading", "parse", "Source"}),
        ("a.c", {"MAX_FLOW", "pump", "pump_t", "pump_start", "pump_name"}),
        ("a.cpp", {"Duct", "size", "fit"}),
        ("a.cs", {"Orders", "List", "IStore", "Save"}),
        ("a.rb", {"Job", "LIMIT", "start", "find"}),
        ("a.php", {"Stock", "MAX", "count"}),
        ("a.kt", {"Visits", "plan", "Board", "show"}),
        ("a.swift", {"Photos", "take", "Camera", "focus"}),
        ("a.sh", {"KEEP_DAYS", "backup"}),
        ("a.sql", {"permits", "open_permits"}),
    ],
)
def test_what_is_public_is_told_from_what_is_not(name: str, names: set[str]) -> None:
    assert shown(name) == names


@pytest.mark.parametrize(
    ("name", "opening"),
    [
        ("a.py", "Send invoices."),
        ("a.js", "Late invoice reminders."),
        ("a.ts", "Quotes for work."),
        ("a.go", "Package mail sends mail."),
        ("a.rs", "Meter readings."),
        ("a.c", "Pump control."),
        ("a.cpp", "Duct sizes."),
        ("a.rb", "Jobs on site."),
        ("a.php", "Parts in stock."),
        ("a.sh", "Nightly backup."),
        ("a.sql", "Permits and inspections."),
    ],
)
def test_the_files_own_opening_words_are_found(name: str, opening: str) -> None:
    doc = read(name).doc

    assert doc is not None
    assert doc.text.splitlines()[-1] == opening


@pytest.mark.parametrize(
    ("name", "doc"),
    [
        ("a.py", "One bill."),
        ("a.go", "Sender sends."),
        ("a.java", "A permit."),
        ("a.rs", "A reading."),
        ("a.cs", "<summary>Orders.</summary>"),
        ("a.rb", "One job."),
        ("a.kt", "Visits."),
        ("a.swift", "Photos."),
    ],
)
def test_a_types_doc_is_its_own(name: str, doc: str) -> None:
    kinds = [one for one in read(name).definitions if one.kind is Kind.TYPE]

    assert kinds[0].doc == doc


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("a.py", "stripe"),
        ("a.js", "mail"),
        ("a.go", "net/smtp"),
        ("a.java", "java.util.List"),
        ("a.rs", "std::io"),
        ("a.c", "pump.h"),
        ("a.cs", "System.Text"),
        ("a.rb", "json"),
        ("a.php", "App\\Models\\Part"),
        ("a.kt", "java.io.File"),
        ("a.swift", "Foundation"),
        ("a.sh", "pg_dump"),
    ],
)
def test_what_a_file_builds_on_is_found(name: str, module: str) -> None:
    assert module in read(name).imports


@pytest.mark.parametrize(
    "name", ["a.py", "a.js", "a.go", "a.java", "a.rs", "a.cpp", "a.cs", "a.rb", "a.php", "a.kt",
             "a.swift", "a.sh", "a.sql"]
)  # fmt: skip
def test_places_that_refuse_to_go_on_are_counted(name: str) -> None:
    assert read(name).checks


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("a.py", ("GET", "/invoices/{id}")),
        ("a.js", ("GET", "/reminders")),
        ("a.ts", ("GET", "/quotes")),
        ("a.go", ("HANDLE", "/mail")),
        ("a.java", ("POST", "/permits")),
        ("a.cs", ("GET", "/orders")),
        ("a.rb", ("GET", "/jobs")),
        ("a.php", ("GET", "/stock")),
    ],
)
def test_addresses_are_found(name: str, route: tuple[str, str]) -> None:
    assert [(one.verb, one.path) for one in read(name).routes] == [route]


def test_a_route_knows_its_line() -> None:
    assert read("a.py").routes == (Route("GET", "/invoices/{id}", 22),)


def test_a_method_knows_its_owner_and_lines() -> None:
    send = next(one for one in read("a.py").definitions if one.name == "send")

    assert (send.kind, send.owner) == (Kind.METHOD, "Invoice")
    assert (send.first_line, send.last_line) == (13, 17)


@pytest.mark.parametrize(("name", "owner"), [("a.go", "Sender"), ("a.rs", "Reading")])
def test_a_method_outside_of_its_type_knows_its_owner(name: str, owner: str) -> None:
    assert owner in {one.owner for one in read(name).definitions}


def test_a_qualified_name_is_taken_apart() -> None:
    size = [one for one in read("a.cpp").definitions if one.name == "size"]

    assert {one.owner for one in size} == {"Duct"}


def test_functions_within_functions_are_left_out() -> None:
    assert "inner" not in {one.name for one in read("a.py").definitions}


def test_the_tests_inside_a_rust_file_are_left_out() -> None:
    assert "check" not in {one.name for one in read("a.rs").definitions}
    assert len(read("a.rs").checks) == 2


def test_work_that_overlaps_is_counted() -> None:
    assert read("a.py").concurrent == (13,)


def test_words_in_strings_are_kept() -> None:
    assert "empty" in read("a.py").texts


def test_a_syntax_error_is_told() -> None:
    facts = READER.read("a.py", "def pay(:\n  ]\n\ndef send(): pass\n")

    assert facts.parsed
    assert facts.faults


def test_a_grammar_that_cannot_load_gives_way_to_the_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_grammars._ENTRY_POINTS, "python", ("no_such_module", "language"))
    _grammars.grammar_of.cache_clear()

    facts = READER.read("a.py", PYTHON)
    _grammars.grammar_of.cache_clear()

    assert not facts.parsed
    assert facts.faults
    assert "Invoice" in {one.name for one in facts.definitions}


def test_a_text_that_takes_too_long_gives_way_to_the_shape() -> None:
    facts = READER.read("a.kt", "the quick brown fox; jumps over the lazy dog.\n" * 5_000)

    assert not facts.parsed
    assert facts.lines == 5_000


def test_a_header_with_classes_is_read_as_cpp() -> None:
    assert READER.read("a.h", "class Pump { public: int flow(); };\n").language == "C++"
    assert READER.read("a.h", "int flow(void);\n").language == "C"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsx", "export const InvoiceList = () => { const handleDelete = () => 1; };"),
        ("a.jsx", "function InvoiceList() { function handleDelete() {} }\nexport default InvoiceList;"),
        ("a.js", "import React from 'react';\nfunction InvoiceList() { const handleDelete = () => 1; }"),
    ],
)  # fmt: skip
def test_a_component_of_a_screen_has_its_handlers(name: str, text: str) -> None:
    found = TreeSitterCodeReader().read(name, text).public

    assert [(one.kind, one.name, one.owner) for one in found] == [
        (Kind.COMPONENT, "InvoiceList", ""),
        (Kind.METHOD, "handleDelete", "InvoiceList"),
    ]


def test_a_function_with_a_capital_is_none_where_nothing_is_drawn() -> None:
    found = TreeSitterCodeReader().read("a.ts", "export function Quote() { const plan = () => 1; }")

    assert [(one.kind, one.name) for one in found.definitions] == [(Kind.FUNCTION, "Quote")]


def test_a_query_lists_what_it_reads() -> None:
    text = (
        "SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id;\n"
        "SELECT rolname FROM pg_roles;\n"
    )

    found = TreeSitterCodeReader().read("a.sql", text).definitions

    assert [(one.kind, one.name) for one in found] == [
        (Kind.VIEW, "orders"),
        (Kind.VIEW, "customers"),
    ]


def test_a_shell_script_may_hold_any_letters() -> None:
    text = "# Größe prüfen\ngröße() { echo 'ü'; }\n"

    (only,) = READER.read("a.sh", text).definitions

    assert (only.name, only.doc) == ("größe", "Größe prüfen")


def test_no_letter_of_a_shell_script_ends_the_process() -> None:
    """The grammar's scanner reads memory that is not its own for the last ones, if it is let."""
    wide = [chr(at) for at in range(0x10000, 0x110000, 0x100)]

    for letter in wide:
        assert READER.read("a.sh", f"{{{letter}ķ{letter}˦,").lines == 1


def test_a_struct_of_ruby_is_a_type_and_no_fixed_value() -> None:
    text = (
        "class Desk\n"
        "  LIMIT = 8\n"
        "  NAMES = Struct_of.new(1)\n"
        "  Book = Struct.new(:isbn, :title)\n"
        "  Size = Data.define(:width)\n"
        "  LateError = Class.new(StandardError)\n"
        "end\n"
    )
    found = TreeSitterCodeReader().read("desk.rb", text).definitions

    assert [one.name for one in found if one.kind is Kind.CONSTANT] == ["LIMIT", "NAMES"]
    assert [one.name for one in found if one.kind is Kind.TYPE] == [
        "Desk", "Book", "Size", "LateError",
    ]  # fmt: skip
