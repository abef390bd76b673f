"""The machines that a remote session may have come from, as lines to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.knowledge.attendance import attendance_words
from logonscope.knowledge.roles import source_words

if TYPE_CHECKING:
    from logonscope.model import Session, SourceMachine

SOURCE_COLUMNS: tuple[Column[SourceMachine], ...] = (
    Column("Machine", 15, 0, lambda source: sanitise(source.machine)),
    Column("Records", 7, 0, lambda source: f"{source.records:,}", right=True),
    Column("Covered", 7, 0, lambda source: "yes" if source.covers else "no"),
    Column("Pointing", 8, 1, lambda source: f"{len(source.rows):,}", right=True),
    Column("Why", 30, 0, lambda source: reasons_text(source), takes_rest=True),
)
"""Columns of the list."""


def reasons_text(source: SourceMachine) -> str:
    """Why a machine is thought to be the source, the strongest reason first."""
    return "; ".join(attendance_words().source[reason] for reason in source.reasons)


def source_text(session: Session) -> str:
    """What a session's own records say of its source, sanitised."""
    parts = []
    if session.source_ip:
        parts.append(f"address {sanitise(session.source_ip)} {source_words(session.source_evidence)}".rstrip())
    if session.workstation:
        parts.append(f"a client that called itself {sanitise(session.workstation)}")
    return ", ".join(parts) or "no source"
