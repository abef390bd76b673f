"""The triage summary: on one or two screens, who was on, who got in, who was refused, and what cannot be known."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, TextIO

from logonscope.case import summary
from logonscope.case.view import Scope, View
from logonscope.columns import SESSION_COLUMNS
from logonscope.display import plural, sanitise, shorten, time_text
from logonscope.export.table import write_table
from logonscope.facts.finding import finding_line, outcome_notes
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.knowledge.codes import status_text
from logonscope.knowledge.coverage import mark_sentence, unaudited_words
from logonscope.knowledge.logon_types import logon_type_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Findings
    from logonscope.model import CoverageMark, Session
    from logonscope.store.row_window import RowWindow

_ROWS = 15
_STAYS = 40
_FINDINGS = 20
_HANGING = 15
_NOTABLE = ("cleared", "lost", "missing", "full", "stopped", "clock", "backwards", "policy", "no logon ID")
_NOTABLE_STEP = 60_000_000
"""Microseconds; a clock that is set by less is being kept right."""


def write_triage(case: Case, node: Node, outcome: Findings, out: TextIO, width: int) -> None:
    """Write the summary of a loaded case.

    Args:
        case: The case.
        node: A filter for the stays that are listed.
        outcome: What the rules found.
        out: Where to write.
        width: Characters to a line.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    con = case.cursor()
    stays = case.window(View("session", node, scope=Scope.STAYS))  # a wrong filter shows before anything is written
    _section(out, "Read", _read(case))
    marks = case.coverage()
    _section(out, "Covered", _some([_covered(mark, width) for mark in marks if mark.kind == "covered"], 2 * _ROWS))
    _findings(outcome, out, width)
    _stays(case, node, stays, out, width)
    _section(out, "Where people came from", _arrival_lines(summary.arrivals(con, _ROWS)))
    _section(out, "Refused logons (4625), most first", _refusal_lines(summary.refusals(con, _ROWS)))
    _section(
        out,
        "What happened to the logs: cleared, lost or missing records, stopped logging, clock and policy changes",
        _some([_mark(mark, width) for mark in notable_marks(marks)], _ROWS),
    )
    _section(out, "Restarts", _restart_lines(case))
    _section(out, "What these logs cannot show", unknown_lines(case, marks))


def _section(out: TextIO, title: str, lines: Iterable[str]) -> None:
    body = list(lines)
    out.write(f"{title}\n")
    for line in body or ["nothing"]:
        out.write(f"  {line}\n")
    out.write("\n")


def _findings(outcome: Findings, out: TextIO, width: int) -> None:
    lines = [line for finding in outcome.found[:_FINDINGS] for line in _wrapped(finding_line(finding), width)]
    if len(outcome.found) > _FINDINGS:
        lines.append(f"... and {len(outcome.found) - _FINDINGS:,} more: logonscope findings")
    lines += outcome_notes(outcome)
    _section(out, f"Look here first: {plural(len(outcome.found), 'finding')}, questions and no verdicts", lines)


def _wrapped(line: str, width: int) -> list[str]:
    return wrap(line, max(40, width - 2), subsequent_indent=" " * _HANGING, break_on_hyphens=False)


def _read(case: Case) -> list[str]:
    records = sum(source.records for source in case.sources)
    lines = [f"{plural(len(case.sources), 'file')}, {plural(records, 'record')}"]
    if case.options.cut:
        left_out = plural(case.left_out, "record")
        lines.append(sanitise(f"ONLY A PART: {case.options.cut}; {left_out} left out, of which nothing is said here"))
    if case.duplicates:
        lines.append(f"{plural(case.duplicates, 'record')} in more than one file, counted once")
    lines += [f"{sanitise(error.message)}" for error in case.unreadable]
    lines += [
        sanitise(f"{source.path.name}: {plural(source.problems, 'part')} could not be read")
        for source in case.sources
        if source.problems
    ]
    return lines


def _some(lines: Sequence[str], most: int) -> list[str]:
    more = [f"... and {len(lines) - most:,} more: logonscope coverage"] if len(lines) > most else []
    return [*lines[:most], *more]


def _covered(mark: CoverageMark, width: int) -> str:
    channel = shorten(sanitise(mark.channel), max(20, width - 75))
    return (
        f"{shorten(sanitise(mark.machine), 15):15}  {time_text(mark.since)} to {time_text(mark.until)}"
        f"  {mark.amount or 0:>9,}  {channel}"
    )


def notable_marks(marks: Iterable[CoverageMark]) -> list[CoverageMark]:
    """The marks that mean more than routine, in the order of time."""
    found = [mark for mark in marks if mark.kind in _NOTABLE and not _is_routine(mark)]
    return sorted(found, key=lambda mark: (time_text(mark.since), mark.machine, mark.mark_id))


def _is_routine(mark: CoverageMark) -> bool:
    """Whether the clock was only kept right, or a record of another log than Security was written late."""
    if mark.kind == "backwards":
        return mark.channel != "Security"
    return mark.kind == "clock" and abs(mark.amount or 0) < _NOTABLE_STEP


def _mark(mark: CoverageMark, width: int) -> str:
    return shorten(f"{time_text(mark.since)}  {sanitise(mark.machine)}  {mark_sentence(mark)}", width - 2)


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


def unknown_lines(case: Case, marks: Sequence[CoverageMark]) -> list[str]:
    """What the logs cannot show, machine by machine, in sanitised lines."""
    lines = []
    for machine in dict.fromkeys(mark.machine for mark in marks if mark.machine):
        own = [mark for mark in marks if mark.machine == machine]
        lines += [f"{sanitise(machine)}: {what}" for what in _hidden(case, machine, own)]
    if any(source.problems for source in case.sources):
        lines.append("what stood in the damaged parts of the files named above")
    return lines


def _hidden(case: Case, machine: str, marks: Sequence[CoverageMark]) -> Iterator[str]:
    """What the logs of one machine cannot show."""
    for mark in marks:
        hidden = unaudited_words(mark.text) if mark.kind == "never seen" else ""
        if mark.kind == "left out":
            yield mark_sentence(mark)
        elif hidden:
            yield f"{hidden}: {sanitise(mark.text)} was never seen"
        elif mark.kind == "filtered":
            yield mark_sentence(mark)
    events = case.options.cut.events
    if (not events or 4625 in events) and not case.count(View("event", parse(f"event:4625 machine:{quoted(machine)}"))):
        yield "no refused logon was recorded: there were none, or they are not audited"
    missing = sum(mark.amount or 0 for mark in marks if mark.kind == "missing")
    if missing:
        yield f"{plural(missing, 'record')} missing from the run of record IDs"
