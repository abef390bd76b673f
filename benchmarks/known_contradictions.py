"""Histories that the rebuild is known to tell wrongly: python benchmarks/known_contradictions.py plays them.

Each is the shortest one that `random_histories.py SEED KIND` found. One that is told rightly belongs in the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.demo.flavour import SECURITY, SERVER_2012_R2, SERVER_2019, WINDOWS_10, MachineSetup
from logonscope.demo.history import PAUSES, Life, Step
from support.histories import judge

CASES: list[tuple[str, Life]] = [
    (
        "The orphan 4634 of a runas is joined with LSM21 of the stay it ran in, which is said to have ended",
        Life(
            MachineSetup("WS01", flavour=SERVER_2019),
            (
                Step("rdp_logon", 0, PAUSES[0]),
                Step("rdp_logon", 0, PAUSES[0]),
                Step("run_as", 0, PAUSES[0]),
                Step("tamper", 1, PAUSES[0]),
                Step("sign_out", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "A secondary identity is given to a service (its true host: the stay of which 4634 alone is left)",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10),
            (
                Step("rdp_logon", 0, PAUSES[0]),
                Step("run_as_netonly", 0, PAUSES[0]),
                Step("tamper", 7, PAUSES[0]),
                Step("service_logon", 0, PAUSES[0]),
                Step("end_session", 0, PAUSES[0]),
                Step("archive_log", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "The wrong parent after a clear and tampering",
        Life(
            MachineSetup("TS01", flavour=WINDOWS_10),
            (
                Step("console_logon", 10, PAUSES[0]),
                Step("clear_log", 0, PAUSES[0]),
                Step("end_session", 0, PAUSES[0]),
                Step("rdp_logon", 0, PAUSES[0]),
                Step("tamper", 0, PAUSES[0]),
                Step("archive_log", 0, PAUSES[0]),
                Step("run_as_netonly", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "A UAC prompt is given to somebody else's Remote Desktop session when the console session was dropped",
        Life(
            MachineSetup("TS01", flavour=SERVER_2019),
            (
                Step("rdp_logon", 0, PAUSES[0]),
                Step("overload", 0, PAUSES[0]),
                Step("console_logon", 0, PAUSES[0]),
                Step("uac_prompt", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "NLA and reconnect of a stay whose 4624 was cleared are folded into the other stay of the same user",
        Life(
            MachineSetup("WS01", flavour=SERVER_2019),
            (
                Step("console_logon", 9, PAUSES[0]),
                Step("rdp_logon", 8, PAUSES[0]),
                Step("clear_log", 0, PAUSES[0]),
                Step("rdp_reconnect", 0, PAUSES[0]),
                Step("end_session", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "One stay is two or three rows: LSM21/7001 are left, and an orphan 4634 of each UAC token",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10),
            (Step("console_logon", 9, PAUSES[0]), Step("clear_log", 0, PAUSES[0]), Step("end_session", 0, PAUSES[0])),
        ),
    ),
    (
        "A reconnect is a stay of its own although LSM21/25 show its host",
        Life(
            MachineSetup("WS01", flavour=SERVER_2012_R2, audits_desktop=True),
            (
                Step("rdp_logon", 3, PAUSES[0]),
                Step("rdp_reconnect", 0, PAUSES[0]),
                Step("shutdown", 0, PAUSES[0]),
                Step("network_logon", 0, PAUSES[0]),
                Step("overwrite_log", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "A refresh (Negotiat) after a cached logon is a stay of its own although LSM21 shows its host",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10),
            (Step("console_logon", 1, PAUSES[0]), Step("tamper", 3, PAUSES[0])),
        ),
    ),
    (
        "2012 R2: the twin token whose 4624 was taken out is a stay of its own (4634 of both are neighbours)",
        Life(
            MachineSetup("WS01", flavour=SERVER_2012_R2),
            (Step("console_logon", 2, PAUSES[0]), Step("end_session", 0, PAUSES[0]), Step("tamper", 9, PAUSES[0])),
        ),
    ),
    (
        "Ends not audited: a cached unlock (type 11) is a second stay, although no LSM21/7001 follows it",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10, audits_logoff=False),
            (Step("console_logon", 1, PAUSES[0]), Step("lock", 0, PAUSES[0]), Step("unlock", 0, PAUSES[0])),
        ),
    ),
    (
        "A stay of which LSM21 and later 4647/4634 are left (4624 dropped, other records between) is two stays",
        Life(
            MachineSetup("WS01", flavour=SERVER_2019),
            (
                Step("overload", 2, PAUSES[0]),
                Step("rdp_logon", 0, PAUSES[3]),
                Step("console_logon", 0, PAUSES[3]),
                Step("sign_out", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "A cached unlock (11, closed within 150 ms) is a stay of its own although LSM21/7001 show its host",
        Life(
            MachineSetup("WS01", flavour=WINDOWS_10),
            (
                Step("overload", 0, PAUSES[0]),
                Step("console_logon", 1, PAUSES[0]),
                Step("lock", 0, PAUSES[0]),
                Step("unlock", 0, PAUSES[0]),
            ),
        ),
    ),
    (
        "A refresh stands for its stay whose 4624 was taken out, and claims an exact start 95 ms late",
        Life(
            MachineSetup("WS01", flavour=SERVER_2012_R2, channels=frozenset([SECURITY])),
            (Step("tamper", 0, PAUSES[0]), Step("console_logon", 1, PAUSES[0]), Step("tamper", 4, PAUSES[0])),
        ),
    ),
]


def main() -> None:
    """Print for each whether it is still told wrongly."""
    for title, life in CASES:
        print("wrong" if judge((life,)).contradictions else "right", title)


if __name__ == "__main__":
    main()
