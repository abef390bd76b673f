"""Explanations line by line: of an event, a logon type, a code, a SID, a right, a field, a subcategory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logonscope.display import sanitise
from logonscope.errors import UnknownTopicError
from logonscope.filters.names import nearest
from logonscope.knowledge.catalogue import catalogue, event_kinds, provider_short
from logonscope.knowledge.codes import codes, sid_text, status_codes
from logonscope.knowledge.logon_types import logon_types
from logonscope.knowledge.meanings import meaning
from logonscope.knowledge.notes import (
    audit_policy,
    event_notes,
    events_of,
    field_notes,
    note_key,
    subcategory,
)
from logonscope.knowledge.words import field_text, plain_words
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.knowledge.catalogue import EventKind
    from logonscope.knowledge.notes import FieldNote, Subcategory
    from logonscope.model import Event

Facts = tuple[Fact, ...]
_NUMBER = re.compile(r"0x[0-9a-f]+|-?\d+", re.IGNORECASE)
_LAST_LOGON_TYPE = 13
_EXAMPLES = "For example: 4634, type 10, 0xC000006A, S-1-5-18, SeDebugPrivilege, TargetLogonId."


def explain_event(event: Event, standing: Facts = ()) -> Facts:
    """An event field by field: what it means, what it does not prove, and what to expect around it.

    Args:
        event: Any event; of one that the catalogue lacks only its fields are explained.
        standing: What the case knows of it; it stands between what such events mean and the fields.
    """
    kind = event_kinds().get((event.provider, event.event_id))
    facts = [Fact(plain_words(event))]
    facts += _event_facts(kind) if kind else [Fact("The catalogue has no explanation of this event.")]
    facts += [*standing, Fact("Its fields", heading=True)]
    for name in event.fields:
        if not name.startswith("#"):
            told = meaning(event.provider, event.event_id, name, event.fields)
            facts.append(Fact(sanitise(field_text(event.fields, name)) or "-", sanitise(name), sanitise(told)))
            facts += [Fact(line) for line in _field_lines(field_notes().get(name))]
    known = logon_types().get(event.logon_type) if event.logon_type is not None else None
    return (*facts, *_logon_type_facts(known.type)) if known else tuple(facts)


def explain_topic(text: str) -> Facts:
    """Explain what somebody names.

    Args:
        text: ``4634``, ``LocalSessionManager 24``, ``type 10``, ``0xC000006A``, ``S-1-5-18``, ``SeDebugPrivilege``,
            ``%%1842``, ``TargetLogonId``, ``Other Logon/Logoff``, ``NtLmSsp``.

    Raises:
        UnknownTopicError: Nothing of that name is known; says which is nearest.
    """
    topic = " ".join(text.split())
    facts = tuple(fact for explain in _EXPLAINERS for fact in explain(topic))
    if not facts:
        raise UnknownTopicError(f"nothing is known of {sanitise(topic)!r}", nearest(topic, _names()) or _EXAMPLES)
    return facts


def _names() -> Iterator[str]:
    yield from field_notes()
    yield from codes().privilege
    yield from codes().logon_process
    for entry in audit_policy().subcategory:
        yield entry.name
    for kind in catalogue().event:
        yield str(kind.id)


def _explain_events(topic: str) -> Iterator[Fact]:
    words, _, number = topic.removeprefix("event ").rpartition(" ")
    if not number.isdecimal():
        return
    for kind in catalogue().event:
        named = not words or words.lower() in (provider_short(kind.provider).lower(), kind.provider.lower())
        if str(kind.id) == number and named:
            yield from _event_facts(kind)


def _event_facts(kind: EventKind) -> Iterator[Fact]:
    key = note_key(kind)
    note = event_notes()[key]
    own = f"{provider_short(kind.provider)} {kind.id}"
    yield Fact(f"{own} {kind.title}", heading=True)
    if own != key:
        yield Fact(f"Written before Windows Vista; today it is {_number_of(key)}. What holds for that:")
    yield Fact(note.means)
    for label, told in (
        ("Does not prove", note.proves_not),
        ("Usually before it", note.before),
        ("Usually after it", note.after),
    ):
        if told:
            yield Fact(told, label)
    yield Fact(kind.audit or "always written, whatever the policy", "Audit subcategory")
    known = subcategory(kind.audit)
    if known:
        yield Fact(f"clients: {known.client}; servers: {known.server}", "On by default")


def _number_of(key: str) -> str:
    """The event ID in a key of ``event_notes.toml``."""
    return key.rpartition(" ")[2]


def _explain_logon_type(topic: str) -> Iterator[Fact]:
    words, _, number = topic.lower().rpartition(" ")
    if number.isdecimal() and int(number) <= _LAST_LOGON_TYPE and words in ("", "type", "logon type"):
        yield from _logon_type_facts(int(number))


def _logon_type_facts(number: int) -> Iterator[Fact]:
    entry = logon_types()[number]
    yield Fact(f"Logon type {entry.type} {entry.name}", heading=True)
    yield Fact(entry.title + ".")
    yield Fact(entry.creates, "What creates it")
    yield Fact(entry.leaves, "Credentials left on this machine")
    yield Fact(entry.proves_not, "What it does not prove")
    yield Fact(entry.expect, "What to expect with it")
    yield Fact(entry.benign, "Benign")
    yield Fact(entry.hostile, "Hostile")


def _explain_number(topic: str) -> Iterator[Fact]:
    if not _NUMBER.fullmatch(topic):
        return
    number = int(topic, 0) if topic[:2].lower() == "0x" else int(topic)
    tables: tuple[tuple[str, str], ...] = (("ntstatus", "Status (4625, 4776)"), ("kerberos", "Kerberos (4768 to 4771)"))
    for table, title in tables:
        known = status_codes(table).get(number % (1 << 32))
        if known and (table == "ntstatus" or topic[:2].lower() == "0x"):
            yield Fact(f"{title} {number % (1 << 32):#x}: {known.label}", heading=True)
            yield Fact(known.meaning or "No more is known of it; it is rare.")
            yield Fact(known.status_class, "Kind of failure")
    if topic[:2].lower() == "0x":
        for names, title in ((codes().logon_id, "Logon ID"), (codes().encryption, "Encryption type")):
            told = names.get(hex(number))
            if told:
                yield Fact(f"{title} {number:#x}", heading=True)
                yield Fact(told)


def _explain_sid(topic: str) -> Iterator[Fact]:
    told = sid_text(topic.upper()) if topic[:2].upper() == "S-" else ""
    if told:
        yield Fact(f"SID {sanitise(topic.upper())}", heading=True)
        yield Fact(told)


def _explain_name(topic: str) -> Iterator[Fact]:
    tables = (
        (codes().privilege, "Privilege"),
        (codes().message, "Message"),
        (codes().logon_process, "Logon process"),
        (codes().package, "Authentication package"),
    )
    for names, title in tables:
        for name, told in names.items():
            if name.lower() == topic.lower():
                yield Fact(f"{title} {name}", heading=True)
                yield Fact(told)


def _explain_field(topic: str) -> Iterator[Fact]:
    for name, note in field_notes().items():
        if name.lower() == topic.lower():
            yield Fact(f"Field {name}", heading=True)
            yield from (Fact(line) for line in _field_lines(note))


def _field_lines(note: FieldNote | None) -> Iterator[str]:
    if note:
        yield note.means
        if note.caveat:
            yield f"Mind: {note.caveat}"


def _explain_subcategory(topic: str) -> Iterator[Fact]:
    known = subcategory(topic)
    return subcategory_facts(known) if known else iter(())


def subcategory_facts(entry: Subcategory) -> Iterator[Fact]:
    """An audit subcategory: what it writes, and how to turn it on and off."""
    policy = audit_policy()
    yield Fact(f"Audit subcategory {entry.name}", heading=True)
    yield Fact(f"Where it is off, nothing is known of: {entry.hides}.")
    yield Fact(", ".join(f"{kind.id} {kind.title}" for kind in events_of(entry.name)), "Writes")
    yield Fact(f"clients: {entry.client}; servers: {entry.server}", "On by default")
    yield Fact(f"{policy.policy} > {entry.category}", "Group policy")
    yield Fact(policy.force)
    guid = policy.guid_of(entry)
    yield Fact(f'auditpol /set /subcategory:"{guid}" /success:enable /failure:enable', "Enable")
    yield Fact(f'auditpol /set /subcategory:"{guid}" /success:disable /failure:disable', "Disable")
    yield Fact(f"{policy.apply} makes a changed group policy take effect; {policy.show} shows what is in force.")


_EXPLAINERS: tuple[Callable[[str], Iterator[Fact]], ...] = (
    _explain_events,
    _explain_logon_type,
    _explain_number,
    _explain_sid,
    _explain_name,
    _explain_field,
    _explain_subcategory,
)
