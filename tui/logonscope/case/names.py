"""The names of a case: what its texts, machines and people are called."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from logonscope.filters.lookup import Lookup

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb
    import pyarrow as pa

    from logonscope.normalise.dims import Dims

_ACCOUNTS_AT_A_TIME = 65_536


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
    people = con.sql("SELECT account, person FROM person WHERE kind = 'person' ORDER BY account").to_arrow_table()
    if log_end is None:
        last = "SELECT coalesce((SELECT max(time) FROM live_event), (SELECT max(time) FROM event))"
        (log_end,) = con.execute(last).fetchone() or (None,)
    lookup = Lookup(
        {name: dim.texts for name, dim in dims.text.items()},
        dims.account.accounts,
        _by_account(people),
        names,
        {number: frozenset(codes) for number, codes in computers.items()},
        log_end,
    )
    return lookup, machine_of


def _by_account(people: pa.Table) -> array[int]:
    """Persons by the code of their accounts, in the order of those."""
    found = array("i")
    for batch in people.to_batches(max_chunksize=_ACCOUNTS_AT_A_TIME):
        for account, person in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            found.extend([0] * (account - len(found)))
            found.append(person)
    return found
