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
from logonscope.normalise.layouts import Layout, layouts
from logonscope.normalise.times import TIME_DIGITS

if TYPE_CHECKING:
    from logonscope.normalise.dims import Dims

_TIME = '"TimeCreated":{"#attributes":{"SystemTime":"'
_RECORD_ID = 'Z"}},"EventRecordID":'
_NO_ACTIVITY = '"Correlation":null,"Execution":'
_AFTER_ACTIVITY = ',"Execution":'
_CHANNEL = ',"Channel":'
_FIELDS = ',"EventData":'
_TIME_LENGTH, _CHANNEL_LENGTH, _FIELDS_LENGTH = len(_TIME), len(_CHANNEL), len(_FIELDS)
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
    number: int
    """Its place in ``Envelopes.kinds``."""


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


EnvelopeParts = tuple[Kind, str, int | None, int, Place, str]
"""What ``Envelope`` has, without its names: there is one for each record."""


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
        self._kinds = Cached(self._kind_of_head)
        self._places = Cached(self._place_of_tail)
        self._activities = Cached(self._activity)

    def __call__(self, texts: list[str]) -> tuple[list[EnvelopeParts], list[int]]:
        """Take a batch apart.

        Args:
            texts: JSON texts of records.

        Returns:
            The parts of one envelope per record, and the positions of those that are no events; these come out empty.
        """
        for table in (self._kinds, self._places, self._activities):
            table.trim()
        envelopes: list[EnvelopeParts] = []
        bad: list[int] = []
        kinds, places, activities = self._kinds, self._places, self._activities
        for text in texts:
            # Looked for from the front to the back: what is behind a part that is missing is not found either.
            head_end = text.find(_TIME)
            time = head_end + _TIME_LENGTH
            number_start = time + _NUMBER
            channel = text.find(_CHANNEL, number_start)
            fields_start = text.find(_FIELDS, channel)
            if 0 < head_end < channel < fields_start and text.startswith(_RECORD_ID, time + TIME_DIGITS):
                kind = kinds[text[:head_end]]
                place = places[text[channel + _CHANNEL_LENGTH : fields_start]]
                number, _, correlation = text[number_start:channel].partition(",")
                fields = _last_fields(text, fields_start + _FIELDS_LENGTH)
                usual = kind and place and number.isdecimal() and len(number) <= _SURE_DIGITS
                if usual and fields is not None:
                    activity = 0
                    if kind.layout.known and not correlation.startswith(_NO_ACTIVITY):
                        activity = activities[correlation.partition(_AFTER_ACTIVITY)[0]]
                    envelopes.append((kind, text[time : time + TIME_DIGITS], int(number), activity, place, fields))
                    continue
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
        version = values.small(system.get("Version"))
        return self._kind_of(provider, event_id, version, values.outcome(system.get("Keywords")))

    def _kind_of(self, provider: int, event_id: int, version: int | None, outcome: int) -> Kind:
        named = provider, event_id, version, outcome
        if named not in self._known_kinds:
            layout = layouts()[self._dims.text["provider"].texts[provider], event_id]
            self._known_kinds[named] = Kind(*named, layout, len(self.kinds))
            self.kinds.append(self._known_kinds[named])
        return self._known_kinds[named]

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
        """The activity ID, from what follows the record's ID."""
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
        return Envelope(self._kind_of(0, 0, None, 0), "", None, 0, Place(0, 0), "")


def _last_fields(text: str, start: int) -> str | None:
    """EventData, if it is an object or nothing, and nothing follows it: forwarded records have RenderingInfo there."""
    is_object = text.startswith("{", start) and text.endswith("}}}")
    if is_object and (text.find("}", start, -3) < 0 or text.find('},"', start) < 0):
        return text[start:-2]
    return "" if text.endswith(_NO_FIELDS) and len(text) - start == len(_NO_FIELDS) else None


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
