"""The fields of the filter language: names, what they take, an example, and the words to read them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal[
    "account",
    "text",
    "source",
    "address",
    "machine",
    "logon_type",
    "number",
    "logon_id",
    "status",
    "group",
    "within",
    "since",
    "until",
    "at",
    "duration",
    "session",
    "end",
    "grade",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the filter language."""

    name: str
    aliases: tuple[str, ...]
    kind: FieldKind
    column: str
    """Column of the event table that it looks at, where there is one."""
    words: str
    """Begins the sentence that reads a term back: ``user`` is alice."""
    takes: str
    """What to type after the colon."""
    example: str


FIELDS: tuple[Field, ...] = (
    Field(
        "user",
        ("u", "account"),
        "account",
        "",
        "user",
        "a name, DOMAIN\\name, or a SID; * and ? stand in",
        "user:alice",
    ),
    Field("type", ("t", "logontype"), "logon_type", "logon_type", "logon type", "a number or a name", "type:10,rdp"),
    Field("event", ("e", "id", "eid"), "number", "event_id", "event", "IDs or ranges", "event:4624,4634"),
    Field(
        "ip",
        ("addr", "srcip"),
        "address",
        "source_ip",
        "address",
        "an address, a network, or a pattern",
        "ip:10.0.0.0/8",
    ),
    Field("from", ("source", "src"), "source", "", "source", "an address or a workstation", "from:LAP9"),
    Field("machine", ("host", "computer", "m"), "machine", "computer", "machine", "a machine's name", "machine:WS1"),
    Field("logon", ("logonid", "lid"), "logon_id", "logon_id", "logon ID", "a logon ID", "logon:0x3e7"),
    Field("is", (), "group", "", "is", "a group", "is:person"),
    Field("time", ("date",), "within", "time", "time", "a time or a range", "time:2026-03-02T01..03"),
    Field("since", ("after",), "since", "time", "since", "a time, or -2h before the end of the log", "since:-2h"),
    Field(
        "until", ("before",), "until", "time", "until", "a time, or -2h before the end of the log", "until:2026-03-03"
    ),
    Field("at", (), "at", "", "on at", "a time", "at:2026-03-02T10:00"),
    Field("dur", ("duration",), "duration", "", "duration", "a length, with > or <", "dur:>2h"),
    Field("status", ("code",), "status", "status", "status", "a code or its label", "status:0xc000006a"),
    Field("session", ("s",), "session", "", "session", "a session's key", "session:WS1/0x5a1b2@1234"),
    Field("grade", (), "grade", "", "grade", "A to D, - or T", "grade:D"),
    Field("end", ("ended",), "end", "", "end", "how it ended", "end:crash"),
    Field("boot", (), "number", "boot", "boot", "numbers or ranges", "boot:2"),
    Field("channel", ("log",), "text", "channel", "channel", "a channel's name", "channel:Security"),
    Field("provider", (), "text", "provider", "provider", "a provider's name", "provider:*LocalSession*"),
    Field("workstation", ("ws",), "text", "workstation", "workstation", "a workstation's name", "workstation:LAP*"),
    Field("process", ("proc", "program"), "text", "process", "program", "a path or a part of it", "process:*mstsc.exe"),
    Field("to", ("object", "target"), "text", "object", "target", "a server, service or program", "to:FS01"),
    Field("record", ("rid",), "number", "record_id", "record", "EventRecordIDs or ranges", "record:100..200"),
)
"""All fields, the most used first."""

FIELD_NAMES: dict[str, Field] = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
"""Every name and alias to its field."""
