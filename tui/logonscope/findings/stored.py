"""Findings as they were written when a lake was built: its rules are not run again each time that it is opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logonscope.findings.finding import SEVERITIES, BrokenRule, Finding, Findings
from logonscope.findings.rule import NO_THRESHOLDS
from logonscope.findings.watch import is_muted, unused_mutes
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    import duckdb

    from logonscope.findings.user_rules import UserRules

_NOT_RUN = BrokenRule("*", "no rule was run over this lake yet: logonscope fleet sessions --lake LAKE does it")
_OWN_THRESHOLDS = "your thresholds: these findings were made with others, when the lake was built"
_WATCHED = "your watchlist: its accounts are not looked for in a lake, only its known sources are silent"


def stored_findings(con: duckdb.DuckDBPyConnection, own: UserRules, *, were_run: bool) -> Findings:
    """Read the findings of a lake.

    Args:
        con: A connection of the calling thread.
        own: The user's watchlist, of which only what is to be silent holds here, and thresholds, which do not.
        were_run: Whether the rules were run when the lake was built.
    """
    found = [_finding(record) for record in fetch_records(con, "FROM finding", {})]
    found.sort(key=lambda finding: (SEVERITIES.index(finding.severity), finding.finding_id))
    told = [finding for finding in found if not is_muted(finding, own.watchlist)]
    unused = list(unused_mutes(found, own.watchlist))
    if own.thresholds != NO_THRESHOLDS:
        unused.append(_OWN_THRESHOLDS)
    if own.watchlist.account:
        unused.append(_WATCHED)
    broken = () if were_run else (_NOT_RUN,)
    return Findings(tuple(_numbered(told)), broken, len(found) - len(told), tuple(unused))


def _finding(record: dict[str, Any]) -> Finding:
    lists = {name: tuple(record[name] or ()) for name in ("attack", "rows", "sources")}
    severity = record["severity"] if record["severity"] in SEVERITIES else "info"
    return Finding(**(record | lists | {"severity": severity}))


def _numbered(found: list[Finding]) -> list[Finding]:
    return [replace(finding, finding_id=number) for number, finding in enumerate(found, 1)]
