"""One event as Event Viewer copies it: "Log Name: ... Event ID: ... Description: ..."."""

from __future__ import annotations

import re
from typing import NamedTuple

from logonscope.readers.event_xml import NotAnEventError
from logonscope.readers.messages import audit_keywords, message_fields, provider_name
from logonscope.readers.record_text import Head, Tail, record_text

_LABELS = "Log Name|Source|Date|Event ID|Task Category|Level|Keywords|User|Computer|OpCode"
"""What stands before the message."""
_LABEL = re.compile(rf"(?:(?<=\s)|^)({_LABELS}):[ \t]*")
_LINE_LABEL = re.compile(rf"^[ \t]*({_LABELS}):[ \t]*", re.MULTILINE)
_DESCRIPTION = re.compile(r"(?:(?<=\s)|^)Description:")
_LINE_DESCRIPTION = re.compile(r"^[ \t]*Description:", re.MULTILINE)
_XML = re.compile(r"^[ \t]*Event Xml:", re.MULTILINE)
_SID = re.compile(r"S-1-\d+(-\d+)*")
_QUOTED = re.compile(r"^>[ \t]?", re.MULTILINE)


class EventText(NamedTuple):
    """An event, taken apart."""

    values: dict[str, str]
    """What stands before the message, by label."""
    message: str
    xml: str
    """What follows ``Event Xml:``, or nothing."""
    is_one_line: bool


class TextRecord(NamedTuple):
    """An event in the shape that is normalised."""

    text: str
    is_whole: bool
    """Whether all that its message says was found a field for."""
    lacks_sids: bool


def take_apart(text: str) -> EventText:
    """Take the text of one event apart.

    Args:
        text: From ``Log Name:`` on; line ends are LF.

    Raises:
        NotAnEventError: It names no event ID.
    """
    if text.lstrip().startswith(">"):
        text = _QUOTED.sub("", text)
    before, xml = _cut(text, _XML)
    is_one_line = "\n" not in before.strip()
    head, message = _cut(before, _DESCRIPTION if is_one_line else _LINE_DESCRIPTION)
    parts = (_LABEL if is_one_line else _LINE_LABEL).split(head)
    values: dict[str, str] = {}
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        values.setdefault(label, value.strip())
    if not values.get("Event ID", "").isdecimal():
        raise NotAnEventError("it names no event ID")
    return EventText(values, message, xml, is_one_line)


def _cut(text: str, mark: re.Pattern[str]) -> tuple[str, str]:
    """What is before a mark and what is after it."""
    found = mark.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def text_record(event: EventText, time: str) -> TextRecord:
    """The event in the shape that is normalised.

    Args:
        event: The event.
        time: UTC to the microsecond, empty for none.
    """
    values = event.values
    provider, event_id = provider_name(values.get("Source", "")), int(values["Event ID"][:9])
    said = message_fields(provider, event_id, event.message)
    user = values.get("User", "")
    return TextRecord(
        record_text(
            Head(provider or None, event_id, keywords=audit_keywords(values.get("Keywords", ""))),
            time,
            None,
            None,
            Tail(None, None, values.get("Log Name"), values.get("Computer"), user if _SID.fullmatch(user) else None),
            said.fields or None,
        ),
        said.is_whole,
        said.lacks_sids,
    )
