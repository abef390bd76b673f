"""Everything about one user, one source or one machine: stays, where from and where to, hours, refusals, findings."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import duckdb

from logonscope.case.first_seen import FirstSeen, Reach, first_seen, reaches
from logonscope.case.zones import zones_now
from logonscope.errors import QueryCancelledError, UnknownSubjectError
from logonscope.filters.compile import compile_filter
from logonscope.filters.names import nearest
from logonscope.filters.sql import FALSE, Sql, all_of, among
from logonscope.filters.terms import EVERYTHING, And, Term, Value
from logonscope.findings.run import make_terms
from logonscope.model import Account
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Finding, Findings

Subject = Literal["user", "source", "machine"]
Hours = tuple[tuple[int, ...], ...]
"""Seven days from Monday on, with 24 counts each."""

_KEYS = {"machine": "machine", "user": "who", "source": "source", "logon type": "logon_type"}
_WHAT = {
    "machine": "machine",
    "user": "name_of(any_value(account))",
    "source": "source",
    "logon type": "logon_type::VARCHAR",
}
_BEGINNING = "began AND part <> 'refused' AND (is_person OR ?)"
_NOBODY = "S-1-0-0"


@dataclass(frozen=True, slots=True)
class Use:
    """How often something was seen together with the subject. Texts are as the logs have them."""

    what: str
    """A machine, a user, a source or a logon type; empty where the record names none."""
    stays: int
    contacts: int
    work: int
    """Tasks and services."""
    system: int
    """Sessions of the system's own accounts."""
    refused: int
    privileged: int
    """Sessions with administrator rights."""
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Refusals for one reason, as one kind of event tells them."""

    event_id: int
    status: int | None
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a subject. Texts are as the logs have them, not sanitised."""

    kind: Subject
    name: str
    """As it was asked for."""
    names: tuple[str, ...]
    r"""What it is called in the logs: ``DOMAIN\name (SID)``, addresses and workstations, computer names."""
    total: Use
    on: int
    """How long its stays lasted in all, in microseconds that are certain."""
    longest: int | None
    unsure: int
    """Stays of which only a part is counted in that, because an end or the beginning is not known."""
    tables: dict[str, tuple[Use, ...]]
    """By what the uses are told apart: ``machine``, ``user``, ``source``, ``logon type``."""
    failures: tuple[Failure, ...]
    privileges: tuple[str, ...]
    """Privileges that its sessions were given at logon (4672)."""
    hours: Hours
    """Beginnings of sessions by weekday and hour, in UTC; of a source and a machine only those of people."""
    local_hours: Hours
    """The same by the clock of the machines, where their logs tell the zone."""
    unzoned: int
    """Beginnings on machines whose zone is not known."""
    reaches: tuple[Reach, ...]
    """What the Security logs of its machines cover."""
    firsts: tuple[FirstSeen, ...]
    """Combinations of user, source, type and machine, the newest first."""
    findings: tuple[Finding, ...]
    """Those that concern it."""


def subject_card(
    case: Case,
    kind: Subject,
    name: str,
    node: Node = EVERYTHING,
    outcome: Findings | None = None,
    cursor: duckdb.DuckDBPyConnection | None = None,
) -> Card:
    r"""Gather what is known of a subject.

    Args:
        case: The case.
        kind: What it is.
        name: As a filter takes it: ``alice``, ``ALDER\alice``, a SID, ``10.0.0.0/8``, ``WS*``.
        node: Only what fits this filter.
        outcome: What the rules found in the case; they are run if None.
        cursor: A connection that another thread may interrupt; a new one if None.

    Raises:
        UnknownSubjectError: The logs hold nothing of that name.
        FilterError: A value of the filter makes no sense for its field.
        QueryCancelledError: The cursor was interrupted.
    """
    con = cursor or case.cursor()
    lookup = case.lookup()
    subject = Term(kind, (Value(name, 0, len(name)),), 0, len(name))
    try:
        if outcome is None:
            outcome = case.findings(cursor=con)
        else:
            make_terms(con, zones_now(con))
        return _card(con, lookup, kind, subject, And((subject, node)), outcome)
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error


