"""Source chasing over a whole lake: which machine, and which session of it, each remote session came from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.case.trace import STRONGEST_FIRST, find_signs, reasons_of, rows_of
from logonscope.sessions.staging import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from logonscope.case.trace import Sign

_TRACED = """
    SELECT session_id FROM session
    WHERE NOT hidden AND (role = 'visit' OR role = 'session' AND class = 'stay' AND logon_type IN (10, 12))
    ORDER BY session_id
"""
"""What people did from elsewhere: stays, and visits over the network."""
_OWN_SESSIONS = """
    SELECT x.row, arg_min(coalesce(s.parent, s.session_id), (x.acted, x.session_id))
    FROM (SELECT row, session_id, bool_and(role = 'acted') AS acted FROM session_event
          WHERE row IN (SELECT unnest(?::BIGINT[])) GROUP BY row, session_id) x
    JOIN session s USING (session_id) GROUP BY x.row
"""
_SHAPE = pa.schema(
    {
        "session_id": pa.int64(),
        "machine": pa.int32(),
        "place": pa.int32(),
        "reasons": pa.list_(pa.string()),
        "rows": pa.list_(pa.int64()),
        "own_session": pa.int64(),
    }
)


def fill_origins(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the table ``origin``.

    Args:
        con: A connection that sees the lake as if it were a case store.
    """
    traced = [session for (session,) in con.execute(_TRACED).fetchall()]
    signs: dict[int, dict[int, list[Sign]]] = defaultdict(lambda: defaultdict(list))
    for sign in find_signs(con, traced):
        signs[sign.session_id][sign.machine].append(sign)
    nearest = [row for by_machine in signs.values() for own in by_machine.values() for row in rows_of(own)[:1]]
    own_sessions = dict(con.execute(_OWN_SESSIONS, [nearest]).fetchall())
    names = dict(con.execute("SELECT number, lower(name) FROM machine").fetchall())
    rows = [row for session in traced for row in _rows(session, signs.get(session, {}), names, own_sessions)]
    con.register("traced_origin", table_of(_SHAPE, rows))
    con.execute("INSERT INTO origin FROM traced_origin")
    con.unregister("traced_origin")


def _rows(
    session: int, signs: Mapping[int, Sequence[Sign]], names: Mapping[int, str], own_sessions: Mapping[int, int]
) -> Iterator[tuple[Any, ...]]:
    if not signs:
        yield session, None, 0, [], [], None
    likeliest = sorted(
        signs, key=lambda machine: (STRONGEST_FIRST.index(reasons_of(signs[machine])[0]), names[machine])
    )
    for place, machine in enumerate(likeliest, 1):
        rows = rows_of(signs[machine])
        own = own_sessions.get(rows[0]) if rows else None
        yield session, machine, place, list(reasons_of(signs[machine])), list(rows), own
