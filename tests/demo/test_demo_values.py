"""Any value of any field comes out of the file as it went in."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from demo_logs import FIRST_TIME, libevtx_texts, python_evtx_texts, rust_events
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.records import EventData, EventKind, Field, FieldType, FieldValue, Provider, Record, filetime

TYPES = (
    FieldType.UNICODE_STRING,
    FieldType.UINT8,
    FieldType.UINT16,
    FieldType.UINT32,
    FieldType.INT32,
    FieldType.UINT64,
    FieldType.BOOLEAN,
    FieldType.GUID,
    FieldType.POINTER,
    FieldType.FILETIME,
    FieldType.SID,
    FieldType.HEX_INT32,
    FieldType.HEX_INT64,
)
KIND = EventKind(
    Provider("Logonscope-Test"), 1, "Security", payload=EventData(tuple(Field(str(name), name) for name in TYPES))
)

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
_sids = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8).map(
    lambda parts: "-".join(["S-1-5", *map(str, parts)])
)
_times = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))
_values: st.SearchStrategy[tuple[FieldValue, ...]] = st.tuples(
    _texts,
    st.integers(0, 2**8 - 1),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(0, 2**64 - 1),
    st.booleans(),
    st.uuids().map(str),
    st.integers(0, 2**64 - 1),
    _times.map(filetime),
    _sids,
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**64 - 1),
)


def _shown(field_type: FieldType, value: FieldValue) -> object:
    """How the Rust parser shows a value."""
    match field_type:
        case FieldType.GUID:
            return str(UUID(str(value))).upper()
        case FieldType.POINTER | FieldType.HEX_INT32 | FieldType.HEX_INT64:
            return hex(int(str(value)))
        case _:
            return value


@settings(max_examples=150, deadline=None)
@given(st.lists(_values, min_size=1, max_size=5))
def test_every_value_comes_back(rows: list[tuple[FieldValue, ...]]) -> None:
    log = encode_log(Record(KIND, number, FIRST_TIME, "WS01", row) for number, row in enumerate(rows, start=1))
    events, complaints = rust_events(log)
    assert complaints == []
    for event, row in zip(events, rows, strict=True):
        shown = event["EventData"]
        for field_type, value in zip(TYPES, row, strict=True):
            if field_type is not FieldType.FILETIME:
                assert shown[str(field_type)] == _shown(field_type, value)
    assert len(libevtx_texts(log)) == len(rows)
    assert len(python_evtx_texts(log)) == len(rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(_texts, min_size=1, max_size=60), st.integers(1, 2**62), _texts.filter(bool))
def test_system_values_come_back(names: list[str], first_id: int, computer: str) -> None:
    records = [
        Record(KIND, first_id + number, FIRST_TIME, computer, (name, *[None] * (len(TYPES) - 1)))
        for number, name in enumerate(names)
    ]
    events, complaints = rust_events(encode_log(records))
    assert complaints == []
    assert [event["System"]["EventRecordID"] for event in events] == [record.record_id for record in records]
    assert {event["System"]["Computer"] for event in events} == {computer}