def _card(
    con: duckdb.DuckDBPyConnection, lookup: Lookup, kind: Subject, subject: Term, node: Node, outcome: Findings
) -> Card:
    name = subject.values[0].text
    events = compile_filter(node, "event", lookup)
    if compile_filter(subject, "event", lookup) == FALSE:
        near = nearest(name, _names_like(kind, lookup))
        raise UnknownSubjectError(f"no {kind} {name} in these logs", near)
    refusals = all_of([events, among("e.target", _account_codes(con, subject, lookup))]) if kind == "user" else events
    gather_seen(con, compile_filter(node, "session", lookup), refusals)
    total = _uses(con, "total", "''")[0]
    (on, longest, unsure), = con.execute(
        "SELECT coalesce(sum(duration), 0)::BIGINT, max(duration), count(*) FILTER (grade IN ('D', '-', 'T'))"
        " FROM seen WHERE part = 'stay'"
    ).fetchall()  # fmt: skip
    everybody = kind == "user"
    machines = [machine for (machine,) in con.execute("SELECT DISTINCT machine FROM seen ORDER BY 1").fetchall()]
    return Card(
        kind=kind,
        name=name,
        names=_names(con, kind, subject, lookup),
        total=total,
        on=on,
        longest=longest,
        unsure=unsure,
        tables={title: tuple(_uses(con, title, key)) for title, key in _KEYS.items() if title != kind},
        failures=tuple(_failures(con)),
        privileges=_privileges(con, events) if kind == "user" else (),
        hours=_hours(con, "time", everybody),
        local_hours=_hours(con, "clock", everybody),
        unzoned=_unzoned(con, everybody),
        reaches=tuple(reach for reach in reaches(con) if reach.machine in machines),
        firsts=tuple(first_seen(con, lookup, node)),
        findings=tuple(_concerning(con, outcome.found, events, name)),
    )  # fmt: skip


def gather_seen(con: duckdb.DuckDBPyConnection, sessions: Sql, refusals: Sql) -> None:
    """Make the table ``seen`` of ``card.sql``.

    Args:
        con: A cursor in which the terms of the rules have been made.
        sessions: Which sessions.
        refusals: Which events, of those that refuse.
    """
    text = files("logonscope.case").joinpath("card.sql").read_text("utf-8")
    text = text.replace("{sessions}", f"({sessions.text})").replace("{refusals}", f"({refusals.text})")
    con.execute(text, [*sessions.parameters, *refusals.parameters])


def _uses(con: duckdb.DuckDBPyConnection, title: str, key: str) -> list[Use]:
    records = fetch_records(
        con,
        f"""
        SELECT coalesce({_WHAT.get(title, "''")}, '') AS what, count_if(part = 'stay') AS stays,
               count_if(part = 'contact') AS contacts, count_if(part = 'work') AS work,
               count_if(part = 'system') AS system, count_if(part = 'refused') AS refused,
               count_if(privileged AND part <> 'system') AS privileged, min(time) AS first, max(until) AS last
        FROM seen GROUP BY {key}
        ORDER BY stays DESC, contacts + work DESC, refused DESC, what
        """,
        [],
    )
    return [Use(**record) for record in records] or [Use("", 0, 0, 0, 0, 0, 0, None, None)]


def _failures(con: duckdb.DuckDBPyConnection) -> Iterable[Failure]:
    rows = con.execute(
        "SELECT event_id, reason, count(*), min(time), max(time) FROM seen WHERE part = 'refused'"
        " GROUP BY event_id, reason ORDER BY count(*) DESC, event_id, reason"
    ).fetchall()
    return (Failure(*row) for row in rows)


def _privileges(con: duckdb.DuckDBPyConnection, events: Sql) -> tuple[str, ...]:
    """Each with how many logons had it, the most frequent first; Windows writes them one below the other."""
    rows = con.execute(
        f"""
        SELECT privilege FROM (
            SELECT unnest(string_split_regex(trim(json_extract_string(e.event_data, '$.PrivilegeList')), '\\s+'))
                   AS privilege
            FROM audited_event e WHERE e.event_id = 4672 AND {events.text})
        WHERE privilege <> '' GROUP BY privilege ORDER BY count(*) DESC, privilege
        """,
        list(events.parameters),
    ).fetchall()
    return tuple(privilege for (privilege,) in rows)


