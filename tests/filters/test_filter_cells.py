"""A filter is changed by the value of a cell; its parts are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.cell_terms import _TERMS, cell_term, lasted, privileged, role, session_end, session_start, session_type
from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, EVENT_COLUMNS, LOGON_TYPE_COLUMNS, SESSION_COLUMNS
from logonscope.filters.edit import CellTerm, with_cell
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import clauses, parse
from support.made import made_boot, made_event, made_session

ALICE = CellTerm("user", "alice")
NAMES = {
    "events": {column.name for column in EVENT_COLUMNS},
    "sessions": {column.name for column in SESSION_COLUMNS},
    "types": {column.name for column in LOGON_TYPE_COLUMNS},
    "boots": {column.name for column in BOOT_COLUMNS},
    "coverage": {column.name for column in COVERAGE_COLUMNS},
}
"""The columns of each pane."""


@pytest.mark.parametrize(
    ("text", "included", "excluded"),
    [
        ("", "user:alice", "-user:alice"),
        ("type:2", "type:2 user:alice", "type:2 -user:alice"),
        ("user:bob", "user:bob,alice", "user:bob -user:alice"),
        ('user:"b c",ALICE x', 'user:"b c",alice x', 'user:"b c" x'),
        ("-user:alice,bob", "-user:bob user:alice", "-user:bob,alice"),
        ("-user:alice", "user:alice", "-user:alice"),
        ("user:alice", "user:alice", "-user:alice"),
        ("a or b", "(a or b) user:alice", "(a or b) -user:alice"),
        ("not (user:alice)", "user:alice", "-user:alice"),
        ("user:", "user:alice", "-user:alice"),
    ],
)
def test_a_value_is_included_and_excluded(text: str, included: str, excluded: str) -> None:
    assert with_cell(text, ALICE, exclude=False) == included
    assert with_cell(text, ALICE, exclude=True) == excluded


def test_a_cell_that_denies_is_turned_round() -> None:
    no_admin = CellTerm("is", "admin", is_denied=True)
    assert with_cell("", no_admin, exclude=False) == "-is:admin"
    assert with_cell("-is:admin", no_admin, exclude=True) == "is:admin"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["user", "to"]), st.text(min_size=1, max_size=5), st.booleans()), max_size=8))
def test_any_values_in_any_order_leave_a_filter(steps: list[tuple[str, str, bool]]) -> None:
    text = ""
    for field, value, exclude in steps:
        text = with_cell(text, CellTerm(field, value), exclude=exclude)
        parse(text)
        assert quoted(value) in text or any(value.casefold() == other.casefold() for _, other, _ in steps)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("a", ("a",)),
        ('user:x and -(a or b) not type:3,4 "x y"', ("user:x", "-(a or b)", "not type:3,4", '"x y"')),
        ("a or b", ("(a or b)",)),
        ("((a)) not not b", ("((a))", "not not b")),
    ],
)
def test_the_parts_of_a_filter(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


def test_every_cell_of_a_list_gives_a_term_that_can_be_understood() -> None:
    event = made_event(source_ip="10.0.0.9")
    rows = {
        "events": (EVENT_COLUMNS, event),
        "sessions": (SESSION_COLUMNS, made_session()),
        "boots": (BOOT_COLUMNS, made_boot()),
    }
    for pane, (columns, row) in rows.items():
        terms = [cell_term(pane, column.name, row) for column in columns]  # type: ignore[attr-defined]
        assert len([term for term in terms if term]) >= 4
        for term in terms:
            if term is not None:
                parse(f"{term.field}:{quoted(term.value)}")


def test_every_column_that_has_terms_exists() -> None:
    for pane, terms in _TERMS.items():
        assert terms.keys() <= NAMES[pane]


def test_what_cells_of_sessions_say() -> None:
    session = made_session()
    assert lasted(session) == CellTerm("dur", ">=4h00m")
    assert session_start(session) == CellTerm("time", "2026-03-02T08:00")
    assert privileged(session) == CellTerm("is", "admin", is_denied=True)
    assert session_end(made_session(end_evidence="open")) == CellTerm("is", "open")
    assert role(session) == CellTerm("is", "stay")
    assert session_type(made_session(role="visit")) == CellTerm("is", "visit")
    assert lasted(made_session(duration_least=None)) is None
