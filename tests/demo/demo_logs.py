"""What the tests of the demo logs share: a first time, and the three readers that have to read them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import evtx
import pyevtx
from Evtx.Evtx import FileHeader
from Evtx.Evtx import Record as OldRecord

from support.logs import after_eight

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_TIME = after_eight(0)
"""2026-03-02 08:00 UTC in 100 ns since 1601."""
TICKS = 10_000_000
"""100 ns in a second."""


def rust_events(log: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """What the Rust parser reads: the events, and its complaints."""
    events: list[dict[str, Any]] = []
    complaints: list[str] = []
    reading: Iterator[Any] = evtx.PyEvtxParser(io.BytesIO(log)).records_json()
    while True:
        try:
            events.append(json.loads(next(reading)["data"])["Event"])
        except StopIteration:
            return events, complaints
        except (RuntimeError, OSError) as complaint:
            complaints.append(str(complaint))


def libevtx_texts(log: bytes) -> list[str]:
    """What libevtx reads, as XML; fails when it finds the log corrupted."""
    source = pyevtx.file()
    source.open_file_object(io.BytesIO(log))
    assert not source.is_corrupted()
    assert source.get_number_of_recovered_records() == 0
    return [source.get_record(number).get_xml_string() for number in range(source.get_number_of_records())]


def python_evtx_texts(log: bytes) -> list[str]:
    """What python-evtx reads, as XML; fails when a checksum does not hold."""
    header = FileHeader(log, 0)
    assert header.verify()
    chunks = [chunk for chunk in header.chunks() if chunk.file_first_record_number() <= chunk.file_last_record_number()]
    assert all(chunk.verify() for chunk in header.chunks())
    records: list[OldRecord] = [record for chunk in chunks for record in chunk.records()]
    return [record.xml() for record in records]


def record_ids(log: bytes) -> list[int]:
    """EventRecordIDs in the order of the Rust parser, which must have no complaint."""
    events, complaints = rust_events(log)
    assert complaints == []
    return [event["System"]["EventRecordID"] for event in events]
