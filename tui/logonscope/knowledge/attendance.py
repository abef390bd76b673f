"""The words of who was on, and of where a session came from (``attendance.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from logonscope.display import time_text
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from logonscope.model import Session


class AttendanceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``attendance.toml``; each table by what the case says."""

    state: dict[str, str]
    """State of a session at a moment."""
    unaudited: dict[str, str]
    """What a state does not say, where the logs could not show it."""
    possibly: dict[str, str]
    """Why a session was only possibly on."""
    machine: dict[str, str]
    """State of a machine at a moment."""
    source: dict[str, str]
    """Why a machine is thought to be the source of a session."""


@cache
def attendance_words() -> AttendanceWords:
    """Load the words once."""
    return load("attendance.toml", AttendanceWords)


def possibly_text(reason: str, session: Session) -> str:
    """Say why a session was only possibly on at some moment.

    Args:
        reason: A key of ``[possibly]``.
        session: The session.
    """
    template = attendance_words().possibly[reason]
    return template.format(
        earliest=time_text(session.end_earliest),
        latest=time_text(session.start_latest if reason == "began before" else session.end_latest),
        last_seen=time_text(session.last_seen),
    )
