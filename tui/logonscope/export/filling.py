"""Templates of words filled for whole columns at once, as ``knowledge.words.fill`` does for one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.knowledge.words import NONE, template_parts, template_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def fill_columns(template: str, lookup: Callable[[str], pa.Array], rows: int) -> pa.Array:
    """Fill a template.

    Args:
        template: As ``knowledge.words.fill`` has it.
        lookup: Gives the texts of a field, null where there is none.
        rows: How many rows there are.

    Returns:
        A text for each row.
    """
    parts = [_filled(part, lookup, rows, optional=optional) for optional, part in template_parts(template)]
    return pc.binary_join_element_wise(*parts, "")


def _filled(part: str, lookup: Callable[[str], pa.Array], rows: int, *, optional: bool) -> pa.Array:
    texts, names = template_pieces(part)[::2], template_pieces(part)[1::2]
    pieces: list[Any] = [pa.repeat(texts[0], rows)]
    for name, text in zip(names, texts[1:], strict=True):
        pieces += [lookup(name) if optional else pc.fill_null(lookup(name), NONE), text]
    return pc.fill_null(pc.binary_join_element_wise(*pieces, ""), "")


def distinct_texts(columns: Sequence[pa.Array], tell: Callable[[tuple[Any, ...]], str]) -> pa.Array:
    """Tell a text for each row, asking once for rows that have the same values.

    Args:
        columns: The columns.
        tell: Gets the values of a row.

    Returns:
        The texts, null for an empty one.
    """
    if len(columns) == 1:
        encoded = columns[0].dictionary_encode(null_encoding="encode")
        rows = list(zip(encoded.dictionary.to_pylist(), strict=True))
    else:
        encoded, rows = _rows_once(columns)
    return pa.array([text or None for text in map(tell, rows)], pa.string()).take(encoded.indices)


def _rows_once(columns: Sequence[pa.Array]) -> tuple[pa.DictionaryArray, list[tuple[Any, ...]]]:
    """Rows of several columns, each different one once: every one gets a number, which is taken apart again."""
    tables = [column.dictionary_encode(null_encoding="encode") for column in columns]
    whole = pa.repeat(pa.scalar(0, pa.int64()), len(columns[0]))
    for table in tables:
        whole = pc.add(pc.multiply(whole, len(table.dictionary)), table.indices.cast(pa.int64()))
    encoded = whole.dictionary_encode()
    parts, left = [], encoded.dictionary
    for table in reversed(tables):
        size = len(table.dictionary)
        rest = pc.divide(left, size)
        parts.append(table.dictionary.take(pc.subtract(left, pc.multiply(rest, size))).to_pylist())
        left = rest
    return encoded, list(zip(*reversed(parts), strict=True))
