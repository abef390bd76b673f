"""Events that carry their own texts from one process to another: columns of codes become dictionary columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.normalise.batch import EVENT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logonscope.normalise.dims import Dims

_ACCOUNT_COLUMNS = ("account", "target", "subject")
_ACCOUNT_PARTS = ("sid", "name", "domain")


def with_texts(batches: Iterable[pa.RecordBatch], dims: Dims) -> list[pa.RecordBatch]:
    """Let batches carry their texts.

    Args:
        batches: Events (``EVENT_SCHEMA``) whose codes are those of the dims.
        dims: All that the batches have in common.
    """
    texts = {name: pa.array(dim.texts, pa.string()) for name, dim in dims.text.items()}
    parts = [pa.array(part, pa.string()) for part in zip(*dims.account.accounts, strict=True)]
    texts |= dict.fromkeys(_ACCOUNT_COLUMNS, pa.StructArray.from_arrays(parts, _ACCOUNT_PARTS))
    return [_with_texts(batch, texts) for batch in batches]


def _with_texts(batch: pa.RecordBatch, texts: Mapping[str, pa.Array]) -> pa.RecordBatch:
    coded = pa.DictionaryArray.from_arrays
    return _replaced(batch, {name: coded(batch.column(name), found, safe=False) for name, found in texts.items()})


def codes_in(dims: Dims, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """The codes that the texts of a batch have in other dims, which are filled where they lack one.

    Args:
        dims: The other dims; only one thread may fill them at a time.
        batch: What ``with_texts`` made. All batches that were made together have the same codes.

    Returns:
        By column, the code of each text.
    """
    codes = {name: list(map(dim.code, _texts(batch, name).to_pylist())) for name, dim in dims.text.items()}
    parts = [part.to_pylist() for part in _texts(batch, _ACCOUNT_COLUMNS[0]).flatten()]
    accounts = list(map(dims.account.code, zip(*parts, strict=True)))
    codes |= dict.fromkeys(_ACCOUNT_COLUMNS, accounts)
    return {name: pa.array(found, pa.int32()) for name, found in codes.items()}


def _texts(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(name).dictionary


def with_codes(batch: pa.RecordBatch, codes: Mapping[str, pa.Array], source: int) -> pa.RecordBatch:
    """The same events with codes again.

    Args:
        batch: What ``with_texts`` made.
        codes: What ``codes_in`` gave for it.
        source: The number of their source.

    Returns:
        Events (``EVENT_SCHEMA``).
    """
    columns = {name: found.take(batch.column(name).indices) for name, found in codes.items()}
    return _replaced(batch, columns | {"source": pa.repeat(pa.scalar(source, pa.int32()), batch.num_rows)})


def _replaced(batch: pa.RecordBatch, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [columns.get(name, batch.column(name)) for name in EVENT_SCHEMA.names], EVENT_SCHEMA.names
    )
