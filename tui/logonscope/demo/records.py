"""The records to write: what kind of event each one is, and what this one says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

FieldValue = str | int | bytes | tuple[str, ...] | None
"""A value of one field. None is written as the NULL type, which readers show as an empty element."""

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class FieldType(StrEnum):
    """The type of a field, by the name that event manifests give it (winmeta ``inType``)."""

    UNICODE_STRING = "UnicodeString"
    ANSI_STRING = "AnsiString"
    UINT8 = "UInt8"
    UINT16 = "UInt16"
    UINT32 = "UInt32"
    INT32 = "Int32"
    UINT64 = "UInt64"
    BOOLEAN = "Boolean"
    BINARY = "Binary"
    GUID = "GUID"
    POINTER = "Pointer"
    FILETIME = "FILETIME"
    SID = "SID"
    HEX_INT32 = "HexInt32"
    HEX_INT64 = "HexInt64"
    STRING_ARRAY = "UnicodeString[]"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who writes an event."""

    name: str
    guid: str | None = None
    """A GUID; one in braces is written as text, as Windows does for its older providers."""
    event_source: str | None = None
    """The EventSourceName attribute of a provider that has a manifest and an old source name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event: its name, its type, and what it says when a record does not give it."""

    name: str
    type: FieldType
    default: FieldValue = None
    required: bool = False
    """Whether every record has to give it."""


@dataclass(frozen=True, slots=True, eq=False)
class EventData:
    """Named values: ``<EventData><Data Name="...">``."""

    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class UserData:
    """Values as elements of their own: ``<UserData><root xmlns="namespace"><field>``."""

    root: str
    namespace: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ClassicData:
    """Unnamed strings and a binary: ``<EventData><Data>...<Binary>``, as the old event log API writes."""

    fields: tuple[Field, ...] = (
        Field("Data", FieldType.STRING_ARRAY, required=True),
        Field("Binary", FieldType.BINARY),
    )


Payload = EventData | UserData | ClassicData


@dataclass(frozen=True, slots=True, eq=False)
class EventKind:
    """What all records of one event and version have in common. Kinds are compared by identity."""

    provider: Provider
    event_id: int
    channel: str
    version: int = 0
    level: int = 0
    task: int = 0
    opcode: int = 0
    keywords: int = 0
    qualifiers: int | None = None
    """The Qualifiers attribute on EventID that events of the old API have."""
    payload: Payload = EventData()

    def fill(self, **given: FieldValue) -> tuple[FieldValue, ...]:
        """Put named values into the order of the fields, with defaults where none is given.

        Args:
            given: Values by field name.

        Returns:
            One value per field.

        Raises:
            KeyError: If a name is not a field of this event, or a required field is missing.
        """
        values = tuple(
            given.pop(field.name) if field.required else given.pop(field.name, field.default)
            for field in self.payload.fields
        )
        if given:
            raise KeyError(f"event {self.event_id} version {self.version} has no field {next(iter(given))!r}")
        return values


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an event log."""

    kind: EventKind
    record_id: int
    """EventRecordID."""
    time: int
    """When it was written: UTC, in 100 ns since 1601 (FILETIME)."""
    computer: str
    values: tuple[FieldValue, ...] = ()
    """One value per field of the kind's payload, in their order."""
    process_id: int = 0
    thread_id: int = 0
    user_sid: str | None = None
    """The account the writer ran as (Security/@UserID)."""
    activity_id: str | None = None
    """GUID that joins records of one activity (Correlation/@ActivityID)."""

    @property
    def fields(self) -> dict[str, FieldValue]:
        """The values by field name."""
        return {field.name: value for field, value in zip(self.kind.payload.fields, self.values, strict=True)}


def filetime(moment: datetime) -> int:
    """A moment as Windows counts it.

    Args:
        moment: A time that knows its zone.

    Returns:
        100 ns since 1601-01-01 UTC.
    """
    return (moment - _FILETIME_EPOCH) // timedelta(microseconds=1) * 10


def moment(filetime: int) -> datetime:
    """The inverse of `filetime`, in UTC, without the last tenth of a microsecond."""
    return _FILETIME_EPOCH + timedelta(microseconds=filetime // 10)
