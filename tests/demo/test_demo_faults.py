"""What the Rust parser, and libevtx's recovery, make of each fault."""

from __future__ import annotations

import io
from struct import Struct

import pyevtx
import pytest
from demo_logs import TICKS, record_ids, rust_events

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.demo.records import Record
from support.logs import note

RECORDS = [note(number) for number in range(1, 301)]
LOG = encode_log(RECORDS)
ALL = [*range(1, 301)]
CHUNKS = (len(LOG) - FILE_HEADER_SIZE) // CHUNK_SIZE


def _chunk_ids(chunk: int) -> range:
    """The record IDs of a chunk, from its header."""
    first, last = Struct("<QQ").unpack_from(LOG, FILE_HEADER_SIZE + chunk * CHUNK_SIZE + 8)
    return range(first, last + 1)


def _ids(log: bytes) -> tuple[list[int], list[str]]:
    events, complaints = rust_events(log)
    return [event["System"]["EventRecordID"] for event in events], complaints


def _is_corrupted(log: bytes) -> bool:
    source = pyevtx.file()
    source.open_file_object(io.BytesIO(log))
    corrupted: bool = source.is_corrupted()
    return corrupted


def test_the_sound_log() -> None:
    assert record_ids(LOG) == ALL
    assert not _is_corrupted(LOG)


def test_dirty_header_with_a_stale_count() -> None:
    log = faults.dirty_header(LOG, unsaved_chunks=2)
    assert log[120] == 1
    assert int.from_bytes(log[42:44], "little") == CHUNKS - 2
    assert record_ids(log) == ALL
    assert _is_corrupted(log)


def test_wrong_header_checksum() -> None:
    log = faults.wrong_header_checksum(LOG)
    assert record_ids(log) == ALL
    assert _is_corrupted(log)


def test_truncated() -> None:
    whole_chunk = faults.truncated(LOG, FILE_HEADER_SIZE + CHUNK_SIZE)
    assert record_ids(whole_chunk) == [*_chunk_ids(0)]
    in_a_chunk = faults.truncated(LOG, FILE_HEADER_SIZE + CHUNK_SIZE + 20_000)
    assert _ids(in_a_chunk)[0] == [*_chunk_ids(0)]
    with pytest.raises(OSError):
        rust_events(faults.truncated(LOG, 100))


def test_chunk_without_magic_is_lost() -> None:
    ids, complaints = _ids(faults.without_chunk_magic(LOG, 1))
    assert ids == [number for number in ALL if number not in _chunk_ids(1)]
    assert "chunk header magic" in complaints[0]


def test_wrong_chunk_checksum_is_not_noticed() -> None:
    log = faults.wrong_chunk_checksum(LOG, 1)
    assert record_ids(log) == ALL
    assert _is_corrupted(log)


@pytest.mark.parametrize("damaged", [1, 10, 300])
def test_broken_record_costs_itself(damaged: int) -> None:
    """Also when it is the one that defines the templates of its neighbours."""
    ids, complaints = _ids(faults.broken_record(LOG, damaged))
    assert ids == [number for number in ALL if number != damaged]
    assert f"record number {damaged}" in complaints[0]


def test_zero_record_size_costs_the_rest_of_its_chunk() -> None:
    ids, complaints = _ids(faults.zero_record_size(LOG, 10))
    assert ids == [*range(1, 10), *range(_chunk_ids(1)[0], 301)]
    assert "record data size" in complaints[0]


def test_hidden_record_is_stepped_over() -> None:
    log = faults.hidden_record(LOG, 10)
    assert record_ids(log) == [number for number in ALL if number != 10]
    with pytest.raises(KeyError):
        faults.hidden_record(LOG, _chunk_ids(1)[0])


def test_no_such_record() -> None:
    with pytest.raises(KeyError):
        faults.broken_record(LOG, 1000)


def test_preallocated_space_is_nothing() -> None:
    log = faults.preallocated(LOG, 3)
    assert len(log) == len(LOG) + 3 * CHUNK_SIZE
    assert record_ids(log) == ALL
    assert not _is_corrupted(log)


def test_wrapped_log_is_read_in_the_order_of_the_file() -> None:
    log = faults.wrapped(LOG, newest=2)
    ids = record_ids(log)
    assert sorted(ids) == ALL
    assert ids[0] > ids[-1]


def test_gap_in_the_record_ids() -> None:
    log = encode_log(faults.with_gap(RECORDS, range(50, 60)))
    assert record_ids(log) == [*range(1, 50), *range(60, 301)]


def test_clock_set_back() -> None:
    records = faults.clock_set_back(RECORDS, from_id=100, seconds=3600)
    assert records[98] == RECORDS[98]
    assert records[99].time == RECORDS[99].time - 3600 * TICKS
    assert record_ids(encode_log(records)) == ALL


def test_forwarded_log_holds_several_computers() -> None:
    others = [Record(record.kind, record.record_id, record.time + 1, "WS02", record.values) for record in RECORDS]
    log = encode_log(faults.forwarded(RECORDS, others), first_header_id=1)
    events, complaints = rust_events(log)
    assert complaints == []
    assert [event["System"]["Computer"] for event in events[:4]] == ["WS01", "WS02", "WS01", "WS02"]
    assert [event["System"]["EventRecordID"] for event in events[:4]] == [1, 1, 2, 2]
