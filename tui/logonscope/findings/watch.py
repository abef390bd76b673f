"""What a watchlist has to say of a case: violations as findings, entries that fit nothing, sources to be silent on."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from logonscope.display import plural, sanitise
from logonscope.filters.quotes import quoted
from logonscope.findings.finding import MOST_ROWS, Finding, Severity
from logonscope.findings.watchlist import source_fits
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import duckdb

    from logonscope.findings.watchlist import Mute, WatchedAccount, Watchlist

_WHY = "Your watchlist says so"


@dataclass(frozen=True, slots=True)
class _Violation:
    rule: str
    title: str
    severity: Severity
    said: Callable[[WatchedAccount, dict[str, Any]], str]
    breaks: Callable[[WatchedAccount, dict[str, Any]], bool]


def _outside(entry: WatchedAccount, use: dict[str, Any]) -> bool:
    span = entry.span()
    if span is None or use["minute"] is None:
        return False
    since, until = (moment.hour * 60 + moment.minute for moment in span)
    inside = since <= use["minute"] < until if since <= until else use["minute"] >= since or use["minute"] < until
    return not inside


_VIOLATIONS: tuple[_Violation, ...] = (
    _Violation(
        "W1", "A dormant account was used", "high",
        lambda entry, use: "though nobody should use it",
        lambda entry, use: entry.kind == "dormant",
    ),
    _Violation(
        "W2", "An account used a logon type that it may not", "high",
        lambda entry, use: f"by {logon_type_text(use['logon_type'])}",
        lambda entry, use: use["logon_type"] in entry.deny_types
        or (entry.types is not None and use["logon_type"] not in entry.types),
    ),
    _Violation(
        "W3", "An account came from a source that it may not", "high",
        lambda entry, use: f"from {sanitise(use['origin'])}",
        lambda entry, use: bool(use["origin"])
        and (source_fits(use["origin"], entry.deny_sources)
             or (entry.sources is not None and not source_fits(use["origin"], entry.sources))),
    ),
    _Violation(
        "W4", "An account was used outside of its hours", "medium",
        lambda entry, use: f"outside of {sanitise(entry.hours)}",
        _outside,
    ),
    _Violation(
        "W5", "An account of high value was used", "low",
        lambda entry, use: "",
        lambda entry, use: entry.kind == "high value",
    ),
)  # fmt: skip


def _uses() -> str:
    return files("logonscope.findings").joinpath("watch.sql").read_text("utf-8")


def watched_findings(con: duckdb.DuckDBPyConnection, watchlist: Watchlist) -> tuple[list[Finding], list[str]]:
    """Compare a case with a watchlist.

    Args:
        con: A connection in which the terms of the rules have been made.
        watchlist: The watchlist.

    Returns:
        The violations, not ranked, one for each entry, account and kind of violation; and the entries that fit nothing
        in the case, in words.
    """
    accounts = con.execute("SELECT code, sid, name, domain FROM dim_account WHERE code > 0").fetchall()
    codes = {
        number: [code for code, sid, name, domain in accounts if entry.is_about(sid, name, domain)]
        for number, entry in enumerate(watchlist.account)
    }
    con.execute("CREATE OR REPLACE TEMP TABLE watched (account INTEGER)")
    every = sorted({code for found in codes.values() for code in found})
    if every:
        con.executemany("INSERT INTO watched VALUES (?)", [(code,) for code in every])
    uses = fetch_records(con, _uses(), []) if every else []
    found: list[Finding] = []
    unused: list[str] = []
    for entry in watchlist.account:
        own = [use for use in uses if entry.is_about(use["sid"], use["name"], use["domain"])]
        if not own:
            unused.append(f"watchlist: no logon of an account {sanitise(entry.name)}")
        found += _violations(entry, own)
    return found, unused


def _violations(entry: WatchedAccount, uses: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for violation in _VIOLATIONS:
        groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for use in uses:
            if violation.breaks(entry, use):
                key = (use["domain"], use["name"], violation.said(entry, use))
                groups.setdefault(key, []).append(use)
        for (domain, name, said), broken in groups.items():
            yield _finding(entry, violation, f"{domain}\\{name}" if domain else name, said, broken)


def _finding(
    entry: WatchedAccount, violation: _Violation, user: str, said: str, broken: Sequence[dict[str, Any]]
) -> Finding:
    records = sum(use["records"] for use in broken)
    refused = sum(use["records"] for use in broken if use["event_id"] == 4625)
    machines = sorted({use["machine"] for use in broken})
    outcome = "refused" if refused == records else "logged on" if not refused else f"logged on, {refused} refused"
    where = f"{sanitise(user)} on {sanitise(', '.join(machines))} {said}".rstrip()
    return Finding(
        finding_id=0,
        rule=violation.rule,
        title=violation.title,
        severity=violation.severity if refused < records else "low",
        machine=machines[0] if len(machines) == 1 else "",
        since=min(use["since"] for use in broken),
        until=max(use["until"] for use in broken),
        seen=f"{where}: {plural(records, 'time')}, {outcome}",
        why=_WHY + (f": {sanitise(entry.why)}." if entry.why else "."),
        usual="An entry of the watchlist that is too strict.",
        next_step="Read what the sessions did, or correct the watchlist.",
        attack=("T1078",),
        filter=f"is:logon,failure user:{quoted(user)}",
        rows=tuple(sorted(row for use in broken for row in use["rows"]))[:MOST_ROWS],
        records=records,
    )


def is_muted(finding: Finding, watchlist: Watchlist) -> bool:
    """Whether the watchlist asks for silence: all sources of the finding are known ones."""
    return bool(finding.sources) and all(
        any(_silences(mute, source, finding) for mute in watchlist.mute) for source in finding.sources
    )


def unused_mutes(found: Iterable[Finding], watchlist: Watchlist) -> list[str]:
    """The entries of known sources that fit no finding, in words."""
    heard = [(source, finding) for finding in found for source in finding.sources]
    return [
        f"watchlist: nothing to mute of the source {sanitise(mute.source)}"
        for mute in watchlist.mute
        if not any(_silences(mute, source, finding) for source, finding in heard)
    ]


def _silences(mute: Mute, source: str, finding: Finding) -> bool:
    return source_fits(source, [mute.source]) and (mute.rules is None or finding.rule in mute.rules)
