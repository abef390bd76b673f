"""The tables of events that can be read as CSV (``csv.toml``)."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

import msgspec

from logonscope.knowledge.toml_file import load
from logonscope.readers.text_batches import MOST_CHARACTERS
from logonscope.readers.text_stream import ENCODING_BYTES, text_encoding

csv.field_size_limit(MOST_CHARACTERS)
DELIMITERS = (",", ";", "\t")
_LONGEST_HEADING = 4096


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of table."""

    name: str
    needs: tuple[str, ...]
    """Columns that tell it from any other."""
    columns: dict[str, str]
    """What each column is called in the file, by what it is."""
    is_utc: bool = False
    """Whether its times are in UTC; else they are local times of an unknown zone."""
    message_follows: bool = False
    """Whether the message stands in one more column that has no name."""
    lacks_columns: tuple[str, ...] = ()
    """The columns of an event that it cannot fill, or not exactly, though all of its own are there."""


class _Tables(msgspec.Struct, forbid_unknown_fields=True):
    table: list[Table]


class Heading(NamedTuple):
    """The first line of a table."""

    table: Table
    delimiter: str
    names: list[str]
    """The names of its columns."""
    places: dict[str, int]
    """Which column of the file is what."""


@cache
def tables() -> tuple[Table, ...]:
    """All kinds of tables, those that need more first."""
    return tuple(load("csv.toml", _Tables, "logonscope.readers").table)


def _heading_of(line: str) -> Heading | None:
    """What table begins with a line; None for none that is known."""
    for delimiter in DELIMITERS:
        try:
            names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        for table in tables():
            if set(table.needs) <= set(names):
                return Heading(table, delimiter, names, _places(table, names))
    return None


def _places(table: Table, names: list[str]) -> dict[str, int]:
    known = {name: place for place, name in enumerate(names)}
    found = {what: known[name] for what, name in table.columns.items() if name in known}
    return {"message": len(names)} | found if table.message_follows else found


def is_type_line(line: str) -> bool:
    """Whether a line is the one that ``Export-Csv`` of Windows PowerShell may put before the names."""
    return line.lstrip('\ufeff"').startswith("#TYPE ")


def heading_in(head: bytes) -> Heading | None:
    """What table a file is; None for none that is known.

    Args:
        head: The beginning of the file.
    """
    encoding, mark = text_encoding(head[:ENCODING_BYTES])
    lines = head[mark:].decode(encoding, "replace").split("\n", 2)
    if is_type_line(lines[0]):
        del lines[0]
    return _heading_of(lines[0].rstrip("\r")[:_LONGEST_HEADING]) if lines else None
