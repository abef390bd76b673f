"""The triage summary for machines: one JSON object, written part by part."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

from logonscope import __version__
from logonscope.case import summary
from logonscope.case.view import Scope, View
from logonscope.case.zones import machine_zones
from logonscope.export.fields import RowField
from logonscope.export.findings import finding_citing, finding_fields
from logonscope.export.rows import made_rows
from logonscope.export.stored_rows import stored_rows
from logonscope.export.triage import notable_marks, unknown_lines
from logonscope.export.writers import json_records
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.knowledge.codes import status_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logonscope.case.case import Case
    from logonscope.case.zones import Notes
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Findings
    from logonscope.model import CoverageMark

_VERSION = 1
"""Counts up when a field is renamed or taken away."""

ARRIVAL_FIELDS: tuple[RowField[summary.Arrivals], ...] = (
    RowField("machine", "text", "The machine.", lambda row: row.machine),
    RowField("user", "text", "Who.", lambda row: row.account.name),
    RowField("domain", "text", "The domain or machine of that account.", lambda row: row.account.domain),
    RowField("sid", "text", "Its SID.", lambda row: row.account.sid),
    RowField("source", "text", "Where from.", lambda row: row.source),
    RowField("logon_types", "numbers", "How.", lambda row: row.logon_types),
    RowField("logons", "number", "How many logons.", lambda row: row.logons),
    RowField("first", "time", "The first.", lambda row: row.first),
    RowField("last", "time", "The last.", lambda row: row.last),
    RowField("privileged", "flag", "Whether with administrator rights.", lambda row: row.privileged),
)
FAILURE_FIELDS: tuple[RowField[summary.Refusals], ...] = (
    RowField("machine", "text", "The machine.", lambda row: row.machine),
    RowField("user", "text", "Who.", lambda row: row.account.name),
    RowField("domain", "text", "The domain or machine of that account.", lambda row: row.account.domain),
    RowField("sid", "text", "Its SID.", lambda row: row.account.sid),
    RowField("source", "text", "Where from.", lambda row: row.source),
    RowField("status", "hex", "The status code.", lambda row: row.status),
    RowField("reason", "text", "The same in words.", lambda row: status_text(row.status)),
    RowField("attempts", "number", "How many.", lambda row: row.attempts),
    RowField("first", "time", "The first.", lambda row: row.first),
    RowField("last", "time", "The last.", lambda row: row.last),
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
    _list(out, "coverage", _marks(case, (mark for mark in marks if mark.kind == "covered")))
    fields = finding_fields(finding_citing(case, outcome.found))
    _list(out, "findings", json_records(made_rows(outcome.found, fields)))
    _list(out, "broken_rules", ({"rule": broken.rule, "reason": broken.reason} for broken in outcome.broken))
    _value(out, "muted_findings", outcome.muted)
    _value(out, "unused_watchlist_entries", list(outcome.unused))
    _list(out, "stays", json_records(stored_rows(case, "session", stays.rows)))
    _list(out, "arrivals", json_records(made_rows(list(summary.arrivals(con)), ARRIVAL_FIELDS)))
    _list(out, "failures", json_records(made_rows(list(summary.refusals(con)), FAILURE_FIELDS)))
    _list(out, "log_changes", _marks(case, notable_marks(marks)))
    _list(out, "boots", json_records(stored_rows(case, "boot", [boot.boot_id for boot in case.boots()])))
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


def _marks(case: Case, marks: Iterable[CoverageMark]) -> Iterator[dict[str, Any]]:
    return json_records(stored_rows(case, "coverage", [mark.mark_id for mark in marks]))


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
        "only_a_part": str(case.options.cut) if case.options.cut else None,
        "left_out": case.left_out,
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
