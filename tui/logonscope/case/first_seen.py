"""Combinations of user, source, logon type and machine that were never seen earlier, as far as the logs reach."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import duckdb

from logonscope.display import microseconds
from logonscope.errors import QueryCancelledError
from logonscope.filters.compile import compile_filter
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.run import make_terms
from logonscope.model import Account
from logonscope.store.coverage_rows import fetch_coverage
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node

_HOLES = ("missing", "cleared", "lost", "full", "stopped", "filtered", "left out")


@dataclass(frozen=True, slots=True)
class Reach:
    """What the Security log of one machine covers."""

    machine: str
    since: datetime
    until: datetime
    records: int
    holes: tuple[datetime | None, ...]
    """When records were cleared, lost, or not written in between; None where that is not known."""


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """One user who came from one source by one logon type to one machine. Texts are as the logs have them."""

    machine: str
    account: Account
    source: str
    """Address, else what the client called itself; empty where the record names neither."""
    logon_type: int | None
    first: datetime
    last: datetime
    times: int
    row: int
    """Row number of the first logon."""
    new: tuple[str, ...]
    """What was not seen on that machine before: ``user``, ``source``, ``source of this user``, ``type of this user``;
    nothing where only the combination is new."""
    earlier: int | None
    """Microseconds for which the machine's Security log reaches back before the first logon; None for no such log."""
    holes: int
    """How often records are missing from that earlier time."""


def first_seen_in(
    case: Case, node: Node = EVERYTHING, cursor: duckdb.DuckDBPyConnection | None = None
) -> list[FirstSeen]:
    """All combinations of a case whose first logon fits a filter, the newest first; see ``first_seen``.

    Args:
        case: The case.
        node: The filter.
        cursor: A connection that another thread may interrupt; a new one if None.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
        QueryCancelledError: The cursor was interrupted.
    """
    con = cursor or case.cursor()
    try:
        make_terms(con, {})
        return first_seen(con, case.lookup(), node)
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error


def first_seen(con: duckdb.DuckDBPyConnection, lookup: Lookup, node: Node) -> list[FirstSeen]:
    """All combinations whose first logon fits a filter, the newest first.

    Args:
        con: A cursor in which the terms of the rules have been made.
        lookup: What the filter is compiled with.
        node: The filter; earlier logons count whether they fit it or not.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    where = compile_filter(node, "event", lookup)
    text = files("logonscope.case").joinpath("first_seen.sql").read_text("utf-8")
    records = fetch_records(con, text.replace("{condition}", f"({where.text})"), list(where.parameters))
    known = {reach.machine: reach for reach in reaches(con)}
    found = []
    for record in records:
        account = Account(record.pop("sid"), record.pop("name"), record.pop("domain"))
        earlier, holes = _before(known.get(record["machine"]), record["first"])
        record["new"] = tuple(record["new"])
        found.append(FirstSeen(account=account, earlier=earlier, holes=holes, **record))
    return found


def _before(reach: Reach | None, first: datetime) -> tuple[int | None, int]:
    if reach is None:
        return None, 0
    holes = sum(hole is None or hole <= first for hole in reach.holes)
    return max(0, microseconds(first - reach.since)), holes


def reaches(con: duckdb.DuckDBPyConnection) -> list[Reach]:
    """What the Security logs cover, by machine.

    Args:
        con: A cursor of the calling thread.
    """
    marks = [mark for mark in fetch_coverage(con, None) if mark.channel.lower() == "security" and mark.machine]
    found = []
    for machine in dict.fromkeys(mark.machine for mark in marks):
        own = [mark for mark in marks if mark.machine == machine]
        covered = [mark for mark in own if mark.kind == "covered" and mark.since and mark.until]
        if covered:
            since = min(mark.since for mark in covered if mark.since)
            until = max(mark.until for mark in covered if mark.until)
            holes = tuple(mark.since for mark in own if mark.kind in _HOLES)
            found.append(Reach(machine, since, until, sum(mark.amount or 0 for mark in covered), holes))
    return found
