"""The triage summary: on one or two screens, who was on, who got in, who was refused, and what cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from logonscope.case import summary
from logonscope.case.view import Scope, View
from logonscope.columns import SESSION_COLUMNS
from logonscope.display import plural, sanitise, shorten, time_text
from logonscope.export.writers import write_table
from logonscope.knowledge.codes import status_text
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.case.case import Case
    from logonscope.filters.terms import Node
    from logonscope.model import Session
    from logonscope.store.row_window import RowWindow

_ROWS = 15
_STAYS = 40


def write_triage(case: Case, node: Node, out: TextIO, width: int) -> None:
    """Write the summary of a loaded case.

    Args:
        case: The case.
        node: A filter for the stays that are listed.
        out: Where to write.
        width: Characters to a line.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    con = case.cursor()
    stays = case.window(View("session", node, scope=Scope.STAYS))  # a wrong filter shows before anything is written
    _section(out, "Read", _read(case))
    _section(out, "Covered", [_coverage_line(entry, width) for entry in summary.coverage(con)[: 2 * _ROWS]])
    _stays(case, node, stays, out, width)
    _section(out, "Where people came from", _arrival_lines(summary.arrivals(con, _ROWS)))
    _section(out, "Refused logons (4625), most first", _refusal_lines(summary.refusals(con, _ROWS)))
    notable = case.events([entry.row for entry in summary.notable(con, _ROWS)])
    _section(
        out,
        "Look at these first: cleared logs, lost events, clock and policy changes",
        [shorten(f"{time_text(e.time)}  {sanitise(e.machine)}  {plain_words(e)}", width - 2) for e in notable],
    )
    _section(out, "Restarts", _restart_lines(case))
    _section(out, "What these logs cannot show", _unknown(case, summary.blindness(con)))


def _section(out: TextIO, title: str, lines: Iterable[str]) -> None:
    body = list(lines)
    out.write(f"{title}\n")
    for line in body or ["nothing"]:
        out.write(f"  {line}\n")
    out.write("\n")


def _read(case: Case) -> list[str]:
    records = sum(source.records for source in case.sources)
    lines = [f"{plural(len(case.sources), 'file')}, {plural(records, 'record')}"]
    if case.duplicates:
        lines.append(f"{plural(case.duplicates, 'record')} in more than one file, counted once")
    lines += [f"{sanitise(error.message)}" for error in case.unreadable]
    lines += [
        sanitise(f"{source.path.name}: {plural(source.problems, 'part')} could not be read")
        for source in case.sources
        if source.problems
    ]
    return lines


def _coverage_line(entry: summary.Coverage, width: int) -> str:
    channel = shorten(sanitise(entry.channel), max(20, width - 75))
    return (
        f"{shorten(sanitise(entry.machine), 15):15}  {time_text(entry.first)} to {time_text(entry.last)}"
        f"  {entry.records:>9,}  {channel}"
    )


def _stays(case: Case, node: Node, window: RowWindow, out: TextIO, width: int) -> None:
    out.write(f"Who was on: {plural(window.count, 'stay')} of people, by start\n")
    stays: Sequence[Session] = case.sessions(window.page(0, _STAYS))
    if stays:
        columns = tuple(column for column in SESSION_COLUMNS if column.rank <= (4 if width >= 110 else 2))
        write_table(stays, columns, out, width)
    if window.count > _STAYS:
        out.write(f"  ... and {window.count - _STAYS:,} more: logonscope sessions\n")
    others = case.count(View("session", node, scope=Scope.PEOPLE)) - window.count
    if others > 0:
        words = plural(others, "contact, task, service or prompt", "contacts, tasks, services, prompts")
        out.write(f"  beside them {words}\n")
    out.write("\n")


def _arrival_lines(entries: Iterable[summary.Arrivals]) -> list[str]:
    return [
        f"{sanitise(e.account.label)} on {sanitise(e.machine)} from {sanitise(e.source) or 'an unnamed source'}:"
        f" {plural(e.logons, 'logon')} ({', '.join(map(logon_type_text, e.logon_types))}),"
        f" {time_text(e.first)} to {time_text(e.last)}{', with administrator rights' if e.privileged else ''}"
        for e in entries
    ]


def _refusal_lines(entries: Iterable[summary.Refusals]) -> list[str]:
    return [
        f"{e.attempts:>7,} x {sanitise(e.account.label) or '(no name)'} on {sanitise(e.machine)}"
        f" from {sanitise(e.source) or 'an unnamed source'}: {status_text(e.status)},"
        f" {time_text(e.first)} to {time_text(e.last)}"
        for e in entries
    ]


def _restart_lines(case: Case) -> list[str]:
    boots = case.boots()
    lines = []
    for machine in dict.fromkeys(boot.machine for boot in boots):
        own = [boot for boot in boots if boot.machine == machine]
        ends = [boot.end_evidence for boot in own]
        told = [f"{ends.count(kind)} by {kind}" for kind in ("shutdown", "crash", "reboot") if kind in ends]
        lines.append(
            f"{sanitise(machine)}: {plural(len(own), 'boot')}" + (f", ended {', '.join(told)}" if told else "")
        )
    return lines


def _unknown(case: Case, blind: Iterable[summary.Blindness]) -> list[str]:
    lines = []
    for entry in blind:
        missing = []
        if not entry.logoffs:
            missing.append("no logoff was ever recorded: ends come from restarts and other logs only")
        if not entry.presence:
            missing.append("lock, unlock and disconnect are not audited (Windows default)")
        if not entry.refusals:
            missing.append("no refused logon was recorded: there were none, or they are not audited")
        if not entry.programs:
            missing.append("no record of what the sessions ran (4688)")
        if entry.missing_records:
            missing.append(f"{plural(entry.missing_records, 'record')} missing from the run of numbers")
        lines += [f"{sanitise(entry.machine)}: {what}" for what in missing]
    if any(source.problems for source in case.sources):
        lines.append("what stood in the damaged parts of the files named above")
    return lines
