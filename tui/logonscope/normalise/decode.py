"""Decoders made from the catalogue: JSON text of a record -> its parts, EventData -> the usual columns.

The JSON has the shape that the Rust ``evtx`` parser writes. Every value is typed loosely: one field may come as
a number in one record and as text in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from logonscope.knowledge.catalogue import About, catalogue, event_kinds

_ABOUT = {"none": 0, "target": 1, "subject": 2}


class _Name(msgspec.Struct, gc=False):
    Name: Any = None
    EventSourceName: Any = None


class Provider(msgspec.Struct, gc=False):
    """The Provider element."""

    attributes: _Name = msgspec.field(name="#attributes", default_factory=_Name)


class _Time(msgspec.Struct, gc=False):
    SystemTime: Any = None


class Created(msgspec.Struct, gc=False):
    """The TimeCreated element."""

    attributes: _Time = msgspec.field(name="#attributes", default_factory=_Time)


class _Activity(msgspec.Struct, gc=False):
    ActivityID: Any = None


class Correlation(msgspec.Struct, gc=False):
    """The Correlation element."""

    attributes: _Activity = msgspec.field(name="#attributes", default_factory=_Activity)


class System(msgspec.Struct, gc=False):
    """The System element."""

    Provider: Provider | None = None
    EventID: Any = None
    Version: Any = None
    Level: Any = None
    Keywords: Any = None
    TimeCreated: Created | None = None
    EventRecordID: Any = None
    Correlation: Correlation | str | None = None
    Channel: Any = None
    Computer: Any = None


class EventParts(msgspec.Struct, gc=False):
    """The Event element; EventData and UserData are kept as text."""

    System: System
    EventData: msgspec.Raw = msgspec.Raw()
    UserData: msgspec.Raw = msgspec.Raw()


class Record(msgspec.Struct, gc=False):
    """One record."""

    Event: EventParts


decode_record = msgspec.json.Decoder(Record).decode
_decode_user_data = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class Layout(msgspec.Struct, frozen=True, gc=False):
    """How to read the EventData of one kind of event."""

    decode: Callable[[bytes], Any] | None
    """None where no field of it fills a column."""
    about: int
    """0 none, 1 target, 2 subject."""
    known: bool
    """Whether the catalogue has this event."""


def field_columns() -> tuple[str, ...]:
    """The columns that EventData fills, in the order of ``events.toml``."""
    return tuple(catalogue().columns)


class Layouts(dict[tuple[str, int], Layout]):
    """Layouts by (provider name, event ID), made when first met."""

    def __missing__(self, key: tuple[str, int]) -> Layout:
        kind = event_kinds().get(key)
        provider = catalogue().providers.get(key[0])
        about: About = kind.about if kind else provider.about if provider else "none"
        decode = _decoder(key) if kind or provider else None
        layout = Layout(decode, _ABOUT[about], kind is not None)
        self[key] = layout
        return layout


def _decoder(key: tuple[str, int]) -> Callable[[bytes], Any]:
    fields = catalogue().fields_of(event_kinds().get(key))
    # A column that no field fills gets a name that no field can have.
    struct = msgspec.defstruct(
        "Fields",
        [
            (column, Any, msgspec.field(default=None, name=fields.get(column, f"#none {column}")))
            for column in field_columns()
        ],
        gc=False,
    )
    return msgspec.json.Decoder(struct | None).decode


@cache
def no_fields() -> Any:
    """The columns of an event without EventData: all None."""
    return msgspec.defstruct("NoFields", [(column, Any, None) for column in field_columns()])()


def user_data_fields(user_data: msgspec.Raw) -> bytes:
    """The fields inside UserData, which wraps them in one element of the provider's own name.

    Args:
        user_data: JSON text of UserData.

    Returns:
        JSON text of the inner element; of the whole where there is no inner one.
    """
    try:
        inner = _decode_user_data(user_data)
    except msgspec.DecodeError:
        return bytes(user_data)
    return next((bytes(value) for name, value in inner.items() if name[:1] != "#"), bytes(user_data))
