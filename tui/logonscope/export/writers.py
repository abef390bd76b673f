"""Rows to a text stream as a table for people, as CSV, or as JSON lines."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from logonscope.display import sanitise, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.columns import Column
    from logonscope.export.records import Field

Row = TypeVar("Row")
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also in full width, which some spreadsheets take for the same."""
_MEASURED_ROWS = 500


def write_table(
    rows: Iterable[Row],
    columns: tuple[Column[Row], ...],
    out: TextIO,
    width: int | None,
    *,
    heading: bool = True,
    measured: bool = True,
) -> None:
    """Write a table for people.

    Args:
        rows: The rows.
        columns: Their columns.
        out: Where to write.
        width: Characters to a line; None for as many as the contents need.
        heading: Whether the titles come first.
        measured: Whether a column is as wide as its contents need, or as it usually is: so that parts of one table,
            written one after another, fit.
    """
    lines = [[column.text(row) for column in columns] for row in rows]
    widths = [max(len(column.title), column.width) for column in columns]
    if measured:
        widths = [
            max([len(column.title), *(len(line[index]) for line in lines[:_MEASURED_ROWS])])
            for index, column in enumerate(columns)
        ]
    rest = next((index for index, column in enumerate(columns) if column.takes_rest), len(columns) - 1)
    if width is not None:
        widths[rest] = max(columns[rest].width, width - sum(widths) - len(widths) + 1 + widths[rest])
    for line in [*[[column.title for column in columns]][: int(heading)], *lines]:
        cells = [
            _cell(text, size, right=column.right) for text, size, column in zip(line, widths, columns, strict=True)
        ]
        out.write(" ".join(cells).rstrip() + "\n")


def _cell(text: str, width: int, *, right: bool) -> str:
    text = shorten(text, width)
    return text.rjust(width) if right else text.ljust(width)


def write_csv(rows: Iterable[Row], fields: Sequence[Field[Row]], out: TextIO, *, heading: bool = True) -> None:
    """Write CSV with a head line; a cell that a spreadsheet would run gets an apostrophe before it.

    Args:
        rows: The rows.
        fields: What each field takes from a row; lists are joined by blanks, objects are written as JSON.
        out: Where to write.
        heading: Whether the names come first.
    """
    writer = csv.writer(out, lineterminator="\n")
    if heading:
        writer.writerow([field.name for field in fields])
    for row in rows:
        writer.writerow([_csv_cell(field.plain(row)) for field in fields])


def _csv_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    elif isinstance(value, dict):
        value = json.dumps(value)
    if not isinstance(value, str):
        return value
    text = sanitise(value)
    return f"'{text}" if len(text) > 1 and text.startswith(_FORMULA) else text


def write_jsonl(rows: Iterable[Row], fields: Sequence[Field[Row]], out: TextIO) -> None:
    """Write one JSON object a line, in ASCII: no character of a log reaches a terminal raw.

    Args:
        rows: The rows.
        fields: What each field takes from a row.
        out: Where to write.
    """
    for row in rows:
        out.write(json.dumps({field.name: field.plain(row) for field in fields}) + "\n")
