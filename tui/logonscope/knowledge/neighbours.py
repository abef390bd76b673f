"""Records beside an event that bear on what it means (``neighbours.toml``)."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from logonscope.knowledge.toml_file import load

Shared = Literal["logon ID", "user", "user here"]


class Neighbour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry; the fields are explained at the head of ``neighbours.toml``."""

    of: list[int]
    look: list[int]
    by: Shared
    before: int
    """Seconds."""
    after: int
    """Seconds."""
    found: str
    missing: str = ""
    types: list[int] = []


class _Neighbours(msgspec.Struct, forbid_unknown_fields=True):
    neighbour: list[Neighbour]


@cache
def neighbours() -> tuple[Neighbour, ...]:
    """All entries, in the order of the file."""
    return tuple(load("neighbours.toml", _Neighbours).neighbour)


def neighbours_of(event_id: int, logon_type: int | None) -> tuple[Neighbour, ...]:
    """Those of one event of the Security log.

    Args:
        event_id: By today's number.
        logon_type: Its logon type, or None.
    """
    return tuple(
        entry for entry in neighbours() if event_id in entry.of and (not entry.types or logon_type in entry.types)
    )
