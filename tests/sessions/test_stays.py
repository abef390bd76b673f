"""Stays that several logs tell of in part: the shortest histories that were once told wrongly.

`benchmarks/random_histories.py SEED KIND` found them. What is left shows each stay once, with what served it.
"""

from __future__ import annotations

import pytest

from logonscope.demo.flavour import SECURITY, SERVER_2012_R2, SERVER_2019, WINDOWS_10, MachineSetup
from logonscope.demo.history import PAUSES, Life, Step
from support.histories import judge

LIVES = {
    "the end of a runas, and a stay that goes on": Life(
        MachineSetup("WS01", flavour=SERVER_2019),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("rdp_logon", 0, PAUSES[0]),
            Step("run_as", 0, PAUSES[0]),
            Step("tamper", 1, PAUSES[0]),
            Step("sign_out", 0, PAUSES[0]),
        ),
    ),
    "a secondary identity in a stay of which the end is left": Life(
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
    "a secondary identity in a stay that was taken out": Life(
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
    "a UAC prompt at a console that was dropped": Life(
        MachineSetup("TS01", flavour=SERVER_2019),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("overload", 0, PAUSES[0]),
            Step("console_logon", 0, PAUSES[0]),
            Step("uac_prompt", 0, PAUSES[0]),
        ),
    ),
    "a reconnection, and a stay of the same user at the console": Life(
        MachineSetup("WS01", flavour=SERVER_2019),
        (
            Step("console_logon", 9, PAUSES[0]),
            Step("rdp_logon", 8, PAUSES[0]),
            Step("clear_log", 0, PAUSES[0]),
            Step("rdp_reconnect", 0, PAUSES[0]),
            Step("end_session", 0, PAUSES[0]),
        ),
    ),
    "the ends of two tokens, and the desktop that they had": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (Step("console_logon", 9, PAUSES[0]), Step("clear_log", 0, PAUSES[0]), Step("end_session", 0, PAUSES[0])),
    ),
    "a reconnection to a stay that was overwritten": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2, audits_desktop=True),
        (
            Step("rdp_logon", 3, PAUSES[0]),
            Step("rdp_reconnect", 0, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("network_logon", 0, PAUSES[0]),
            Step("overwrite_log", 0, PAUSES[0]),
        ),
    ),
    "the end of a refresh before its desktop opened": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (Step("console_logon", 1, PAUSES[0]), Step("tamper", 3, PAUSES[0])),
    ),
    "the end of a twin token whose logon was taken out": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2),
        (Step("console_logon", 2, PAUSES[0]), Step("end_session", 0, PAUSES[0]), Step("tamper", 9, PAUSES[0])),
    ),
    "a cached unlock where ends are not audited": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, audits_logoff=False),
        (Step("console_logon", 1, PAUSES[0]), Step("lock", 0, PAUSES[0]), Step("unlock", 0, PAUSES[0])),
    ),
    "a sign-out of a stay that was dropped": Life(
        MachineSetup("WS01", flavour=SERVER_2019),
        (
            Step("overload", 2, PAUSES[0]),
            Step("rdp_logon", 0, PAUSES[3]),
            Step("console_logon", 0, PAUSES[3]),
            Step("sign_out", 0, PAUSES[0]),
        ),
    ),
    "a cached unlock in a stay that was dropped": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("overload", 0, PAUSES[0]),
            Step("console_logon", 1, PAUSES[0]),
            Step("lock", 0, PAUSES[0]),
            Step("unlock", 0, PAUSES[0]),
        ),
    ),
    "a refresh in a stay that was taken out": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2, channels=frozenset([SECURITY])),
        (Step("tamper", 0, PAUSES[0]), Step("console_logon", 1, PAUSES[0]), Step("tamper", 4, PAUSES[0])),
    ),
    "two sign-outs of one user at a shutdown, after both logons were dropped": Life(
        MachineSetup("WS01", flavour=SERVER_2019),
        (
            Step("overload", 1, PAUSES[0]),
            Step("console_logon", 10, PAUSES[0]),
            Step("rdp_logon", 4, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
        ),
    ),
    "twin tokens of which the rights were taken out": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2),
        (
            Step("rdp_logon", 2, PAUSES[0]),
            Step("explicit_credentials", 0, PAUSES[0]),
            Step("service_logon", 1, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("crash", 0, PAUSES[0]),
            Step("tamper", 4, PAUSES[0]),
        ),
    ),
    "a runas of which one token was taken out": Life(
        MachineSetup("TS01", flavour=WINDOWS_10),
        (
            Step("rdp_logon", 11, PAUSES[0]),
            Step("archive_log", 0, PAUSES[0]),
            Step("run_as", 11, PAUSES[1]),
            Step("tamper", 9, PAUSES[0]),
        ),
    ),
    "the end of a refresh in a stay that lost a token": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("tamper", 0, PAUSES[0]),
            Step("console_logon", 9, PAUSES[0]),
            Step("fast_shutdown", 0, PAUSES[0]),
            Step("tamper", 9, PAUSES[0]),
        ),
    ),
    "a reconnection that 4778 tells of, and another desktop of the user": Life(
        MachineSetup("WS01", flavour=SERVER_2019, audits_desktop=True),
        (
            Step("rdp_logon", 2, PAUSES[0]),
            Step("console_logon", 9, PAUSES[0]),
            Step("rdp_reconnect", 0, PAUSES[0]),
            Step("rdp_logon", 0, PAUSES[0]),
            Step("overwrite_log", 0, PAUSES[0]),
        ),
    ),
    "a screen saver at one of two desktops of a user": Life(
        MachineSetup("WS01", flavour=SERVER_2019, audits_desktop=True),
        (
            Step("console_logon", 3, PAUSES[0]),
            Step("rdp_logon", 8, PAUSES[0]),
            Step("clear_log", 0, PAUSES[0]),
            Step("start_screen_saver", 0, PAUSES[0]),
        ),
    ),
    "a lock at one of two desktops of a user": Life(
        MachineSetup("WS01", flavour=SERVER_2019, audits_desktop=True),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("tamper", 0, PAUSES[0]),
            Step("rdp_logon", 0, PAUSES[0]),
            Step("tamper", 0, PAUSES[0]),
            Step("lock", 0, PAUSES[0]),
        ),
    ),
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_nothing_is_claimed_that_is_not_so(life: Life) -> None:
    assert judge((life,)).contradictions == []
