"""The names of a case: what its texts, machines and people are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.filters.lookup import Lookup

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.normalise.dims import Dims


def read_names(
    con: duckdb.DuckDBPyConnection, dims: Dims, log_end: datetime | None = None
) -> tuple[Lookup, dict[tuple[int, int], str]]:
    """Read them after a rebuild.

    Args:
        con: A cursor of the calling thread.
        dims: The case's dims.
        log_end: When the last record was written, where that is known.

    Returns:
        What a filter is compiled with, and the machine's name by source and code of the computer.
    """
    names = dict(con.execute("SELECT number, name FROM machine").fetchall())
    computers: dict[int, set[int]] = {number: set() for number in names}
    machine_of: dict[tuple[int, int], str] = {}
    for source, computer, machine in con.execute("SELECT * FROM computer_machine").fetchall():
        computers[machine].add(computer)
        machine_of[source, computer] = names[machine]
    people = con.sql("SELECT account, person FROM person WHERE kind = 'person' AND person > 0").to_arrow_table()
    if log_end is None:
        last = "SELECT coalesce((SELECT max(time) FROM live_event), (SELECT max(time) FROM event))"
        (log_end,) = con.execute(last).fetchone() or (None,)
    lookup = Lookup(
        {name: dim.texts for name, dim in dims.text.items()},
        dims.account.accounts,
        dict(zip(*(column.to_pylist() for column in people.columns), strict=True)),
        names,
        {number: frozenset(codes) for number, codes in computers.items()},
        log_end,
    )
    return lookup, machine_of
