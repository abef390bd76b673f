"""Columns as texts are what the rules for one text make of each: sanitised, without formulas, JSON in ASCII."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.display import exact_time_text, hex_id, sanitise
from logonscope.export.fields import TYPES, Kind, RowField
from logonscope.export.filling import fill_columns
from logonscope.export.rows import Rows, made_rows
from logonscope.export.writers import json_records, write_csv, write_jsonl
from logonscope.knowledge.words import fill

EDGES = [
    "", "a", "=", "=1+1", "-2", "+", "@x", "\uff1d1", "'", '"', "a,b", "a\nb", "a\r\nb", "\x1b[31m", "\x7f", "\x9b",
    "\u202e", "é", "e\u0301\u0301\u0301", "日本", "\U0001f600", "\u2028", "a\\b", 'a"b', "\x00", "=\n", "\t=1",
]  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows_of(kind: Kind, values: list[Any]) -> Rows:
    fields: list[RowField[Any]] = [
        RowField("n", "number", "", lambda value: 1),
        RowField("x", kind, "", lambda value: value),
    ]
    return made_rows(values, fields)


def as_csv(kind: Kind, values: list[Any]) -> list[str]:
    out = io.BytesIO()
    write_csv(rows_of(kind, values), out)
    return [row["x"] for row in csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))]


def as_json(kind: Kind, values: list[Any]) -> list[Any]:
    return [row["x"] for row in json_records(rows_of(kind, values))]


def cell(text: str) -> str:
    """The rule for one text."""
    harmless = sanitise(text)
    return f"'{harmless}" if len(harmless) > 1 and harmless.startswith(FORMULA_SIGNS) else harmless


def check(texts: list[str]) -> None:
    assert as_csv("text", texts) == [cell(text) for text in texts]
    assert as_json("text", texts) == [text or None for text in texts]
    out = io.BytesIO()
    write_jsonl(rows_of("text", texts), out)
    assert {*out.getvalue()} <= {10, *range(0x20, 0x7F)}


def test_edges() -> None:
    check(EDGES)


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=20))
def test_any_text(texts: list[str]) -> None:
    check(texts)


def test_characters_of_every_block() -> None:
    codes = (*range(0x3000), *range(0xE000, 0x11000), *range(0x11000, 0x110000, 97))
    characters = [chr(code) for code in codes]
    check([f"{character}b" for character in characters])


@pytest.mark.parametrize(
    ("kind", "value", "in_json", "in_csv"),
    [
        ("texts", ["=a", 'b"', "\x1b"], ["=a", 'b"', "\x1b"], "'=a b\" \\x1b"),
        ("texts", [], [], ""),
        ("numbers", [3, 10], [3, 10], "3 10"),
        ("hex", 2**64 - 1, "0xffffffffffffffff", "0xffffffffffffffff"),
        ("hexes", [0x3E7, 0], ["0x3e7", "0x0"], "0x3e7 0x0"),
        ("flag", True, True, "true"),
        ("flag", False, False, "false"),
        ("number", -5, -5, "-5"),
        ("length", 1_500_000, 1.5, "1.5"),
        ("time", datetime(1601, 1, 1), "1601-01-01T00:00:00.000000Z", "1601-01-01T00:00:00.000000Z"),
        ("fields", {"a": "\x9b\U0001f600", "b": [1]}, {"a": "\x9b\U0001f600", "b": [1]}, None),
    ],
)
def test_kinds(kind: Kind, value: Any, in_json: Any, in_csv: str | None) -> None:
    assert as_json(kind, [value, None, value]) == [in_json, None, in_json]
    if in_csv is not None:
        assert as_csv(kind, [value, None]) == [in_csv, ""]


def test_exact_times_have_seven_digits() -> None:
    moment = datetime(2026, 3, 2, 8, 0, 0, 1)
    fields: list[RowField[int]] = [
        RowField("time", "exact time", "", lambda tick: moment),
        RowField("tick", "tick", "", lambda tick: tick),
    ]
    assert list(json_records(made_rows(range(10), fields))) == [
        {"time": exact_time_text(moment, tick)} for tick in range(10)
    ]


def test_every_kind_is_written() -> None:
    for kind in TYPES:
        if kind not in ("tick", "exact time"):
            assert as_json(kind, [None]) == [None]
            assert as_csv(kind, [None]) == [""]


def test_logon_ids_are_written_as_everywhere() -> None:
    ids = [0, 0x3E7, 2**63, 2**64 - 1]
    assert as_json("hex", ids) == [hex_id(logon_id) for logon_id in ids]


@pytest.mark.parametrize("template", ["{a}", "x {a}[ of {b}]", "[{a} and {b}]", "plain", "[{a}: ][{b}]{a}"])
def test_templates_are_filled_as_for_one_row(template: str) -> None:
    rows = [{"a": a, "b": b} for a in ("", "1", "2") for b in ("", "3")]

    def column(name: str) -> pa.Array:
        return pa.array([row[name] or None for row in rows], pa.string())

    assert fill_columns(template, column, len(rows)).to_pylist() == [fill(template, row.__getitem__) for row in rows]
