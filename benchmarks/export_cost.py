"""How long the export of a million events takes: export_cost.py [EVENTS [ROUNDS]]; 1 million and 3 unless told.

Events are made, not read: one store without the fields of the records (the columns only), one with some 700 bytes of
EventData each, as a 4624 has. The aims, CSV and Parquet in 5 s each, are of wall time; CPU seconds are given too, for
machines that do something else. Bytes are of the file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import duckdb

import synthetic_store
from logonscope.case.view import Scope, View
from logonscope.export.forms import FORMS, write_list
from logonscope.export.lists import found_rows
from logonscope.export.target_file import open_target
from made_case import MadeCase

if TYPE_CHECKING:
    from logonscope.case.case import Case
    from logonscope.filters.compile import Target

EVENTS, ROUNDS = 1_000_000, 3
OF_EVENTS = ("csv", "parquet", "jsonl", "timesketch-csv", "ecs")
OF_SESSIONS = ("csv", "parquet", "jsonl")
ADD_FIELDS = """
UPDATE event SET event_data = json_object(
    'SubjectUserSid', 'S-1-5-18', 'SubjectUserName', 'WS1$', 'SubjectDomainName', 'ALDER', 'SubjectLogonId', '0x3e7',
    'TargetUserSid', a.sid, 'TargetUserName', a.name, 'TargetDomainName', a.domain,
    'TargetLogonId', '0x' || to_hex(logon_id), 'LogonType', logon_type, 'LogonProcessName', 'NtLmSsp ',
    'AuthenticationPackageName', 'NTLM', 'WorkstationName', 'LAP' || (row % 977),
    'LogonGuid', '00000000-0000-0000-0000-000000000000', 'TransmittedServices', '-', 'LmPackageName', 'NTLM V2',
    'KeyLength', 128, 'ProcessId', '0x0', 'ProcessName', '-', 'IpAddress', '10.1.' || (row % 200) || '.' || (row % 250),
    'IpPort', row % 60000 + 1024, 'ImpersonationLevel', '%%1833', 'RestrictedAdminMode', '-',
    'TargetOutboundUserName', '-', 'TargetOutboundDomainName', '-', 'VirtualAccount', '%%1843',
    'TargetLinkedLogonId', '0x0', 'ElevatedToken', '%%1842')
FROM dim_account a WHERE a.code = event.account
"""


def main(events: int, rounds: int) -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        for name, has_fields in (("columns only", False), ("with fields", True)):
            made = Path(folder) / name / "case.duckdb"
            made.parent.mkdir()
            synthetic_store.make(made, events)
            if has_fields:
                with duckdb.connect(made) as con:
                    con.execute(ADD_FIELDS)
                    con.execute("CHECKPOINT")
            with MadeCase([made], work_parent=Path(folder)) as case:
                case.load()
                print(f"{name}: list, rows, form; wall s, CPU s (medians of {rounds}); MB")
                measure(case, "event", OF_EVENTS, rounds, Path(folder))
                if not has_fields:
                    measure(case, "session", OF_SESSIONS, rounds, Path(folder))


def measure(case: Case, target: Target, forms: tuple[str, ...], rounds: int, folder: Path) -> None:
    """Print how long each form takes."""
    rows = case.window(View(target, scope=Scope.ALL)).rows
    for form in forms:
        walls, cpus, file = [], [], folder / f"out.{form}"
        for _ in range(rounds):
            wall, cpu = perf_counter(), process_time()
            with open_target(file, (), force=True) as out:
                write_list(case, found_rows(case, target, rows), FORMS[form], out)
            walls.append(perf_counter() - wall)
            cpus.append(process_time() - cpu)
        size = file.stat().st_size / 1_000_000
        print(f"{target} {len(rows):>9,} {form:<15} {median(walls):6.2f} {median(cpus):6.2f} {size:7.0f}")
        file.unlink()


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*numbers, *(EVENTS, ROUNDS)[len(numbers) :])
