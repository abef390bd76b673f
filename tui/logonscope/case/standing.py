"""What else the case knows of one event: how often it occurs, its session, and the records that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb

from logonscope.case.tally import Tally, tally
from logonscope.errors import QueryCancelledError
from logonscope.filters.match import equal_to
from logonscope.filters.sql import Sql, all_of, among
from logonscope.knowledge.before_vista import AUDITING, SECURITY, numbers_of
from logonscope.knowledge.codes import failure_status
from logonscope.knowledge.neighbours import neighbours_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.filters.lookup import Lookup
    from logonscope.knowledge.neighbours import Neighbour
    from logonscope.model import Event, Session

_SHARED = {
    "logon ID": "c.machine = $machine AND e.logon_id = $logon_id"
    " AND NOT EXISTS (SELECT 1 FROM boot b WHERE b.machine = $machine AND b.start > least(e.time, $time::TIMESTAMP)"
    " AND b.start <= greatest(e.time, $time::TIMESTAMP))",
    "user here": "c.machine = $machine AND lower(split_part(a.name, '@', 1)) = $user",
    "user": "lower(split_part(a.name, '@', 1)) = $user",
}
"""What a neighbour shares with the event. A logon ID is another session's after a start of the machine."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Whether a record stands beside the event."""

    entry: Neighbour
    nearest: Event | None
    times: int
    is_known_at_all: bool
    """Whether such records are in these logs at all, of the machine or, where any counts, of any machine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What else the case knows of an event."""

    event: Event
    tallies: tuple[tuple[str, Tally], ...]
    """How often the same occurs: ``event``, ``status``, ``user``, ``source``, ``logon type``."""
    privileges: tuple[tuple[str, int, int], ...]
    """Of each privilege that it lists: how many 4672 of the case list it, of how many accounts."""
    session: Session | None
    beside: tuple[Beside, ...]


def standing_of(case: Case, event: Event, cursor: duckdb.DuckDBPyConnection | None = None) -> Standing:
    """Ask what else the case knows of an event.

    Args:
        case: The case.
        event: One of its events.
        cursor: A connection that another thread may interrupt; a new one if None.

    Raises:
        QueryCancelledError: The cursor was interrupted.
    """
    con = cursor or case.cursor()
    lookup = case.lookup()
    sessions = case.sessions(case.sessions_of_event(event.row)[:1])
    try:
        tallies = tuple((name, tally(con, lookup, where)) for name, where in _alike(event, lookup))
        listed = str(event.fields.get("PrivilegeList") or "").split()
        privileges = tuple(_privileges(con, listed)) if listed else ()
        return Standing(event, tallies, privileges, next(iter(sessions), None), tuple(_beside(case, con, event)))
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error


def _alike(event: Event, lookup: Lookup) -> Iterator[tuple[str, Sql]]:
    """The same event, and what of it has the same status, user, source and type."""
    same = all_of(
        [
            Sql("e.event_id = ?::INTEGER", (event.event_id,)),
            among("e.provider", lookup.codes("provider", equal_to(event.provider))),
        ]
    )
    yield "event", same
    status = failure_status(event.status, event.sub_status)
    if status:
        told = "CASE WHEN coalesce(e.sub_status, 0) <> 0 THEN e.sub_status ELSE e.status END = ?::UINTEGER"
        yield "status", all_of([same, Sql(told, (status,))])
    if event.logon_type is not None:
        yield "logon type", all_of([same, Sql("e.logon_type = ?::UTINYINT", (event.logon_type,))])
    if event.account.label:
        wanted = event.account
        codes = [
            code
            for code, (sid, name, domain) in enumerate(lookup.accounts)
            if (sid, name, domain) == (wanted.sid, wanted.name, wanted.domain)
        ]
        yield "user", all_of([same, among("e.account", codes)])
    if event.source_text:
        column = "source_ip" if event.source_ip else "workstation"
        yield "source", all_of([same, among(f"e.{column}", lookup.codes(column, equal_to(event.source_text)))])


def _privileges(con: duckdb.DuckDBPyConnection, listed: Sequence[str]) -> list[tuple[str, int, int]]:
    return con.execute(
        """
        SELECT privilege, count(*), count(DISTINCT account) FROM (
            SELECT unnest(string_split_regex(trim(json_extract_string(e.event_data, '$.PrivilegeList')), '\\s+'))
                   AS privilege, e.account
            FROM audited_event e WHERE e.event_id = 4672)
        WHERE privilege IN (SELECT unnest(?::VARCHAR[])) GROUP BY privilege ORDER BY count(*), privilege
        """,
        [list(listed)],
    ).fetchall()


def _beside(case: Case, con: duckdb.DuckDBPyConnection, event: Event) -> Iterator[Beside]:
    if event.provider not in (AUDITING, SECURITY) or event.time is None:
        return
    sql = "SELECT o.event_id FROM old_event o WHERE o.row = ?"
    (event_id,) = con.execute(sql, [event.row]).fetchone() or (event.event_id,)
    machine = con.execute(
        "SELECT c.machine FROM event e JOIN computer_machine c USING (source, computer) WHERE e.row = ?", [event.row]
    ).fetchone()
    named = (event.target.name or event.account.name).partition("@")[0].lower()
    shared = {"logon ID": event.logon_id is not None, "user": bool(named), "user here": bool(named)}
    for entry in neighbours_of(event_id, event.logon_type):
        if shared[entry.by] and machine is not None:
            values = {"machine": machine[0], "logon_id": event.logon_id, "user": named, "time": event.time}
            yield _one_beside(case, con, event, entry, values)


def _one_beside(
    case: Case, con: duckdb.DuckDBPyConnection, event: Event, entry: Neighbour, values: dict[str, object]
) -> Beside:
    condition = _SHARED[entry.by]
    used = {name: value for name, value in values.items() if f"${name}" in condition}
    rows = con.execute(
        f"""
        SELECT e.row FROM audited_event e
        JOIN computer_machine c USING (source, computer) LEFT JOIN dim_account a ON a.code = e.target
        WHERE e.event_id IN (SELECT unnest($look::INTEGER[])) AND e.time BETWEEN $since AND $until
          AND e.row <> $row AND {condition}
        ORDER BY abs(epoch_us(e.time) - epoch_us($now::TIMESTAMP)), e.row
        """,
        used
        | {
            "look": entry.look,
            "since": event.time - timedelta(seconds=entry.before),  # type: ignore[operator]
            "until": event.time + timedelta(seconds=entry.after),  # type: ignore[operator]
            "row": event.row,
            "now": event.time,
        },
    ).fetchall()
    nearest = next(iter(case.events([rows[0][0]])), None) if rows else None
    return Beside(entry, nearest, len(rows), bool(rows) or _is_known(con, entry, values["machine"]))


def _is_known(con: duckdb.DuckDBPyConnection, entry: Neighbour, machine: object) -> bool:
    """Whether events of that kind are in the logs: of this machine, or of any."""
    numbers: Iterable[int] = {old for number in entry.look for old in numbers_of(number)}
    here = "" if entry.by == "user" else "AND c.machine = $machine"
    sql = f"""
        SELECT 1 FROM live_event e JOIN computer_machine c USING (source, computer)
        WHERE e.event_id IN (SELECT unnest($look::INTEGER[])) {here} LIMIT 1
    """
    values = {"look": sorted(numbers)} | ({} if entry.by == "user" else {"machine": machine})
    return con.execute(sql, values).fetchone() is not None
