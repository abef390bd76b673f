"""Security events of Windows NT to 2003: the names of their texts, and what each one is today."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.errors import KnowledgeError
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECURITY = "Security"
"""The source of these records."""
AUDITING = "Microsoft-Windows-Security-Auditing"
"""The provider that they come from since Vista."""
ADDED = 4096
"""What was added to the number of most events with Vista."""
_LOGON_ID = re.compile(r"\(0x[0-9A-Fa-f]{1,8},\s*0x[0-9A-Fa-f]{1,8}\)|-?")
_SID = re.compile(r"%\{(S-1-[\d-]+)\}")


class OldEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of ``before_vista.toml``; see its head."""

    id: int
    modern: int
    sample: tuple[str, ...]
    reads: str
    of: str = AUDITING
    like: int = 0
    """The event whose texts have the same places."""
    strings: tuple[str, ...] = ()
    least: int = 0
    sid: str = ""
    rights: tuple[str, ...] = ()
    status: int = 0
    title: str = ""
    words: str = ""
    about: str = ""

    @property
    def sample_fields(self) -> dict[str, Any]:
        """The sample's texts by name."""
        return named_strings(self.id, self.sample, "") or {}


class _OldEvents(msgspec.Struct, forbid_unknown_fields=True):
    event: list[OldEvent]


@cache
def old_events() -> Mapping[int, OldEvent]:
    """All entries by event ID.

    Raises:
        KnowledgeError: An event is listed twice, or has the places of one that is not there.
    """
    found: dict[int, OldEvent] = {}
    for event in load("before_vista.toml", _OldEvents).event:
        if event.id in found or (event.like and event.like not in found):
            raise KnowledgeError(f"knowledge/before_vista.toml: {event.id} is listed twice, or like an unknown one")
        like = found.get(event.like)
        found[event.id] = msgspec.structs.replace(event, strings=like.strings, least=like.least) if like else event
    return found


@cache
def numbers_of(modern: int) -> tuple[int, ...]:
    """The numbers that an event of the Security log has and had: today's first."""
    return (modern, *(event.id for event in old_events().values() if event.modern == modern))


def named_strings(event_id: int, strings: Sequence[str], sid: str) -> dict[str, Any] | None:
    """The texts of a record by name.

    Args:
        event_id: The event.
        strings: Its texts, in order.
        sid: The record's own user, empty for none.

    Returns:
        The fields; None where the event's texts have no known names, or do not lie where this event's do: versions
        of Windows differ, and a wrong name would be worse than none.
    """
    event = old_events().get(event_id)
    if event is None or not event.strings or len(strings) < event.least:
        return None
    fields: dict[str, Any] = {event.sid: sid} if event.sid and sid else {}
    for name, text in zip(event.strings, strings, strict=False):
        if name.lower().endswith("logonid") and not _LOGON_ID.fullmatch(text.strip()):
            return None
        sid_alone = _SID.fullmatch(text)
        fields[name] = sid_alone[1] if sid_alone else text
    if len(strings) > len(event.strings):
        fields["Data"] = {"#text": list(strings[len(event.strings) :])}
    return fields
