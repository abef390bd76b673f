"""Rows by what can be cited of them: it means the same in every run, however the logs are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    import duckdb

    from logonscope.filters.compile import Target
    from logonscope.model import Boot, CoverageMark, Event, Session

PARTS: dict[Target, int] = {"event": 4, "session": 1, "boot": 2, "coverage": 5}
"""How many parts the name of a row has."""


@dataclass(frozen=True, slots=True)
class RowRef:
    """What names a row."""

    target: Target
    parts: tuple[str, ...]
    """Of an event the computer, channel, EventRecordID and time; of a session its key; of a boot the machine and its
    number; of a mark the machine, channel, kind, time and what it is about. As the logs have it, not sanitised."""


def event_ref(event: Event) -> RowRef:
    """Name an event."""
    return RowRef("event", (event.computer, event.channel, str(event.record_id), _time(event.time)))


def session_ref(session: Session) -> RowRef:
    """Name a session."""
    return RowRef("session", (session.key,))


def boot_ref(boot: Boot) -> RowRef:
    """Name a boot."""
    return RowRef("boot", (boot.machine, str(boot.number)))


def mark_ref(mark: CoverageMark) -> RowRef:
    """Name a mark of coverage."""
    return RowRef("coverage", (mark.machine, mark.channel, mark.kind, _time(mark.since), mark.text))


def _time(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def find_rows(con: duckdb.DuckDBPyConnection, refs: Iterable[RowRef]) -> dict[RowRef, int]:
    """Row numbers (events) and IDs (all others) of the rows that are in the case.

    Args:
        con: A cursor of the calling thread.
        refs: Names of rows.
    """
    wanted = set(refs)
    found: dict[RowRef, int] = {}
    for target, (query, key) in _QUERIES.items():
        some = [ref for ref in wanted if ref.target == target]
        if some:
            keys = [value for ref in some if (value := key(ref)) is not None]
            for row, *parts in con.execute(query, [keys]).fetchall():
                ref = RowRef(target, tuple(_text(part) for part in parts))
                if ref in wanted:
                    found.setdefault(ref, row)
    return found


def _text(part: Any) -> str:
    return "" if part is None else part.isoformat() if hasattr(part, "isoformat") else str(part)


def _record_id(ref: RowRef) -> int | None:
    digits = ref.parts[2]
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) < 1 << 64 else None


_QUERIES: dict[Target, tuple[str, Callable[[RowRef], Any]]] = {
    "event": (
        """SELECT e.row, n.text, h.text, e.record_id, e.time FROM event e
           JOIN dim_computer n ON n.code = e.computer JOIN dim_channel h ON h.code = e.channel
           WHERE e.record_id IN (SELECT unnest(?::UBIGINT[])) ORDER BY e.row""",
        _record_id,
    ),
    "session": (
        "SELECT s.session_id, s.key FROM session s WHERE s.key IN (SELECT unnest(?::VARCHAR[]))",
        lambda ref: ref.parts[0],
    ),
    "boot": (
        """SELECT b.boot_id, m.name, b.number FROM boot b JOIN machine m ON m.number = b.machine
           WHERE m.name IN (SELECT unnest(?::VARCHAR[]))""",
        lambda ref: ref.parts[0],
    ),
    "coverage": (
        """SELECT c.mark_id, coalesce(m.name, ''), coalesce(h.text, ''), c.kind, c.since, c.text FROM coverage c
           LEFT JOIN machine m ON m.number = c.machine LEFT JOIN dim_channel h ON h.code = c.channel
           WHERE coalesce(m.name, '') IN (SELECT unnest(?::VARCHAR[])) ORDER BY c.mark_id""",
        lambda ref: ref.parts[0],
    ),
}
