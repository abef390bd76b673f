"""Events in plain words: the templates of ``events.toml``, filled from an event."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from logonscope.display import duration_text, hex_id, sanitise
from logonscope.knowledge.catalogue import EventKind, event_kinds, provider_short
from logonscope.knowledge.codes import failure_status, status_text
from logonscope.knowledge.logon_types import logon_type_text, logon_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.model import Account, Event

NONE = "(none)"
"""What stands in the place of an empty field, outside of brackets."""
_FIELD = re.compile(r"\{([^}]+)\}")
_GROUP = re.compile(r"\[([^\]]*)\]")
_LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1", "LOCAL"})
_FIELD_LIMIT = 200
_SHOWN_FIELDS = 4


def plain_words(event: Event, *, short: bool = False) -> str:
    """Say in one sanitised line what happened.

    Args:
        event: Any event; one that the catalogue lacks is told by its first fields.
        short: Leave the domains of accounts out.

    Returns:
        The line, ready to be drawn.
    """
    kind = event_kinds().get((event.provider, event.event_id))
    if kind is None:
        return _uncatalogued(event)

    return fill(kind.words, lambda name: told_field(event, kind, name, short=short))


def told_field(event: Event, kind: EventKind, name: str, *, short: bool = False) -> str:
    """What stands in the place of one field of an event's template, sanitised; empty where there is nothing.

    Args:
        event: The event.
        kind: Its entry of the catalogue.
        name: The field.
        short: Leave the domains of accounts out.
    """
    account = _ACCOUNTS.get(name)
    if account:
        text = account(event).short if short else account(event).label
    else:
        field, _, part = name.partition(".")
        known = _WORDS.get(field)
        text = known(event, kind) if known else field_text(event.fields, field if part == "name" else name)
        text = program_name(text) if part == "name" else text
    return sanitise(text)[:_FIELD_LIMIT]


def fill(template: str, lookup: Callable[[str], str]) -> str:
    """Fill a template.

    Args:
        template: Text with ``{name}`` fields, and ``[...]`` parts that vanish when a field in them is empty.
        lookup: Gives the text of a field, empty where there is none.

    Returns:
        The filled text; an empty field outside brackets reads ``(none)``.
    """
    parts: list[str] = []
    for optional, part in template_parts(template):
        values = {name: lookup(name) for name in _FIELD.findall(part)}
        if optional and not all(values.values()):
            continue
        parts.append(_FIELD.sub(lambda match, values=values: values[match[1]] or NONE, part))  # type: ignore[misc]
    return "".join(parts)


@cache
def template_parts(template: str) -> list[tuple[bool, str]]:
    """The parts of a template: whether one may vanish, and its text with its fields."""
    pieces = _GROUP.split(template)
    return [(bool(index % 2), piece) for index, piece in enumerate(pieces) if piece]


def template_pieces(part: str) -> list[str]:
    """A part of a template taken apart: text, then the name of a field, then text and so on."""
    return _FIELD.split(part)


def field_text(fields: dict[str, Any], name: str) -> str:
    """The text of one EventData field; ``Data.2`` is the third unnamed string of a classic event.

    Args:
        fields: EventData by name.
        name: Field name.

    Returns:
        The text; empty where the field is missing, null or ``-``.
    """
    base, _, index = name.partition(".")
    value = fields.get(base)
    if isinstance(value, dict):
        value = value.get("#text")
    if index and isinstance(value, list):
        position = int(index)
        value = value[position] if position < len(value) else None
    if value is None or value == "-":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _uncatalogued(event: Event) -> str:
    shown = [
        f"{name}={text}"
        for name in event.fields
        if not name.startswith(("#", "Subject")) and (text := sanitise(field_text(event.fields, name))[:60])
    ]
    rest = "" if len(shown) <= _SHOWN_FIELDS else f" (+{len(shown) - _SHOWN_FIELDS})"
    head = f"{sanitise(provider_short(event.provider))} {event.event_id}"
    return f"{head}: {', '.join(shown[:_SHOWN_FIELDS])}{rest}" if shown else head


def program_name(path: str) -> str:
    """The last part of a Windows path: ``mstsc.exe``."""
    return path.rsplit("\\", 1)[-1]


def where_from(event: Event) -> str:
    """The source worth telling: a local address only where the logon type makes it evidence."""
    known = logon_types().get(event.logon_type) if event.logon_type is not None else None
    if event.source_ip in _LOCAL_ADDRESSES and not (known and known.remote):
        return ""
    return event.source_text


def _how(event: Event, kind: EventKind) -> str:
    known = logon_types().get(event.logon_type) if event.logon_type is not None else None
    return known.phrase if known else f"with logon type {event.logon_type}"


def _step(event: Event, kind: EventKind) -> str:
    return duration_text(event.clock_step) if event.clock_step is not None else ""


def _status(event: Event, kind: EventKind) -> str:
    return status_text(failure_status(event.status, event.sub_status), kind.status)


_ACCOUNTS: dict[str, Callable[[Event], Account]] = {
    "target": lambda event: event.target,
    "subject": lambda event: event.subject,
    "account": lambda event: event.account,
}
_WORDS: dict[str, Callable[[Event, EventKind], str]] = {
    "how": _how,
    "type": lambda event, kind: logon_type_text(event.logon_type),
    "source": lambda event, kind: where_from(event),
    "status": _status,
    "program": lambda event, kind: program_name(event.process),
    "object": lambda event, kind: event.object,
    "session_number": lambda event, kind: "" if event.session_number is None else str(event.session_number),
    "logon_id": lambda event, kind: hex_id(event.logon_id),
    "clock_step": _step,
}
