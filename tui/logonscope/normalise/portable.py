"""Events that carry their own texts from one process to another: columns of codes become dictionary columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.normalise.batch import EVENT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logonscope.normalise.dims import Dims

_ACCOUNT_COLUMNS = ("account", "target", "subject")
_SOURCE = EVENT_SCHEMA.get_field_index("source")
_ACCOUNT_PARTS = ("sid", "name", "domain")


def with_texts(events: pa.RecordBatch, dims: Dims) -> pa.RecordBatch:
    """Let events carry their texts, and no others: what was read in vain may have left some in the dims.

    Args:
        events: Events (``EVENT_SCHEMA``).
        dims: Whose codes they have.
    """
    coded = pa.DictionaryArray.from_arrays
    columns = {}
    for name, dim in dims.text.items():
        codes, used = _used(events.column(name))
        columns[name] = coded(codes, pa.array([dim.texts[code] for code in used], pa.string()), safe=False)
    codes, used = _used(pa.concat_arrays([events.column(name) for name in _ACCOUNT_COLUMNS]))
    parts = [pa.array([dims.account.accounts[code][part] for code in used], pa.string()) for part in range(3)]
    accounts = pa.StructArray.from_arrays(parts, _ACCOUNT_PARTS)
    for number, name in enumerate(_ACCOUNT_COLUMNS):
        columns[name] = coded(codes.slice(number * len(events), len(events)), accounts, safe=False)
    return _replaced(events, columns)


def with_codes(events: pa.RecordBatch, dims: Dims) -> pa.RecordBatch:
    """The same events with codes again.

    Args:
        events: What ``with_texts`` made.
        dims: Whose codes they get, filled where they lack a text; only one thread may fill them at a time.

    Returns:
        Events (``EVENT_SCHEMA``).
    """
    codes = {name: list(map(dim.code, _texts(events, name).to_pylist())) for name, dim in dims.text.items()}
    parts = [part.to_pylist() for part in _texts(events, _ACCOUNT_COLUMNS[0]).flatten()]
    accounts = list(map(dims.account.code, zip(*parts, strict=True)))
    codes |= dict.fromkeys(_ACCOUNT_COLUMNS, accounts)
    columns = {name: pa.array(found, pa.int32()) for name, found in codes.items()}
    return _replaced(events, {name: column.take(events.column(name).indices) for name, column in columns.items()})


def _used(codes: pa.Array) -> tuple[pa.Array, list[int]]:
    """For each code its place among those that are used, and those."""
    encoded = codes.dictionary_encode()
    return encoded.indices, encoded.dictionary.to_pylist()


def _texts(events: pa.RecordBatch, name: str) -> pa.Array:
    return events.column(name).dictionary


def of_source(events: pa.RecordBatch, source: int) -> pa.RecordBatch:
    """The same events as those of a source."""
    column = pa.repeat(pa.scalar(source, pa.int32()), events.num_rows)
    return events.set_column(_SOURCE, EVENT_SCHEMA.field(_SOURCE), column)


def _replaced(batch: pa.RecordBatch, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [columns.get(name, batch.column(name)) for name in EVENT_SCHEMA.names], EVENT_SCHEMA.names
    )
