"""From a session that came over the network to the machine that it came from, if that is loaded too."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from logonscope.model import SourceMachine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

STRONGEST_FIRST = ("credentials", "rdp client", "workstation", "machine account", "address")
"""Why a machine may be the source."""


class Sign(NamedTuple):
    """Why one machine may be the source of one session."""

    session_id: int
    machine: int
    reason: str
    row: int | None
    """The machine's own record that points to the session's machine; None where another reason holds."""
    away: int | None
    """Microseconds between that record and the start of the session."""


def find_signs(con: duckdb.DuckDBPyConnection, sessions: Sequence[int]) -> list[Sign]:
    """Find the loaded machines that sessions may have come from.

    Args:
        con: A cursor of the calling thread.
        sessions: IDs of sessions and visits.
    """
    found = con.execute(_sql("trace.sql"), {"sessions": list(sessions)}).fetchall()
    return [Sign(*row) for row in found]


def source_machines(con: duckdb.DuckDBPyConnection, session_id: int, signs: Sequence[Sign]) -> list[SourceMachine]:
    """The machines that a session may have come from, with how far their records reach.

    Args:
        con: A cursor of the calling thread.
        session_id: The session or visit.
        signs: What speaks for them.

    Returns:
        One per machine, the likeliest first; several mean that the logs do not decide. Empty where none is loaded.
    """
    machines = {sign.machine for sign in signs}
    if not machines:
        return []
    values = {"session": session_id, "machines": sorted(machines)}
    own: dict[int, list[Sign]] = defaultdict(list)
    for sign in signs:
        own[sign.machine].append(sign)
    found = [
        SourceMachine(name, reasons_of(own[number]), records, covers, rows_of(own[number]))
        for number, name, records, covers in con.execute(_sql("trace_reach.sql"), values).fetchall()
    ]
    return sorted(found, key=lambda source: (STRONGEST_FIRST.index(source.reasons[0]), source.machine.lower()))


def reasons_of(signs: Iterable[Sign]) -> tuple[str, ...]:
    """Why a machine may be the source, the strongest reason first."""
    return tuple(sorted({sign.reason for sign in signs}, key=STRONGEST_FIRST.index))


def rows_of(signs: Iterable[Sign]) -> tuple[int, ...]:
    """The machine's own records that point to the session's machine, nearest first."""
    return tuple(dict.fromkeys(sign.row for sign in signs if sign.row is not None))


def _sql(name: str) -> str:
    return files("logonscope.case").joinpath(name).read_text("utf-8")
