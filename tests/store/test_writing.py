"""Rows are written in whole row groups where there are enough of them, and none is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.normalise.batch import EVENT_SCHEMA
from logonscope.store.case_store import CaseStore, Writer

if TYPE_CHECKING:
    from pathlib import Path


def events(first: int, count: int) -> pa.RecordBatch:
    records = [{"source": 1, "record_id": record_id} for record_id in range(first, first + count)]
    return pa.RecordBatch.from_pylist(records, schema=EVENT_SCHEMA)


def written(store: CaseStore) -> list[tuple[int, int]]:
    return store.cursor().execute("SELECT row, record_id FROM event ORDER BY row").fetchall()


def test_a_part_of_a_row_group_waits_for_the_rest_of_it(tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    writer = Writer(store, rows_per_write=10)
    assert writer.add_events(events(100, 25))
    assert written(store) == [(row, 100 + row) for row in range(20)]
    assert not writer.add_events(events(125, 3))
    assert writer.add_events(events(128, 2))
    assert written(store) == [(row, 100 + row) for row in range(30)]
    writer.add_events(events(130, 1))
    writer.flush()
    assert written(store) == [(row, 100 + row) for row in range(31)]
    store.close()
