"""The machines of a lake at one glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import duckdb


@dataclass(frozen=True, slots=True)
class MachineOverview:
    """One machine. Its name is as the logs have it, not sanitised."""

    machine: int
    """Its number in the lake."""
    name: str
    files: int
    records: int
    first: datetime | None
    """Naive UTC; of its first record with a plausible time."""
    last: datetime | None
    stays: int
    """Of people, at a desktop."""
    sessions: int
    failures: int
    """Refused logons (4625)."""
    findings: int
    high: int
    """Findings of severity high."""
    missing: int
    """Records that the runs of record IDs lack."""
    cleared: int
    """How often a log was cleared."""


def fetch_overview(con: duckdb.DuckDBPyConnection) -> list[MachineOverview]:
    """All machines, what to look at first before the others.

    Args:
        con: A cursor of the calling thread, of a lake.
    """
    records = fetch_records(con, "FROM overview ORDER BY high DESC, findings DESC, failures DESC, lower(name)", {})
    return [MachineOverview(**record) for record in records]


class Extent(NamedTuple):
    """How many records some machines have, and from when to when; naive UTC."""

    records: int
    first: datetime | None
    last: datetime | None


def extent_of(con: duckdb.DuckDBPyConnection, machines: Collection[int] | None) -> Extent:
    """The extent of some machines of a lake, or of all."""
    some = "" if machines is None else "WHERE machine IN (SELECT unnest(?::INTEGER[]))"
    found = con.execute(
        f"SELECT coalesce(sum(records), 0)::BIGINT, min(first), max(last) FROM overview {some}",
        [] if machines is None else [sorted(machines)],
    ).fetchall()
    return Extent(*found[0])
