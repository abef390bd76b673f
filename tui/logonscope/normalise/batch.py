"""A batch of raw records -> an Arrow record batch of event columns.

Work is done a column at a time with C-level maps: a Python loop over the fields of each record would cost more
than parsing the record does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.normalise import values
from logonscope.normalise.cached import Cached, looked_up
from logonscope.normalise.decode import (
    Correlation,
    Layout,
    Layouts,
    Record,
    System,
    decode_record,
    field_columns,
    no_fields,
    user_data_fields,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.dims import Dims
    from logonscope.readers.raw import RawBatch

EVENT_SCHEMA = pa.schema(
    [
        ("source", pa.int32()),
        ("header_id", pa.uint64()),
        ("record_id", pa.uint64()),
        ("time", pa.timestamp("us")),
        ("tick", pa.uint8()),
        ("computer", pa.int32()),
        ("channel", pa.int32()),
        ("provider", pa.int32()),
        ("event_id", pa.int32()),
        ("version", pa.uint8()),
        ("level", pa.uint8()),
        ("outcome", pa.uint8()),
        ("account", pa.int32()),
        ("target", pa.int32()),
        ("subject", pa.int32()),
        ("logon_id", pa.uint64()),
        ("subject_logon_id", pa.uint64()),
        ("linked_logon_id", pa.uint64()),
        ("logon_type", pa.uint8()),
        ("elevated", pa.bool_()),
        ("status", pa.uint32()),
        ("sub_status", pa.uint32()),
        ("source_ip", pa.int32()),
        ("source_port", pa.uint16()),
        ("workstation", pa.int32()),
        ("process", pa.int32()),
        ("logon_process", pa.int32()),
        ("package", pa.int32()),
        ("object", pa.int32()),
        ("session_number", pa.int32()),
        ("activity", pa.int32()),
        ("clock_step", pa.int64()),
        ("event_data", pa.string()),
    ]
)

_SYSTEM = attrgetter("EventID", "Version", "Level", "Keywords", "EventRecordID", "Channel", "Computer", "Correlation")
_FIELDS = attrgetter(*field_columns())
_MICROSECOND_DIGITS = 26


class Normaliser:
    """Turns raw batches into event batches, filling the dims of one case as it goes.

    Args:
        dims: The case's dims; only one thread may normalise into them at a time.
    """

    def __init__(self, dims: Dims) -> None:
        self._dims = dims
        self._layouts = Layouts()
        self._numbers = {
            "version": Cached(values.small),
            "level": Cached(values.small),
            "outcome": Cached(values.outcome),
            "event_id": Cached(values.event_id),
            "logon_type": Cached(values.small),
            "elevated": Cached(values.yes_no),
            "status": Cached(values.uint32),
            "sub_status": Cached(values.uint32),
            "source_port": Cached(values.port),
            "session_number": Cached(values.session_number),
            "logon_id": Cached(values.uint64),
        }

    def __call__(self, raw: RawBatch, source: int) -> tuple[pa.RecordBatch, list[int]]:
        """Normalise one batch.

        Args:
            raw: Records of one source.
            source: The source's number.

        Returns:
            The event columns (``EVENT_SCHEMA``), one row a record, and the positions of the records that could not
            be understood or name no provider: those keep what was understood, at least their header ID.
        """
        records, bad = _decode(raw.texts)
        columns = self._system_columns(records, raw)
        layouts = [
            self._layouts[provider, event_id]
            for provider, event_id in zip(self._provider_names(columns), columns["event_id"], strict=True)
        ]
        texts = [_field_text(record) for record in records]
        columns |= self._field_columns(layouts, texts)
        columns["activity"] = self._activities(records, layouts)
        columns["event_data"] = pa.array(texts, pa.binary()).cast(pa.string())
        columns["source"] = [source] * len(records)
        nameless = [position for position, code in enumerate(columns["provider"]) if not code]
        return _record_batch(columns), sorted({*bad, *nameless})

    def _provider_names(self, columns: dict[str, Any]) -> list[str]:
        names = self._dims.text["provider"].texts
        return [names[code] for code in columns["provider"]]

    def _system_columns(self, records: list[Record], raw: RawBatch) -> dict[str, Any]:
        systems = [record.Event.System for record in records]
        event_ids, versions, levels, keywords, record_ids, channels, computers, _ = _transposed(
            list(map(_SYSTEM, systems)), 8
        )
        time, tick = _times(systems, raw.stamps)
        return {
            "header_id": raw.header_ids,
            "record_id": [
                known if (known := values.uint64(record_id)) is not None else header_id
                for record_id, header_id in zip(record_ids, raw.header_ids, strict=True)
            ],
            "time": time,
            "tick": tick,
            "provider": looked_up(self._dims.text["provider"], [_provider_name(system) for system in systems]),
            "channel": looked_up(self._dims.text["channel"], channels),
            "computer": looked_up(self._dims.text["computer"], computers),
            "event_id": looked_up(self._numbers["event_id"], event_ids),
            "version": looked_up(self._numbers["version"], versions),
            "level": looked_up(self._numbers["level"], levels),
            "outcome": looked_up(self._numbers["outcome"], keywords),
        }

    def _field_columns(self, layouts: list[Layout], texts: list[bytes]) -> dict[str, Any]:
        rows = [
            _fields(layout, text) if text else _FIELDS(no_fields()) for layout, text in zip(layouts, texts, strict=True)
        ]
        found = dict(zip(field_columns(), _transposed(rows, len(field_columns())), strict=True))
        columns: dict[str, Any] = {
            name: looked_up(self._dims.text[name], found[name])
            for name in ("source_ip", "workstation", "process", "logon_process", "package", "object")
        }
        for name in ("logon_type", "elevated", "status", "sub_status", "source_port", "session_number"):
            columns[name] = looked_up(self._numbers[name], found[name])
        logon_ids = self._numbers["logon_id"]
        for name in ("target_logon_id", "subject_logon_id", "linked_logon_id"):
            columns[name] = looked_up(logon_ids, found[name])
        logon_ids.trim()
        for side in ("target", "subject"):
            names = zip(*(found[f"{side}_{part}"] for part in ("sid", "name", "domain")), strict=True)
            columns[side] = looked_up(self._dims.account, list(names))
        columns["clock_step"] = list(map(_clock_step, found["time_before"], found["time_after"]))
        columns["account"], columns["logon_id"] = _about(layouts, columns)
        del columns["target_logon_id"]
        return columns

    def _activities(self, records: list[Record], layouts: list[Layout]) -> list[int]:
        dim = self._dims.text["activity"]
        raw = [
            correlation.attributes.ActivityID
            if layout.known and isinstance(correlation := record.Event.System.Correlation, Correlation)
            else None
            for record, layout in zip(records, layouts, strict=True)
        ]
        return looked_up(dim, raw)


def _decode(texts: list[str]) -> tuple[list[Record], list[int]]:
    try:
        return list(map(decode_record, texts)), []
    except (msgspec.DecodeError, RecursionError):
        pass
    records: list[Record] = []
    bad: list[int] = []
    for position, text in enumerate(texts):
        try:
            records.append(decode_record(text))
        except (msgspec.DecodeError, RecursionError):
            records.append(decode_record('{"Event":{"System":{}}}'))
            bad.append(position)
    return records, bad


def _provider_name(system: System) -> Any:
    provider = system.Provider
    return None if provider is None else provider.attributes.Name or provider.attributes.EventSourceName


def _field_text(record: Record) -> bytes:
    event = record.Event
    data = bytes(event.EventData)
    if data and data != b"null":
        return data
    user = bytes(event.UserData)
    return user_data_fields(event.UserData) if user and user != b"null" else b""


def _fields(layout: Layout, text: bytes) -> Any:
    if layout.decode is None:
        return _FIELDS(no_fields())
    try:
        return _FIELDS(layout.decode(text) or no_fields())
    except (msgspec.DecodeError, RecursionError):
        return _FIELDS(no_fields())


def _transposed(rows: list[Any], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _about(layouts: list[Layout], columns: dict[str, Any]) -> tuple[list[int], list[int | None]]:
    accounts: list[int] = []
    logon_ids: list[int | None] = []
    for layout, target, subject, target_id, subject_id in zip(
        layouts,
        columns["target"],
        columns["subject"],
        columns["target_logon_id"],
        columns["subject_logon_id"],
        strict=True,
    ):
        if layout.about == 1 and target:
            accounts.append(target)
            logon_ids.append(target_id)
        elif layout.about and subject:
            accounts.append(subject)
            logon_ids.append(subject_id)
        else:
            accounts.append(target if layout.about else 0)
            logon_ids.append((target_id or subject_id) if layout.about else None)
    return accounts, logon_ids


def _clock_step(before: Any, after: Any) -> int | None:
    if before is None or after is None:
        return None
    try:
        step = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    except (TypeError, ValueError):
        return None
    return step.days * 86_400_000_000 + step.seconds * 1_000_000 + step.microseconds


def _times(systems: list[System], stamps: list[str]) -> tuple[pa.Array, pa.Array]:
    """Times to the microsecond from TimeCreated, or from the header where that is missing.

    The last digit, which TimeCreated lacks, comes from the header where the two agree.
    """
    created = [None if (t := system.TimeCreated) is None else t.attributes.SystemTime for system in systems]
    try:
        texts = pc.utf8_rtrim(pc.utf8_slice_codeunits(pa.array(created, pa.string()), 0, _MICROSECOND_DIGITS), "Z")
        time = texts.cast(pa.timestamp("us"))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return _slow_times(created, stamps)
    if time.null_count:
        return _slow_times(created, stamps)
    stamped = pa.array(stamps, pa.string())
    same = pc.equal(pc.utf8_slice_codeunits(stamped, 0, _MICROSECOND_DIGITS), texts)
    digit = pc.utf8_slice_codeunits(stamped, _MICROSECOND_DIGITS, _MICROSECOND_DIGITS + 1)
    return time, pc.if_else(pc.and_(same, pc.utf8_is_digit(digit)), digit, "0").cast(pa.uint8())


def _slow_times(created: list[Any], stamps: list[str]) -> tuple[pa.Array, pa.Array]:
    times = [_time(value) or _time(stamp.removesuffix(" UTC")) for value, stamp in zip(created, stamps, strict=True)]
    return pa.array(times, pa.timestamp("us")), pa.array([0] * len(times), pa.uint8())


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (TypeError, ValueError, OverflowError):
        return None


def _record_batch(columns: dict[str, Any]) -> pa.RecordBatch:
    arrays = [
        column if isinstance(column := columns[field.name], pa.Array) else pa.array(column, field.type)
        for field in EVENT_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA)
