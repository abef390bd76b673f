"""Typed columns as texts, whole columns at a time: as JSON has them, and as cells of CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.display import hex_id, sanitise

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.export.fields import Kind

_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""Also in full width, which some spreadsheets take for the same."""
_BEGINS_FORMULA = f"^[{re.escape(_FORMULA)}](?s:.)"
_FROM_LOGS: frozenset[Kind] = frozenset(("text", "texts", "fields"))
"""Kinds whose values the logs give; all others are numbers and what is made of numbers."""
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")


def shown(kind: Kind, column: pa.Array, batch: pa.RecordBatch) -> pa.Array:
    """A column as forms of text show it: times and logon IDs as texts, all else as it is.

    Args:
        kind: Of the column.
        column: The column.
        batch: What it belongs to.
    """
    if kind == "exact time":
        return _stamped(column, pc.binary_join_element_wise(batch.column("tick").cast(pa.string()), "Z", ""))
    if kind == "time":
        return _stamped(column, "Z")
    if kind == "hex":
        return _distinct(column, hex_id)
    if kind == "hexes":
        return _of_parts(column, lambda parts: _distinct(parts, hex_id))
    return column


def json_values(kind: Kind, column: pa.Array) -> pa.Array:
    """A column that ``shown`` gave as JSON in ASCII: no character of a log reaches a terminal raw.

    Returns:
        One text a row; null where the value is.
    """
    if kind == "fields":
        return _printable(column, _escaped)
    if pa.types.is_list(column.type):
        joined = pc.binary_join(_of_parts(column, _json_scalars), ", ")
        return pc.binary_join_element_wise("[", joined, "]", "")
    return _json_scalars(column)


def csv_cells(kind: Kind, column: pa.Array) -> pa.Array:
    """A column that ``shown`` gave as CSV has it: one line, and an apostrophe before what a spreadsheet would run."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(_of_parts(column, lambda parts: parts.cast(pa.string())), " ")
    if kind not in _FROM_LOGS:
        return column
    harmless = _printable(column, sanitise)
    is_formula = pc.match_substring_regex(harmless, _BEGINS_FORMULA)
    if not pc.any(is_formula).as_py():
        return harmless
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", harmless, ""), harmless)


def _stamped(column: pa.Array, rest: pa.Array | str) -> pa.Array:
    naive = column.cast(pa.timestamp("us")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(naive, 10, 11, "T"), rest, "")


def _json_scalars(column: pa.Array) -> pa.Array:
    return _quoted(column) if pa.types.is_string(column.type) else column.cast(pa.string())


def _quoted(column: pa.Array) -> pa.Array:
    escaped = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
    return pc.binary_join_element_wise('"', _printable(escaped, _escaped), '"', "")


def _escaped(text: str) -> str:
    return _NOT_PRINTABLE.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))


def _printable(column: pa.Array, make: Callable[[str], str]) -> pa.Array:
    """The texts that are not printable ASCII made so, each for itself: they are few."""
    odd = pc.invert(pc.fill_null(pc.ascii_is_printable(column), fill_value=True))
    if not pc.any(odd).as_py():
        return column
    made = [make(text) for text in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(column, odd, pa.array(made, pa.string()))


def _distinct(column: pa.Array, tell: Callable[[int], str]) -> pa.Array:
    """Numbers as texts, each number once."""
    encoded = column.dictionary_encode()
    return pa.array([tell(number) for number in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _of_parts(column: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column of lists with all their parts changed."""
    parts = change(column.flatten())
    lengths = pc.fill_null(column.value_lengths(), 0).to_pylist()
    offsets = [0]
    for length in lengths:
        offsets.append(offsets[-1] + length)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), parts, mask=column.is_null())
