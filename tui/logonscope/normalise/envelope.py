"""What is around a record's fields: provider, event ID, time, record ID, channel, computer.

Records of the usual shape are decoded with their types, EventData only as a stretch of text; one of any other shape is
decoded as a whole, and brought to that shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from logonscope.knowledge.catalogue import provider_names
from logonscope.normalise import values
from logonscope.normalise.cached import Cached
from logonscope.normalise.layouts import Layout, layouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.dims import Dims

_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeEncodeError)
_NULL = b"null"
SURE = (1 << 63) - 1
"""Greater numbers may not fit 64 bits."""


class _Text(msgspec.Struct, frozen=True, gc=False):
    """A number with attributes: classic events have Qualifiers with their ID."""

    text: int = msgspec.field(name="#text")


class _Names(msgspec.Struct, frozen=True, gc=False):
    name: str = msgspec.field(name="Name", default="")
    classic_name: str = msgspec.field(name="EventSourceName", default="")


class _Provider(msgspec.Struct, frozen=True, gc=False):
    attributes: _Names = msgspec.field(name="#attributes", default=_Names())


class _Created(msgspec.Struct, frozen=True, gc=False):
    time: str = msgspec.field(name="SystemTime", default="")


class _TimeCreated(msgspec.Struct, frozen=True, gc=False):
    attributes: _Created = msgspec.field(name="#attributes", default=_Created())


class _Activity(msgspec.Struct, frozen=True, gc=False):
    activity_id: str = msgspec.field(name="ActivityID", default="")


class _Correlation(msgspec.Struct, frozen=True, gc=False):
    attributes: _Activity = msgspec.field(name="#attributes", default=_Activity())


class _System(msgspec.Struct, frozen=True, gc=False, rename="pascal"):
    provider: _Provider = _Provider()
    event_id: int | _Text = msgspec.field(name="EventID", default=0)
    version: int | None = None
    keywords: str | int | None = None
    time_created: _TimeCreated = _TimeCreated()
    record_id: Annotated[int, msgspec.Meta(ge=0, le=SURE)] | None = msgspec.field(name="EventRecordID", default=None)
    correlation: _Correlation | None = None
    channel: str | None = None
    computer: str | None = None


class _Event(msgspec.Struct, frozen=True, gc=False, rename="pascal"):
    system: _System
    event_data: msgspec.Raw = msgspec.Raw()
    user_data: msgspec.Raw = msgspec.Raw()


class _Record(msgspec.Struct, frozen=True, gc=False):
    event: _Event = msgspec.field(name="Event")


_decode = msgspec.json.Decoder(_Record).decode
_NO_EVENT = _Event(_System())


class Kind(NamedTuple):
    """What a record's beginning says; codes are those of the dims."""

    provider: int
    event_id: int
    version: int | None
    outcome: int
    layout: Layout
    number: int
    """Its place in ``Envelopes.kinds``."""


class Place(NamedTuple):
    """Where a record comes from; codes are those of the dims."""

    channel: int
    computer: int


@dataclass(slots=True)
class TakenApart:
    """Some records, each at the same place of all lists."""

    kinds: list[Kind] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    """``2026-05-11T12:45:17.660156``, or empty where the record has no such time."""
    record_ids: list[int | None] = field(default_factory=list)
    activities: list[int] = field(default_factory=list)
    """Codes of the dims."""
    places: list[Place] = field(default_factory=list)
    fields: list[bytes] = field(default_factory=list)
    """JSON text of EventData, or of what is inside UserData; empty where there is neither."""
    bad: list[int] = field(default_factory=list)
    """Positions of the records that are no events; these come out empty."""

    def __len__(self) -> int:
        return len(self.fields)

    def add(self, more: TakenApart) -> None:
        """Append others."""
        self.bad += [len(self) + position for position in more.bad]
        self.kinds += more.kinds
        self.times += more.times
        self.record_ids += more.record_ids
        self.activities += more.activities
        self.places += more.places
        self.fields += more.fields

    def only(self, positions: Sequence[int]) -> TakenApart:
        """Some of them, in a given order; which of them are no events is left unsaid."""
        return TakenApart(
            [self.kinds[position] for position in positions],
            [self.times[position] for position in positions],
            [self.record_ids[position] for position in positions],
            [self.activities[position] for position in positions],
            [self.places[position] for position in positions],
            [self.fields[position] for position in positions],
        )


