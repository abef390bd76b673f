"""The names of a case: what its texts, machines and people are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.filters.lookup import Lookup

if TYPE_CHECKING:
    import duckdb

    from logonscope.normalise.dims import Dims


def read_names(con: duckdb.DuckDBPyConnection, dims: Dims) -> tuple[Lookup, dict[tuple[int, int], str]]:
    """Read them after a rebuild.

    Args:
        con: A cursor of the calling thread.
        dims: The case's dims.

    Returns:
        What a filter is compiled with, and the machine's name by source and code of the computer.
    """
    names = dict(con.execute("SELECT number, name FROM machine").fetchall())
    computers: dict[int, set[int]] = {number: set() for number in names}
    machine_of: dict[tuple[int, int], str] = {}
    for source, computer, machine in con.execute("SELECT * FROM computer_machine").fetchall():
        computers[machine].add(computer)
        machine_of[source, computer] = names[machine]
    people = con.execute("SELECT account, person FROM person WHERE kind = 'person' AND person > 0").fetchall()
    end = con.execute("SELECT coalesce((SELECT max(time) FROM live_event), (SELECT max(time) FROM event))").fetchone()
    lookup = Lookup(
        {name: dim.texts for name, dim in dims.text.items()},
        dims.account.accounts,
        dict(people),
        names,
        {number: frozenset(codes) for number, codes in computers.items()},
        end[0] if end else None,
    )
    return lookup, machine_of