def _hours(con: duckdb.DuckDBPyConnection, clock: str, everybody: bool) -> Hours:
    rows = con.execute(
        f"SELECT isodow({clock}), hour({clock}), count(*) FROM seen WHERE {clock} IS NOT NULL AND {_BEGINNING}"
        " GROUP BY ALL",
        [everybody],
    ).fetchall()
    counts = {(day, hour): times for day, hour, times in rows}
    return tuple(tuple(counts.get((day, hour), 0) for hour in range(24)) for day in range(1, 8))


def _unzoned(con: duckdb.DuckDBPyConnection, everybody: bool) -> int:
    sql = f"SELECT count(*) FROM seen WHERE clock IS NULL AND {_BEGINNING}"
    (found,) = con.execute(sql, [everybody]).fetchone() or (0,)
    return int(found)


def _account_codes(con: duckdb.DuckDBPyConnection, subject: Term, lookup: Lookup) -> list[int]:
    condition = compile_filter(subject, "session", lookup)
    if condition == FALSE:
        return []
    text = f"SELECT s.code FROM (SELECT code, code AS account FROM dim_account) s WHERE {condition.text}"
    return [code for (code,) in con.execute(text, list(condition.parameters)).fetchall()]


def _names(con: duckdb.DuckDBPyConnection, kind: Subject, subject: Term, lookup: Lookup) -> tuple[str, ...]:
    if kind == "user":
        return _account_names(lookup.accounts[code] for code in _account_codes(con, subject, lookup))
    condition = compile_filter(subject, "event", lookup)
    columns = {"source": ("source_ip", "workstation"), "machine": ("computer",)}[kind]
    found: list[str] = []
    for column in columns:
        sql = f"""
            SELECT DISTINCT d.text FROM event e
            JOIN dim_{column} d ON d.code = e.{column} JOIN dim_computer c ON c.code = e.computer
            WHERE d.text <> '' AND {condition.text}
              AND ({column == "computer"} OR upper(d.text) <> upper(split_part(c.text, '.', 1)))
        """
        found += sorted(text for (text,) in con.execute(sql, list(condition.parameters)).fetchall())
    return tuple(dict.fromkeys(found))


def _account_names(accounts: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Names with their SIDs, then those that no record gives one."""
    labels = [(Account("", name, domain).label, "" if sid == _NOBODY else sid) for sid, name, domain in accounts]
    full = [f"{label} ({sid})" for label, sid in labels if label and sid]
    known = {part for label, sid in labels if label and sid for part in (label, sid)}
    bare = [label or sid for label, sid in labels if not (label and sid) and (label or sid) not in known]
    return tuple(dict.fromkeys(filter(None, (*full, *bare))))


def _names_like(kind: Subject, lookup: Lookup) -> Sequence[str]:
    if kind == "user":
        return [name for _, name, _ in lookup.accounts if name]
    if kind == "machine":
        return [*lookup.machine_names.values(), *filter(None, lookup.texts.get("computer", ()))]
    return [text for column in ("source_ip", "workstation") for text in lookup.texts.get(column, ()) if text]


def _concerning(con: duckdb.DuckDBPyConnection, found: Iterable[Finding], events: Sql, name: str) -> Iterable[Finding]:
    """The findings that rest on a record of the subject."""
    found = list(found)
    rows = sorted({row for finding in found for row in finding.rows})
    if not rows:
        return
    text = f"SELECT e.row FROM event e WHERE e.row IN (SELECT unnest(?::BIGINT[])) AND {events.text}"
    own = {row for (row,) in con.execute(text, [rows, *events.parameters]).fetchall()}
    for finding in found:
        if own.intersection(finding.rows) or name.casefold() in map(str.casefold, finding.sources):
            yield finding
