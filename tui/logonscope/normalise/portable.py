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
    """Let events carry their texts.

    Args:
        events: Events (``EVENT_SCHEMA``).
        dims: Whose codes they have.
    """
    texts = {name: pa.array(dim.texts, pa.string()) for name, dim in dims.text.items()}
    parts = [pa.array(part, pa.string()) for part in zip(*dims.account.accounts, strict=True)]
    texts |= dict.fromkeys(_ACCOUNT_COLUMNS, pa.StructArray.from_arrays(parts, _ACCOUNT_PARTS))
    coded = pa.DictionaryArray.from_arrays
    return _replaced(events, {name: coded(events.column(name), found, safe=False) for name, found in texts.items()})


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
