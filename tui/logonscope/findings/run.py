"""Running the rules over a case. One that fails is told of, and the others go on."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import duckdb
from msgspec import structs

from logonscope.display import duration_text, sanitise, time_text
from logonscope.errors import FilterError, QueryCancelledError
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.findings.finding import MOST_ROWS, SEVERITIES, BrokenRule, Finding, Findings
from logonscope.findings.watch import is_muted, unused_mutes, watched_findings
from logonscope.findings.watchlist import NOBODY_WATCHED
from logonscope.knowledge.before_vista import numbers_of
from logonscope.knowledge.codes import status_codes
from logonscope.knowledge.words import fill
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logonscope.findings.rule import Rule, Thresholds
    from logonscope.findings.watchlist import Watchlist

_MOST_NAMED = 5
_MOST_TYPED = 20
_EVENT_IDS = re.compile(r"event:(\d+(?:,\d+)*)")
_WATCHED_WEIGHT = 1
_LONG_AGO = datetime(1, 1, 1)
_INSIDE = [
    ip_network(text)
    for text in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8",
        "224.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8",
    )
]  # fmt: skip


def run_rules(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    thresholds: Thresholds,
    zones: Mapping[str, tuple[str, int]],
    watchlist: Watchlist = NOBODY_WATCHED,
) -> Findings:
    """Run rules.

    Args:
        con: A connection of the calling thread; temporary tables are made in it.
        rules: Which.
        thresholds: Other thresholds than the rules' own, by rule and name.
        zones: By machine, the zone of the IANA database (or an empty text) and minutes east of UTC.
        watchlist: What accounts may and may not do.

    Raises:
        QueryCancelledError: The connection was interrupted.
    """
    found: list[tuple[int, Finding]] = []
    broken: list[BrokenRule] = []
    try:
        make_terms(con, zones)
        machines = dict(con.execute("SELECT number, name FROM machine").fetchall())
        has_old = con.execute("SELECT count(*) FROM old_event").fetchone() != (0,)
        for rule in map(_with_old_numbers, rules) if has_old else rules:
            try:
                own = thresholds.get(rule.id, {})
                values = {name: own.get(name, value) for name, value in rule.thresholds.items()}
                records = fetch_records(con, rule.sql, values)
                found += [(rule.weight, _finding(rule, record, machines)) for record in records]
            except duckdb.InterruptException:
                raise
            except (duckdb.Error, KeyError, ValueError) as error:
                broken.append(BrokenRule(rule.id, str(error).partition("\n")[0]))
        violations, unused = watched_findings(con, watchlist)
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error
    found += [(_WATCHED_WEIGHT, violation) for violation in violations]
    told = [(weight, finding) for weight, finding in found if not is_muted(finding, watchlist)]
    unused += unused_mutes([finding for _, finding in found], watchlist)
    return Findings(tuple(_ranked(told)), tuple(broken), len(found) - len(told), tuple(unused))


def make_terms(con: duckdb.DuckDBPyConnection, zones: Mapping[str, tuple[str, int]]) -> None:
    """Make the tables, views and macros of ``terms.sql`` in a connection; see ``run_rules``."""
    classes = [
        (table, code, status.status_class)
        for table in ("ntstatus", "kerberos")
        for code, status in status_codes(table).items()
    ]
    _fill(con, "status_class (codes VARCHAR, code UINTEGER, class VARCHAR)", classes)
    addresses = con.execute("SELECT code, text FROM dim_source_ip").fetchall()
    _fill(con, "public_ip (code INTEGER)", [(code,) for code, text in addresses if is_public(text)])
    numbers = {name: number for number, name in con.execute("SELECT number, name FROM machine").fetchall()}
    known = [(numbers[name], zone, minutes) for name, (zone, minutes) in zones.items() if name in numbers]
    _fill(con, "machine_zone (machine INTEGER, zone VARCHAR, minutes INTEGER)", known)
    con.execute(files("logonscope.findings").joinpath("terms.sql").read_text("utf-8"))


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table}")
    if rows:
        con.executemany(f"INSERT INTO {table.partition(' ')[0]} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def is_public(address: str) -> bool:
    """Whether an address lies outside of the networks that organisations use inside; false for what is none."""
    with suppress(ValueError):
        found = ip_address(address.partition("%")[0])
        return not any(found in network for network in _INSIDE if network.version == found.version)
    return False


def _finding(rule: Rule, record: dict[str, Any], machines: Mapping[int, str]) -> Finding:
    machine = machines.get(record["machine"], "") if record["machine"] is not None else ""
    since, until = record["since"], record["until"] or record["since"]
    if since and until and until < since:
        since, until = until, since  # the clock was set back between the two
    rows = [row for row in record["rows"] if row is not None]
    values = record | {"machine": machine, "since": since, "until": until}
    span = until - since if since and until else timedelta()
    values["span"] = duration_text(span // timedelta(microseconds=1))
    return Finding(
        finding_id=0,
        rule=rule.id,
        title=rule.title,
        severity=record.get("severity") or rule.severity,
        machine=machine,
        since=since,
        until=until,
        seen=fill(rule.seen, lambda name: _shown(values[name])),
        why=rule.why,
        usual=rule.usual,
        next_step=rule.next,
        attack=tuple(rule.attack),
        filter=_checked(fill(rule.filter, lambda name: _typed(name, values[name])).strip()),
        rows=tuple(rows[:MOST_ROWS]),
        records=record.get("records") or len(rows),
        sources=_named_sources(record.get("source")),
    )


def _with_old_numbers(rule: Rule) -> Rule:
    """A rule whose filter also takes what the events that it names were before Vista."""

    def numbers(named: re.Match[str]) -> str:
        return "event:" + ",".join(str(old) for number in named[1].split(",") for old in numbers_of(int(number)))

    return structs.replace(rule, filter=_EVENT_IDS.sub(numbers, rule.filter))


def _checked(text: str) -> str:
    """A filter, or the empty one where what the log says makes none."""
    try:
        parse(text)
    except FilterError:
        return ""
    return text


def _named_sources(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,) if value else ()


def _shown(value: Any) -> str:
    """A value in a sentence, sanitised."""
    if isinstance(value, list):
        named = [_shown(part) for part in value[:_MOST_NAMED]]
        return ", ".join(named) + (f" and {len(value) - _MOST_NAMED:,} more" if len(value) > _MOST_NAMED else "")
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, bool) or value is None:
        return "yes" if value else ""
    return f"{value:,}" if isinstance(value, int) else sanitise(str(value))


def _typed(name: str, value: Any) -> str:
    """A value in a filter."""
    if isinstance(value, list):
        return ",".join(_typed(name, part) for part in value) if len(value) <= _MOST_TYPED else ""
    if isinstance(value, datetime):
        later = value.microsecond and name == "until"
        return (value.replace(microsecond=0) + timedelta(seconds=1 if later else 0)).isoformat()
    return str(value) if isinstance(value, int) else quoted(value) if value else ""


def _ranked(found: Iterable[tuple[int, Finding]]) -> list[Finding]:
    """What to look at first: the gravest, of these what weighs most, then the latest."""
    latest = sorted(found, key=lambda entry: (entry[1].until or _LONG_AGO, entry[1].seen), reverse=True)
    ranked = sorted(latest, key=lambda entry: (SEVERITIES.index(entry[1].severity), entry[0]))
    return [replace(finding, finding_id=number) for number, (_, finding) in enumerate(ranked, 1)]