class Envelopes:
    """Takes records apart.

    Args:
        dims: The case's dims.
    """

    def __init__(self, dims: Dims) -> None:
        self._dims = dims
        self.kinds: list[Kind] = []
        """All that have been met."""
        self._known_kinds: dict[tuple[int, int, int | None, int], Kind] = {}
        self._kinds = Cached(self._kind)
        self._places = Cached(self._place)

    def __call__(self, texts: Sequence[str]) -> TakenApart:
        """Take a batch apart.

        Args:
            texts: JSON texts of records.
        """
        for table in (self._kinds, self._places):
            table.trim()
        bad: list[int] = []
        try:
            events = [_decode(text).event for text in texts]
        except _ERRORS:
            found = [_event(text) for text in texts]
            bad = [position for position, event in enumerate(found) if event is None]
            events = [event or _NO_EVENT for event in found]
        systems = [event.system for event in events]
        kinds, places, activity = self._kinds, self._places, self._dims.text["activity"]
        of_kinds = [kinds[one.provider.attributes, one.event_id, one.version, one.keywords] for one in systems]
        return TakenApart(
            of_kinds,
            [one.time_created.attributes.time.removesuffix("Z") for one in systems],
            [one.record_id for one in systems],
            [
                activity[one.correlation.attributes.activity_id] if one.correlation and kind.layout.known else 0
                for one, kind in zip(systems, of_kinds, strict=True)
            ],
            [places[one.channel, one.computer] for one in systems],
            [_fields(event) for event in events],
            bad,
        )

    def kind(self, name: str, classic_name: str, event_id: int, version: int | None, keywords: int) -> Kind:
        """The kind of records that say so of themselves."""
        found: Kind = self._kinds[_Names(name, classic_name), event_id, version, keywords]
        return found

    def place(self, channel: str | None, computer: str | None) -> Place:
        """The place of records that say so of themselves."""
        found: Place = self._places[channel, computer]
        return found

    def _kind(self, said: tuple[_Names, int | _Text, int | None, str | int | None]) -> Kind:
        names, event_id, version, keywords = said
        name = names.name or names.classic_name
        provider = self._dims.text["provider"][provider_names().get(name, name)]
        number = values.event_id(event_id.text if isinstance(event_id, _Text) else event_id)
        named = provider, number, values.small(version), values.outcome(keywords)
        if named not in self._known_kinds:
            layout = layouts()[self._dims.text["provider"].texts[provider], number]
            self._known_kinds[named] = Kind(*named, layout, len(self.kinds))
            self.kinds.append(self._known_kinds[named])
        return self._known_kinds[named]

    def _place(self, said: tuple[str | None, str | None]) -> Place:
        channel, computer = said
        return Place(self._dims.text["channel"][channel], self._dims.text["computer"][computer])


def _fields(event: _Event) -> bytes:
    """EventData, or what UserData wraps in one element of the provider's own name."""
    fields = bytes(event.event_data)
    if fields and fields != _NULL:
        return fields
    if not event.user_data:
        return b""
    inside = _inside(msgspec.json.decode(event.user_data))
    return b"" if inside is None else msgspec.json.encode(inside)


def _event(text: str) -> _Event | None:
    """A record of any shape; None where it is no event at all."""
    try:
        return _decode(text).event
    except _ERRORS:
        pass
    try:
        event = msgspec.json.decode(text)["Event"]
        system = _system(event["System"])
        fields = event.get("EventData")
        if fields is None:
            fields = _inside(event.get("UserData"))
        return _Event(system, msgspec.Raw(b"" if fields is None else msgspec.json.encode(fields)))
    except (*_ERRORS, TypeError, KeyError, AttributeError):
        return None


def _system(system: dict[str, Any]) -> _System:
    """A System element of any shape."""
    time = _attribute(system.get("TimeCreated"), "SystemTime")
    activity = _attribute(system.get("Correlation"), "ActivityID")
    return _System(
        _Provider(_Names(_attribute(system.get("Provider"), "Name", "EventSourceName") or "")),
        values.event_id(system.get("EventID")),
        values.small(system.get("Version")),
        values.integer(system.get("Keywords")),
        _TimeCreated(_Created(time if isinstance(time, str) else "")),
        values.uint64(system.get("EventRecordID")),
        _Correlation(_Activity(activity)) if activity else None,
        values.text(system.get("Channel")),
        values.text(system.get("Computer")),
    )


def _attribute(element: Any, *names: str) -> Any:
    """The first attribute of an element that is there and not empty; None for an element of any other shape."""
    attributes = element.get("#attributes") if isinstance(element, dict) else None
    if not isinstance(attributes, dict):
        return None
    return next((str(value) for name in names if (value := attributes.get(name))), None)


def _inside(user_data: Any) -> Any:
    """UserData wraps its fields in one element of the provider's own name."""
    if not isinstance(user_data, dict):
        return user_data
    return next((value for name, value in user_data.items() if name[:1] != "#"), user_data)
