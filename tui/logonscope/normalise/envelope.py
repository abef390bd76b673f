"""What is around a record's fields: provider, event ID, time, record ID, channel, computer.

The parser writes these in one order, and most of their text is the same from record to record. So a record's text is
cut at a few fixed places; what repeats is decoded once and then looked up. A record of any other shape is decoded
as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from logonscope.knowledge.catalogue import provider_names
from logonscope.normalise import values
from logonscope.normalise.cached import Cached
from logonscope.normalise.layouts import Layout, Layouts
from logonscope.normalise.times import TIME_DIGITS

if TYPE_CHECKING:
    from logonscope.normalise.dims import Dims

_TIME = '"TimeCreated":{"#attributes":{"SystemTime":"'
_RECORD_ID = 'Z"}},"EventRecordID":'
_NUMBER = TIME_DIGITS + len(_RECORD_ID)
_SURE_DIGITS = 19
"""So many digits always fit 64 bits."""
_NO_FIELDS = "null}}"
_ERRORS = (msgspec.DecodeError, RecursionError)


class Kind(NamedTuple):
    """What a record's beginning says; codes are those of the dims."""

    provider: int
    event_id: int
    version: int | None
    outcome: int
    layout: Layout


class Place(NamedTuple):
    """What stands after a record's ID; codes are those of the dims."""

    channel: int
    computer: int


class Envelope(NamedTuple):
    """A record taken apart."""

    kind: Kind
    time: str
    """``2026-05-11T12:45:17.660156``, or empty where the record has no such time."""
    record_id: int | None
    activity: int
    place: Place
    fields: str
    """JSON text of EventData, or of what is inside UserData; empty where there is neither."""


class Envelopes:
    """Takes records apart.

    Args:
        dims: The case's dims.
    """

    def __init__(self, dims: Dims) -> None:
        self._dims = dims
        self._layouts = Layouts()
        self._kinds = Cached(self._kind_of_head)
        self._places = Cached(self._place_of_tail)
        self._activities = Cached(self._activity)

    def __call__(self, texts: list[str]) -> tuple[list[Envelope], list[int]]:
        """Take a batch apart.

        Args:
            texts: JSON texts of records.

        Returns:
            One envelope per record, and the positions of those that are no events; these come out empty.
        """
        for table in (self._kinds, self._places, self._activities):
            table.trim()
        envelopes: list[Envelope] = []
        bad: list[int] = []
        kinds, places, activities = self._kinds, self._places, self._activities
        for text in texts:
            head, _, rest = text.partition(_TIME)
            middle, found, fields = rest.partition(',"EventData":')
            numbers, _, tail = middle.partition(',"Channel":')
            number, _, correlation = numbers[_NUMBER:].partition(",")
            kind, place = kinds[head], places[tail]
            usual = found and kind and place and numbers[TIME_DIGITS:_NUMBER] == _RECORD_ID
            usual = usual and number.isdecimal() and len(number) <= _SURE_DIGITS
            if usual and (fields == _NO_FIELDS or _is_last(fields)):
                layout = kind.layout
                activity = activities[correlation] if layout.known else 0
                fields = fields[:-2] if fields != _NO_FIELDS else ""
                envelopes.append(Envelope(kind, numbers[:TIME_DIGITS], int(number), activity, place, fields))
            else:
                envelope = self._whole(text)
                if envelope is None:
                    bad.append(len(envelopes))
                envelopes.append(envelope or self._nothing())
        return envelopes, bad

    def _kind_of_head(self, head: str) -> Kind | None:
        try:
            system = msgspec.json.decode(head + '"":0}}}')["Event"]["System"]
        except (*_ERRORS, TypeError, KeyError):
            return None
        return self._kind(system)

    def _kind(self, system: dict[str, Any]) -> Kind:
        name = _attribute(system.get("Provider"), "Name", "EventSourceName")
        provider = self._dims.text["provider"][provider_names().get(name, name)]
        event_id = values.event_id(system.get("EventID"))
        layout = self._layouts[self._dims.text["provider"].texts[provider], event_id]
        version = values.small(system.get("Version"))
        return Kind(provider, event_id, version, values.outcome(system.get("Keywords")), layout)

    def _place_of_tail(self, tail: str) -> Place | None:
        try:
            system = msgspec.json.decode(f'{{"Channel":{tail}')
        except _ERRORS:
            return None
        return self._place(system)

    def _place(self, system: dict[str, Any]) -> Place:
        channel, computer = values.text(system.get("Channel")), values.text(system.get("Computer"))
        return Place(self._dims.text["channel"][channel], self._dims.text["computer"][computer])

    def _activity(self, correlation: str) -> int:
        """The activity ID, from the text between record ID and channel."""
        if correlation.startswith('"Correlation":null'):
            return 0
        try:
            found = msgspec.json.decode(f"{{{correlation}}}").get("Correlation")
        except (*_ERRORS, AttributeError):
            return 0
        return self._dims.text["activity"][_attribute(found, "ActivityID")]

    def _whole(self, text: str) -> Envelope | None:
        """A record of another shape than the usual; None where it is no event at all."""
        try:
            event = msgspec.json.decode(text)["Event"]
            system = event["System"]
            kind = self._kind(system)
            place = self._place(system)
        except (*_ERRORS, TypeError, KeyError, AttributeError):
            return None
        time = _attribute(system.get("TimeCreated"), "SystemTime")
        activity = self._dims.text["activity"][_attribute(system.get("Correlation"), "ActivityID")]
        fields = event.get("EventData")
        if fields is None:
            fields = _inside(event.get("UserData"))
        return Envelope(
            kind,
            time.removesuffix("Z") if isinstance(time, str) else "",
            values.uint64(system.get("EventRecordID")),
            activity if kind.layout.known else 0,
            place,
            "" if fields is None else msgspec.json.encode(fields).decode(),
        )

    def _nothing(self) -> Envelope:
        return Envelope(Kind(0, 0, None, 0, self._layouts["", 0]), "", None, 0, Place(0, 0), "")


def _is_last(fields: str) -> bool:
    """Whether EventData is an object and nothing follows it: forwarded records have RenderingInfo there."""
    return fields[:1] == "{" and fields[-3:] == "}}}" and (fields.find("}", 0, -3) < 0 or '},"' not in fields)


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
