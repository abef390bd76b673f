"""Rows to a text stream as a table for people."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, TextIO, TypeVar

from logonscope.display import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.columns import Column

Row = TypeVar("Row")
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
    lines = ([column.text(row) for column in columns] for row in rows)
    first = list(islice(lines, _MEASURED_ROWS))
    widths = [max(len(column.title), column.width) for column in columns]
    if measured:
        widths = [
            max([len(column.title), *(len(line[index]) for line in first)]) for index, column in enumerate(columns)
        ]
    rest = next((index for index, column in enumerate(columns) if column.takes_rest), len(columns) - 1)
    if width is not None:
        widths[rest] = max(columns[rest].width, width - sum(widths) - len(widths) + 1 + widths[rest])
    titles = [[column.title for column in columns]] if heading else []
    for line in chain(titles, first, lines):
        cells = [
            _cell(text, size, right=column.right) for text, size, column in zip(line, widths, columns, strict=True)
        ]
        out.write(" ".join(cells).rstrip() + "\n")


def _cell(text: str, width: int, *, right: bool) -> str:
    text = shorten(text, width)
    return text.rjust(width) if right else text.ljust(width)
