"""A case store with millions of events that no log was read for: synthetic_store.sql with the names around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from logonscope.demo.records import filetime
from logonscope.knowledge.accounts import account_kind
from logonscope.store.case_store import CaseStore

USERS, ADDRESSES, PROGRAMS = 5_000, 2_000, 41
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
SID = "S-1-5-21-111-222-333"
OPENERS = "e.event_id = 4624 AND e.logon_id <> 999 AND e.logon_type <> 7"


def make(path: Path, events: int, machines: int = 1, boots: int = 30, files: int = 1) -> None:
    """Fill a store.

    Args:
        path: The store to make.
        events: About how many records it shall hold.
        machines: How many machines they are of, in equal parts.
        boots: How often each machine starts in the year that its log covers, and once before it.
        files: How many files each machine's log is spread over; each begins with the last tenth of the one before.
    """
    CaseStore(path.parent).close()
    with duckdb.connect(path) as con:
        con.execute("SET zstd_min_string_length = 64")
        for name, value in {"events": events, "machines": machines, "boots": boots, "files": files}.items():
            con.execute(f"SET VARIABLE {name} = {value}::BIGINT")
        _fill_dims(con, machines, boots)
        con.execute(Path(__file__).with_suffix(".sql").read_text("utf-8"))
        con.execute("INSERT INTO source SELECT source, '', 'made', 0, count(*), [] FROM event GROUP BY source")
        con.execute("CHECKPOINT")


def expected_sessions(con: duckdb.DuckDBPyConnection) -> int:
    """How many sessions there are, by what the stories are made of.

    A second token and the network logon before a Remote Desktop arrival serve another logon, as unlocks do; what was
    there before the log shows by its end alone.
    """
    (found,) = con.execute(f"""
        WITH part AS (SELECT DISTINCT computer, record_id, event_id, logon_type, logon_id FROM event e
                      WHERE {OPENERS} OR e.event_id = 4634 AND e.logon_id < 131072)
        SELECT count(*) FROM part WHERE event_id = 4634 OR logon_id % 256 = 0 OR logon_id < 131072
    """).fetchone() or (0,)
    return int(found)


def _fill_dims(con: duckdb.DuckDBPyConnection, machines: int, boots: int) -> None:
    accounts = [("", "", ""), ("S-1-5-18", "SYSTEM", "NT AUTHORITY"), ("S-1-5-90-0-1", "DWM-1", "Window Manager")]
    accounts += [(f"{SID}-{1000 + n}", f"user{n}", "ALDER") for n in range(USERS)]
    accounts += [("", f"user{n}", "ALDER") for n in range(USERS)]
    accounts += [("S-1-5-18", f"SRV{n:03}$", "ALDER") for n in range(machines)]
    _insert(con, "dim_account", [(code, *a, account_kind(a[0], a[1])) for code, a in enumerate(accounts)])
    texts = {
        "provider": ["Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Eventlog"],
        "channel": ["Security"],
        "computer": [f"SRV{n:03}.alder.example" for n in range(machines)],
        "source_ip": [f"10.1.{n // 250}.{n % 250}" for n in range(ADDRESSES)],
        "workstation": [f"PC{n}" for n in range(ADDRESSES)],
        "process": [rf"C:\Windows\System32\program{n}.exe" for n in range(PROGRAMS)],
        "logon_process": ["User32", "Kerberos"],
        "object": [rf"C:\Windows\System32\program{n}.exe" for n in range(PROGRAMS)],
        "activity": [_activity(m, b, boots) for m in range(machines) for b in range(boots)],
    }
    for name, known in texts.items():
        _insert(con, f"dim_{name}", list(enumerate(["", *known])))


def _activity(machine: int, boot: int, boots: int) -> str:
    """The activity ID of one boot, which ends in the start of the kernel (rule R6)."""
    start = filetime(BEGINS + boot * YEAR / boots - timedelta(seconds=12)).to_bytes(8, "little").hex().upper()
    return f"{machine:08X}-{boot:04X}-0000-{start[:4]}-{start[4:]}"


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    names = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()]
    con.register("rows", pa.table([pa.array(column) for column in zip(*rows, strict=True)], names=names))
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
    con.unregister("rows")
