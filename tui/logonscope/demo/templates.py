"""The two templates of a record: the System part that every event has, and the payload of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING

from logonscope.demo.binxml import Element, Slot
from logonscope.demo.records import ClassicData, EventData, FieldType, UserData
from logonscope.demo.values import BINXML, CODECS, Cell, Encoder

if TYPE_CHECKING:
    from logonscope.demo.records import EventKind, Payload, Record

_EVENT_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"

# What every record of a kind says alike stands first, so that it is encoded once; the rest follows.
_SYSTEM_SLOTS = {
    "Provider": FieldType.UNICODE_STRING,
    "Guid": FieldType.GUID,
    "EventSourceName": FieldType.UNICODE_STRING,
    "EventID": FieldType.UINT16,
    "Qualifiers": FieldType.UINT16,
    "Version": FieldType.UINT8,
    "Level": FieldType.UINT8,
    "Task": FieldType.UINT16,
    "Opcode": FieldType.UINT8,
    "Keywords": FieldType.HEX_INT64,
    "Channel": FieldType.UNICODE_STRING,
    "SystemTime": FieldType.FILETIME,
    "EventRecordID": FieldType.UINT64,
    "ActivityID": FieldType.GUID,
    "ProcessID": FieldType.UINT32,
    "ThreadID": FieldType.UINT32,
    "Computer": FieldType.UNICODE_STRING,
    "UserID": FieldType.SID,
}


def _encoders(names: str) -> list[Encoder]:
    return [CODECS[_SYSTEM_SLOTS[name]][1] for name in names.split()]


_KIND_ENCODERS = _encoders(
    "Provider Guid EventSourceName EventID Qualifiers Version Level Task Opcode Keywords Channel"
)
_RECORD_ENCODERS = _encoders("SystemTime EventRecordID ActivityID ProcessID ThreadID Computer UserID")
_encode_text = CODECS[FieldType.UNICODE_STRING][1]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """An XML tree with slots, and the GUID that records name it by. Compared by identity."""

    root: Element
    guid: bytes


@dataclass(frozen=True, slots=True)
class KindTemplates:
    """What the writer needs to know about one kind of event."""

    system: Template
    payload: Template
    encoders: tuple[Encoder, ...]
    """One for each field of the payload."""
    kind_cells: tuple[Cell, ...]
    """The values that all records of the kind have in common."""

    def payload_cells(self, record: Record) -> list[Cell]:
        """The values of a record's payload.

        Raises:
            ValueError: If a value does not fit its field, or there are too many or too few.
        """
        return [encode(value) for encode, value in zip(self.encoders, record.values, strict=True)]

    def system_cells(self, record: Record) -> list[Cell]:
        """The values of a record's System part; the payload is one more, after them."""
        own = (
            record.time,
            record.record_id,
            record.activity_id,
            record.process_id,
            record.thread_id,
            record.computer,
            record.user_sid,
        )
        return [
            *self.kind_cells,
            *[encode(value) for encode, value in zip(_RECORD_ENCODERS, own, strict=True)],
        ]


def templates_of(kind: EventKind, payloads: dict[Payload, Template]) -> KindTemplates:
    """The templates of a kind.

    Args:
        kind: The kind of event.
        payloads: The payload templates made so far; kinds may share them.
    """
    payload = kind.payload
    if payload not in payloads:
        payloads[payload] = _template(_payload_tree(payload))
    return KindTemplates(
        system=_USER_EVENT if isinstance(payload, UserData) else _EVENT,
        payload=payloads[payload],
        encoders=tuple(CODECS[field.type][1] for field in payload.fields),
        kind_cells=_kind_cells(kind),
    )


def _kind_cells(kind: EventKind) -> tuple[Cell, ...]:
    provider = kind.provider
    values = (
        provider.name,
        provider.guid,
        provider.event_source,
        kind.event_id,
        kind.qualifiers,
        kind.version,
        kind.level,
        kind.task,
        kind.opcode,
        kind.keywords,
        kind.channel,
    )
    encoders = list(_KIND_ENCODERS)
    if provider.guid and provider.guid.startswith("{"):
        encoders[1] = _encode_text
    return tuple(encode(value) for encode, value in zip(encoders, values, strict=True))


def _template(root: Element) -> Template:
    return Template(root, md5(repr(root).encode(), usedforsecurity=False).digest())


def _payload_tree(payload: Payload) -> Element:
    # libevtx takes a NULL, and one element per string of an array, only in an optional slot.
    slots = [Slot(index, CODECS[field.type][0], optional=True) for index, field in enumerate(payload.fields)]
    names = [field.name for field in payload.fields]
    match payload:
        case EventData():
            return Element("EventData", content=tuple(map(_named, names, slots)))
        case ClassicData():
            return Element("EventData", content=tuple(map(_needed, names, slots)))
        case UserData(root, namespace):
            return Element(root, (("xmlns", namespace),), tuple(map(_filled, names, slots)))


def _named(name: str, slot: Slot) -> Element:
    return Element("Data", (("Name", name),), (slot,))


def _filled(name: str, slot: Slot) -> Element:
    return Element(name, content=(slot,))


def _needed(name: str, slot: Slot) -> Element:
    """An element that is left out when it would be empty."""
    return Element(name, content=(slot,), needs=slot.index)


def _system_slot(name: str) -> Slot:
    return Slot(list(_SYSTEM_SLOTS).index(name), CODECS[_SYSTEM_SLOTS[name]][0], optional=True)


def _system_value(name: str) -> Element:
    return _needed(name, _system_slot(name))


def _system_attributes(element: str, **slots: str) -> Element:
    return Element(element, tuple((name, _system_slot(slot)) for name, slot in slots.items()))


def _system_tree() -> Element:
    """The System element, in the order in which Windows writes it."""
    event_id = Element("EventID", (("Qualifiers", _system_slot("Qualifiers")),), (_system_slot("EventID"),))
    return Element(
        "System",
        content=(
            _system_attributes("Provider", Name="Provider", Guid="Guid", EventSourceName="EventSourceName"),
            event_id,
            *map(_system_value, ("Version", "Level", "Task", "Opcode", "Keywords")),
            _system_attributes("TimeCreated", SystemTime="SystemTime"),
            _system_value("EventRecordID"),
            _system_attributes("Correlation", ActivityID="ActivityID"),
            _system_attributes("Execution", ProcessID="ProcessID", ThreadID="ThreadID"),
            *map(_system_value, ("Channel", "Computer")),
            _system_attributes("Security", UserID="UserID"),
        ),
    )


def _event_template(payload: Element | Slot) -> Template:
    return _template(Element("Event", (("xmlns", _EVENT_NAMESPACE),), (_system_tree(), payload)))


_payload_slot = Slot(len(_SYSTEM_SLOTS), BINXML, optional=True)
_EVENT = _event_template(_payload_slot)
_USER_EVENT = _event_template(Element("UserData", content=(_payload_slot,), needs=_payload_slot.index))
