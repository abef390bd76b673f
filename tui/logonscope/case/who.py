"""Who was on at one moment: certainly, possibly and why, and how far the logs cover it (rule R27)."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from logonscope.case.view import terms_of
from logonscope.filters.compile import compile_filter
from logonscope.filters.sql import all_of
from logonscope.model import Attendance, MachineAt, Who
from logonscope.store.coverage_rows import fetch_boots, fetch_coverage
from logonscope.store.session_rows import fetch_sessions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import duckdb

    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node
    from logonscope.model import Boot, CoverageMark, Session

_MOST_LISTED = 500
_HOLES = ("missing", "cleared", "lost", "full", "stopped", "filtered")


class _Held(NamedTuple):
    session_id: int
    part: str
    reasons: list[str]
    state: str
    person: int


def who_was_on(con: duckdb.DuckDBPyConnection, at: datetime, node: Node, lookup: Lookup) -> Who:
    """Find who was on.

    Args:
        con: A cursor of the calling thread.
        at: Naive UTC.
        node: Only sessions that fit this filter, and only the machines that it names.
        lookup: What the filter is compiled with.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    where = compile_filter(node, "session", lookup)
    sql = files("logonscope.case").joinpath("who.sql").read_text("utf-8")
    text = sql.replace("{condition}", f"({where.text})")
    held = [_Held(*row) for row in con.execute(text, [at, *where.parameters]).fetchall()]
    parts = {part: [h for h in held if h.part == part] for part in ("stays", "contacts", "work")}
    certain = _attendances(con, [h for h in parts["stays"] if not h.reasons])
    return Who(
        at=at,
        certain=certain,
        possible=_attendances(con, [h for h in parts["stays"] if h.reasons]),
        contacts=_attendances(con, parts["contacts"][:_MOST_LISTED]),
        contacts_total=len(parts["contacts"]),
        work=_attendances(con, parts["work"][:_MOST_LISTED]),
        work_total=len(parts["work"]),
        machines=_machines_at(con, at, node, lookup),
        overlaps=_overlaps(certain, {h.session_id: h.person for h in held}),
    )


def _attendances(con: duckdb.DuckDBPyConnection, held: Sequence[_Held]) -> tuple[Attendance, ...]:
    sessions = {session.session_id: session for session in fetch_sessions(con, [h.session_id for h in held])}
    return tuple(
        Attendance(sessions[h.session_id], h.state, tuple(h.reasons)) for h in held if h.session_id in sessions
    )


def _overlaps(certain: Iterable[Attendance], people: dict[int, int]) -> tuple[tuple[Session, Session], ...]:
    """Pairs of stays of one person from two sources, or on two machines."""
    return tuple(
        (one.session, other.session)
        for one, other in combinations(certain, 2)
        if people[one.session.session_id] == people[other.session.session_id] != 0
        and (one.session.source_text, one.session.machine) != (other.session.source_text, other.session.machine)
    )


def _machines_at(con: duckdb.DuckDBPyConnection, at: datetime, node: Node, lookup: Lookup) -> tuple[MachineAt, ...]:
    named = [term for term in terms_of(node) if term.field == "machine"]
    condition = all_of(compile_filter(term, "boot", lookup) for term in named)
    rows = con.execute(
        f"SELECT m.name FROM machine m JOIN boot b ON b.machine = m.number WHERE {condition.text} GROUP BY m.name",
        list(condition.parameters),
    ).fetchall()
    names = sorted((name for (name,) in rows), key=str.lower)
    boots, marks = fetch_boots(con, None), fetch_coverage(con, None)
    return tuple(
        _machine_at(name, at, [b for b in boots if b.machine == name], [m for m in marks if m.machine == name])
        for name in names
    )


def _machine_at(name: str, at: datetime, boots: Sequence[Boot], marks: Sequence[CoverageMark]) -> MachineAt:
    covered = [mark for mark in marks if mark.kind == "covered"]
    spans = [mark for mark in covered if mark.channel.lower() == "security"] or covered
    first = min((mark.since for mark in spans if mark.since), default=None)
    last = max((mark.until for mark in spans if mark.until), default=None)
    covers = first is not None and last is not None and first <= at <= last
    boot = next((b for b in reversed(boots) if b.start is None or b.start <= at), None)
    gaps = tuple(mark for mark in marks if mark.kind in _HOLES and _touches(mark, at, first))
    return MachineAt(name, _state(boot, at), boot.number if boot else None, covers, first, last, gaps)


def _touches(mark: CoverageMark, at: datetime, first: datetime | None) -> bool:
    """Whether a moment lies in a gap; what a clearing took away lies before it."""
    if mark.kind in ("cleared", "filtered"):
        return mark.kind == "filtered" or (first is not None and at < first)
    since, until = mark.since, mark.until or mark.since
    return since is not None and until is not None and since <= at <= until


def _state(boot: Boot | None, at: datetime) -> str:
    if boot is None:
        return "unknown"
    if boot.end is not None and at > boot.end:
        return "stopped" if boot.next_start is None or at < boot.next_start else "unknown"
    known_until = boot.end or boot.alive_until or boot.last_record
    if known_until is not None and at <= known_until and (boot.start is not None or boot.last_record is not None):
        return "running"
    return "unknown"
