"""The triage summary for machines: one JSON object, written part by part."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

from logonscope import __version__
from logonscope.case import summary
from logonscope.case.view import Scope, View
from logonscope.case.zones import machine_zones
from logonscope.export.findings import finding_fields
from logonscope.export.lists import LISTINGS
from logonscope.export.records import BOOT_FIELDS, COVERAGE_FIELDS, SESSION_FIELDS, Field
from logonscope.export.triage import notable_marks, unknown_lines
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.knowledge.codes import status_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.case.case import Case
    from logonscope.case.zones import Notes
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Findings

_VERSION = 1
"""Counts up when a field is renamed or taken away."""

ARRIVAL_FIELDS: tuple[Field[summary.Arrivals], ...] = (
    Field("machine", "text", lambda row: row.machine),
    Field("user", "text", lambda row: row.account.name),
    Field("domain", "text", lambda row: row.account.domain),
    Field("sid", "text", lambda row: row.account.sid),
    Field("source", "text", lambda row: row.source),
    Field("logon_types", "texts", lambda row: row.logon_types),
    Field("logons", "number", lambda row: row.logons),
    Field("first", "time", lambda row: row.first),
    Field("last", "time", lambda row: row.last),
    Field("privileged", "flag", lambda row: row.privileged),
)
FAILURE_FIELDS: tuple[Field[summary.Refusals], ...] = (
    Field("machine", "text", lambda row: row.machine),
    Field("user", "text", lambda row: row.account.name),
    Field("domain", "text", lambda row: row.account.domain),
    Field("sid", "text", lambda row: row.account.sid),
    Field("source", "text", lambda row: row.source),
    Field("status", "hex", lambda row: row.status),
    Field("reason", "text", lambda row: status_text(row.status)),
    Field("attempts", "number", lambda row: row.attempts),
    Field("first", "time", lambda row: row.first),
    Field("last", "time", lambda row: row.last),
)


def write_triage_json(case: Case, node: Node, filter_text: str, outcome: Findings, out: TextIO) -> None:
    """Write the summary of a loaded case as one object, in ASCII.

    Args:
        case: The case.
        node: A filter for the stays that are listed.
        filter_text: The same as it was typed.
        outcome: What the rules found.
        out: Where to write.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    con = case.cursor()
    stays = case.window(View("session", node, scope=Scope.STAYS))  # a wrong filter shows before anything is written
    marks = case.coverage()
    out.write("{")
    _value(out, "triage", _VERSION, comma="")
    _value(out, "program", f"logonscope {__version__}")
    _value(out, "filter", filter_text)
    _value(out, "read", _read(case))
    _list(out, "machines", _machines(case, machine_zones(con)))
    _list(out, "coverage", _plain(COVERAGE_FIELDS, (mark for mark in marks if mark.kind == "covered")))
    _list(out, "findings", _plain(finding_fields(case), outcome.found))
    _list(out, "broken_rules", ({"rule": broken.rule, "reason": broken.reason} for broken in outcome.broken))
    _value(out, "muted_findings", outcome.muted)
    _value(out, "unused_watchlist_entries", list(outcome.unused))
    _list(out, "stays", _plain(SESSION_FIELDS, LISTINGS["session"].rows(case, stays)))
    _list(out, "arrivals", _plain(ARRIVAL_FIELDS, summary.arrivals(con)))
    _list(out, "failures", _plain(FAILURE_FIELDS, summary.refusals(con)))
    _list(out, "log_changes", _plain(COVERAGE_FIELDS, notable_marks(marks)))
    _list(out, "boots", _plain(BOOT_FIELDS, case.boots()))
    _value(out, "unknown", unknown_lines(case, marks))
    out.write("\n}\n")


def _value(out: TextIO, name: str, value: Any, comma: str = ",") -> None:
    out.write(f"{comma}\n{json.dumps(name)}: {json.dumps(value)}")


def _list(out: TextIO, name: str, values: Iterable[dict[str, Any]]) -> None:
    """One entry a line, never all of them in memory."""
    out.write(f",\n{json.dumps(name)}: [")
    comma = ""
    for value in values:
        out.write(f"{comma}\n  {json.dumps(value)}")
        comma = ","
    out.write("]")


def _plain(fields: Iterable[Field[Any]], rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {field.name: field.plain(row) for field in fields}


def _read(case: Case) -> dict[str, Any]:
    return {
        "files": [
            {
                "path": str(source.path),
                "kind": source.kind,
                "bytes": source.size,
                "records": source.records,
                "problems": source.problems,
                "verdict": source.verdict,
                "notes": list(source.notes),
            }
            for source in case.sources
        ],
        "unreadable": [error.message for error in case.unreadable],
        "records": sum(source.records for source in case.sources),
        "duplicates": case.duplicates,
    }


def _machines(case: Case, zones: dict[str, Notes]) -> Iterator[dict[str, Any]]:
    boots = case.boots()
    for machine in dict.fromkeys(boot.machine for boot in boots):
        own = [boot for boot in boots if boot.machine == machine]
        where = parse(f"machine:{quoted(machine)}")
        last = zones[machine][-1] if machine in zones else None
        yield {
            "machine": machine,
            "time_zone": last and {"windows": last.name, "iana": last.zone, "minutes_east": last.minutes},
            "boots": len(own),
            "boot_ends": dict(Counter(boot.end_evidence for boot in own)),
            "stays": case.count(View("session", where, scope=Scope.STAYS)),
            "refused_logons": case.count(View("event", parse(f"event:4625 machine:{quoted(machine)}"))),
        }
