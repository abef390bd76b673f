"""One event as XML, in the ways in which Windows and others write it.

Nearly all events of a file have the same shape: they are cut at its marks, which costs a fraction of building a tree,
and what repeats from event to event is parsed once. An event of any other shape is parsed by expat as a whole.

What is parsed begins with an element, so no DTD and no entity of the file's own can ever be met. lxml is not used: it
keeps every name that it meets for the life of the thread, so that a file of made-up names would fill the memory.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.stamps import utc_stamp
from logonscope.readers.xml_fields import element_fields, local

_TIME = "<TimeCreated "
_MIDDLE = re.compile(
    r"""SystemTime=(["'])([^"'<&]*)\1\s*/>\s*<EventRecordID>(\d{1,20})</EventRecordID>\s*(<Correlation\b[^<>&]*/>)?"""
)
_NAMED = {
    "'": re.compile(r"<Data Name='([^'<&\n\t]*)'\s*(?:/>|>([^<&]*)</Data>)"),
    '"': re.compile(r'<Data Name="([^"<&\n\t]*)"\s*(?:/>|>([^<&]*)</Data>)'),
}
_MANY = 4096
_LONGEST_NUMBER = 20
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:(\d{1,9})|x([0-9A-Fa-f]{1,8}));")
_LAST_CHARACTER = 0x10FFFF


class XmlRecord(NamedTuple):
    """An event in the shape that is normalised."""

    text: str
    stamp: str
    """As in ``RawBatch.stamps``; empty where the event has no time that could be understood."""
    replaced: bool = False
    """Whether it had characters that XML may not hold, now U+FFFD."""


class NotAnEventError(ValueError):
    """What was taken for an event is none, or is broken; says why."""


def xml_record(text: str) -> XmlRecord:
    """Read one event.

    Args:
        text: ``<Event ...>`` and what follows up to its ``</Event>``, without that; line ends as in XML (LF).

    Raises:
        NotAnEventError: It is not well-formed, or has no System element.
    """
    return usual_record(text) or _parsed(text)


def usual_record(text: str) -> XmlRecord | None:
    """Read one event of the usual shape; None for any other. Arguments as ``xml_record``."""
    begins, _, rest = text.partition(_TIME)
    numbers, system_ends, contents = rest.partition("</System>")
    middle = _MIDDLE.match(numbers)
    if not middle or not system_ends:
        return None
    head, tail = _head_in(begins), _tail_in(numbers[middle.end() :])
    found = _named_fields(contents)
    if head is None or tail is None or found is None:
        return None
    activity = _activity_in(middle[4]) if middle[4] else None
    time, stamp = utc_stamp(middle[2]) or ("", "")
    return XmlRecord(record_text(head, time, int(middle[3]), activity, tail, found or None), stamp)


def _named_fields(contents: str) -> dict[str, str] | None:
    """What follows System, where it is EventData with named fields only, or nothing (an empty dict); else None."""
    body, ended, after = contents.lstrip().partition("</EventData>")
    if not ended:
        return None if body[:14] not in ("", "<RenderingInfo") else {}
    pairs = _NAMED['"' if '<Data Name="' in body else "'"].findall(body)
    fields = dict(pairs)
    # Every mark must belong to a field that was found.
    marks = 1 + 2 * len(pairs) - body.count("/>")
    if not pairs or body.count("<") != marks or len(fields) != len(pairs) or not body.startswith("<EventData>"):
        return None
    return fields if after.lstrip()[:14] in ("", "<RenderingInfo") else None


@lru_cache(_MANY)
def _head_in(begins: str) -> Head | None:
    try:
        event = fromstring(begins + "</System></Event>")  # nosec B314: no DTD can stand in it
    except ParseError:
        return None
    parts = list(event)
    return _head(parts[0]) if len(parts) == 1 and local(event) == "Event" and local(parts[0]) == "System" else None


@lru_cache(_MANY)
def _tail_in(ends: str) -> Tail | None:
    try:
        return _tail(fromstring(f"<System>{ends}</System>"))  # nosec B314: as above
    except ParseError:
        return None


@lru_cache(_MANY)
def _activity_in(correlation: str) -> str | None:
    try:
        return _guid(fromstring(correlation).get("ActivityID"))  # nosec B314: as above
    except ParseError:
        return None


def _parsed(text: str) -> XmlRecord:
    """An event of any shape."""
    legal = _REFERENCE.sub(_legal, _FORBIDDEN.sub("\ufffd", text))
    try:
        event = fromstring(legal + "</Event>")  # nosec B314: as above
    except ParseError as error:
        raise NotAnEventError(f"not well-formed: {error}") from error
    parts = {local(part): part for part in event}
    system = parts.get("System")
    if system is None:
        raise NotAnEventError("no System element in it")
    own = {local(part): part for part in system}
    time, stamp = utc_stamp(_attribute(own, "TimeCreated", "SystemTime") or "") or ("", "")
    number = _text(own, "EventRecordID") or ""
    record_id = int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else None
    activity = _guid(_attribute(own, "Correlation", "ActivityID"))
    try:
        fields = element_fields(parts.get("EventData"), parts.get("UserData"))
    except RecursionError as error:
        raise NotAnEventError("elements nested too deeply") from error
    return XmlRecord(record_text(_head(system), time, record_id, activity, _tail(system), fields), stamp, legal != text)


def _legal(reference: re.Match[str]) -> str:
    """A reference to a character that XML may hold; U+FFFD for any other."""
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    return "\ufffd" if number > _LAST_CHARACTER or _FORBIDDEN.match(chr(number)) else reference[0]


def _head(system: Element) -> Head:
    own = {local(part): part for part in system}
    return Head(
        provider=_attribute(own, "Provider", "Name") or _attribute(own, "Provider", "EventSourceName"),
        event_id=_number(_text(own, "EventID")),
        version=_number(_text(own, "Version")),
        level=_number(_text(own, "Level")),
        task=_number(_text(own, "Task")),
        opcode=_number(_text(own, "Opcode")),
        keywords=_text(own, "Keywords"),
        guid=_guid(_attribute(own, "Provider", "Guid")),
    )


def _tail(system: Element) -> Tail:
    own = {local(part): part for part in system}
    return Tail(
        process_id=_number(_attribute(own, "Execution", "ProcessID")),
        thread_id=_number(_attribute(own, "Execution", "ThreadID")),
        channel=_text(own, "Channel"),
        computer=_text(own, "Computer"),
        user_sid=_attribute(own, "Security", "UserID"),
    )


def _text(own: dict[str, Element], name: str) -> str | None:
    element = own.get(name)
    return None if element is None or element.text is None else element.text.strip()


def _attribute(own: dict[str, Element], element: str, name: str) -> str | None:
    found = own.get(element)
    return None if found is None else found.get(name)


def _number(text: str | None) -> int | str | None:
    return int(text) if text and text.isdecimal() and len(text) < _LONGEST_NUMBER else text


def _guid(text: str | None) -> str | None:
    """A GUID as the logs themselves have it, so that one activity is one in all formats."""
    return text.strip("{}").upper() if text else None
