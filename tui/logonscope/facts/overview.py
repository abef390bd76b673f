"""The machines of a lake as lines, and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.columns import Column
from logonscope.display import plural, sanitise, time_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.lake.overview import MachineOverview

OVERVIEW_COLUMNS: tuple[Column[MachineOverview], ...] = (
    Column("High", 5, 0, lambda machine: f"{machine.high:,}", "high", right=True),
    Column("Findings", 8, 0, lambda machine: f"{machine.findings:,}", "findings", right=True),
    Column("Machine", 12, 0, lambda machine: sanitise(machine.name), "machine", takes_rest=True),
    Column("Stays", 7, 1, lambda machine: f"{machine.stays:,}", "stays", right=True),
    Column("Refused", 9, 2, lambda machine: f"{machine.failures:,}", "failures", right=True),
    Column("Missing", 9, 4, lambda machine: f"{machine.missing:,}", "missing", right=True),
    Column("Cleared", 7, 3, lambda machine: f"{machine.cleared:,}", "cleared", right=True),
    Column("Records", 11, 5, lambda machine: f"{machine.records:,}", "records", right=True),
    Column("First (UTC)", 16, 6, lambda machine: _minute(machine, "first"), "first"),
    Column("Last (UTC)", 16, 0, lambda machine: _minute(machine, "last"), "last"),
)
"""Columns of the list; the first counts the findings of severity high."""

OVERVIEW_SORTS: dict[str, Callable[[MachineOverview], Any]] = {
    "high": lambda machine: (machine.high, machine.findings, machine.failures),
    "findings": lambda machine: machine.findings,
    "machine": lambda machine: machine.name.casefold(),
    "stays": lambda machine: machine.stays,
    "failures": lambda machine: machine.failures,
    "missing": lambda machine: machine.missing,
    "cleared": lambda machine: machine.cleared,
    "records": lambda machine: machine.records,
    "first": lambda machine: (machine.first is not None, machine.first),
    "last": lambda machine: (machine.last is not None, machine.last),
}
"""What each order of the columns sorts by."""


def _minute(machine: MachineOverview, end: str) -> str:
    time = getattr(machine, end)
    return time_text(time)[:16] if time else "-"


def overview_line(machine: MachineOverview) -> str:
    """A machine in full, sanitised."""
    span = f"from {time_text(machine.first)} to {time_text(machine.last)} UTC" if machine.first else "of unknown times"
    gaps = f"{plural(machine.missing, 'record')} missing, logs cleared {plural(machine.cleared, 'time')}"
    return (
        f"{sanitise(machine.name)}: {plural(machine.records, 'record')} of {plural(machine.files, 'file')}, {span}."
        f" {plural(machine.stays, 'stay')} of people, {plural(machine.sessions, 'session')} in all,"
        f" {plural(machine.failures, 'refused logon')}. {plural(machine.findings, 'finding')}, {machine.high:,} of them"
        f" of severity high. {gaps}."
    )
