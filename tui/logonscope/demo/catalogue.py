"""The kinds of event that the simulator writes, from ``events.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from logonscope.demo.records import (
    ClassicData,
    EventData,
    EventKind,
    Field,
    FieldType,
    FieldValue,
    Payload,
    Provider,
    UserData,
)

# Audit success is 0x0020000000000000 in the keywords of a security event, audit failure 0x0010000000000000.
_OTHER_OUTCOME = 0x0030000000000000


@cache
def event_kind(provider: str, event_id: int, version: int | None = None, *, failed: bool = False) -> EventKind:
    """The kind of an event.

    Args:
        provider: Short name of the provider, as in ``events.toml``: ``security``, ``lsm`` ...
        event_id: Event ID.
        version: Version of the event; the newest one that is known when not given.
        failed: Whether the record is about a failure, for the events that report both outcomes.

    Returns:
        The one object for this kind.

    Raises:
        KeyError: If the event or the version is not in the file.
    """
    defaults = _events()[provider]
    event = {**defaults, **defaults[str(event_id)]}
    versions = event.get("versions", [0])
    if version is not None and version not in versions:
        raise KeyError(f"{provider} {event_id} version {version}")
    chosen = versions[-1] if version is None else version
    return EventKind(
        provider=Provider(event["name"], event.get("guid"), event.get("event-source")),
        event_id=event_id,
        channel=event["channel"],
        version=chosen,
        level=event.get("level", 0),
        task=event.get("task", 0),
        opcode=event.get("opcode", 0),
        keywords=event["keywords"] ^ (_OTHER_OUTCOME if failed else 0),
        qualifiers=event.get("qualifiers"),
        payload=_payload(event, chosen),
    )


@cache
def _events() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("events.toml").read_text("utf-8"))


def _payload(event: dict[str, Any], version: int) -> Payload:
    if "qualifiers" in event and "fields" not in event:
        return ClassicData()
    rows = event.get("fields", [])
    fields = tuple(_field(*row[:3]) for row in rows if version >= (row[3] if len(row) > 3 else 0))
    return UserData(event["root"], event["namespace"], fields) if event.get("root") else EventData(fields)


def _field(name: str, type_name: str, *default: FieldValue) -> Field:
    return Field(name, FieldType(type_name), default[0] if default else None, required=not default)
