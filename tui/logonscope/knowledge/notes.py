"""What events, fields and audit subcategories mean (``event_notes.toml``, ``field_notes.toml``, ``audit.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from logonscope.knowledge.before_vista import SECURITY, old_events
from logonscope.knowledge.catalogue import EventKind, catalogue, provider_short
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an event means beyond its words; the fields are explained at the head of ``event_notes.toml``."""

    event: str
    """``Security 4634``: the provider's short name and the event ID."""
    means: str
    proves_not: str = ""
    before: str = ""
    after: str = ""


class FieldNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field means."""

    names: list[str]
    means: str
    caveat: str = ""


class Subcategory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An audit subcategory."""

    name: str
    category: str
    number: str
    """The part of its GUID that differs."""
    client: str
    server: str
    hides: str


class AuditPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``audit.toml``."""

    policy: str
    force: str
    apply: str
    show: str
    guid: str
    subcategory: list[Subcategory]

    def guid_of(self, subcategory: Subcategory) -> str:
        """Its GUID, as ``auditpol`` takes it."""
        return self.guid.format(number=subcategory.number)


class _EventNotes(msgspec.Struct, forbid_unknown_fields=True):
    note: list[EventNote]


class _FieldNotes(msgspec.Struct, forbid_unknown_fields=True):
    field: list[FieldNote]


@cache
def event_notes() -> Mapping[str, EventNote]:
    """The notes by ``Security 4634``."""
    return {note.event: note for note in load("event_notes.toml", _EventNotes).note}


@cache
def field_notes() -> Mapping[str, FieldNote]:
    """The notes by field name."""
    return {name: note for note in load("field_notes.toml", _FieldNotes).field for name in note.names}


@cache
def audit_policy() -> AuditPolicy:
    """The audit subcategories."""
    return load("audit.toml", AuditPolicy)


def subcategory(name: str) -> Subcategory | None:
    """A subcategory by its name, case apart."""
    return next((entry for entry in audit_policy().subcategory if entry.name.lower() == name.lower()), None)


def note_key(kind: EventKind) -> str:
    """How an event is called in ``event_notes.toml``; one from before Vista as what it is today."""
    old = old_events().get(kind.id) if kind.provider == SECURITY else None
    if old:
        return f"{provider_short(old.of)} {old.modern}"
    return f"{provider_short(kind.provider)} {kind.id}"


def events_of(name: str) -> list[EventKind]:
    """The events that an audit subcategory writes."""
    return [kind for kind in catalogue().event if kind.audit.lower() == name.lower()]
