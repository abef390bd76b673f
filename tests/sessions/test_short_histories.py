"""The shortest histories that were once told wrongly: nothing that is rebuilt from their logs is wrong.

`benchmarks/random_histories.py SEED KIND` found them.
"""

from __future__ import annotations

from random import Random

import pytest

from logonscope.demo.flavour import CHANNELS, LOCAL_SESSIONS, SECURITY, SERVER_2012_R2, SYSTEM, WINDOWS_10, MachineSetup
from logonscope.demo.history import PAUSES, Life, Step
from support.histories import KINDS, judge, random_lives

LIVES = {
    "a clock set back after a restart to before it, without a Security log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({LOCAL_SESSIONS, SYSTEM})),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("shutdown", 1, PAUSES[4]),
            Step("set_clock", 0, PAUSES[0]),
        ),
    ),
    "a log that ends with a record of the log service, while nothing was audited": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("network_logon", 1, PAUSES[0]),
            Step("archive_log", 0, PAUSES[3]),
            Step("overload", 5, PAUSES[3]),
            Step("archive_log", 0, PAUSES[0]),
        ),
    ),
    "a prompt's second token, of which only the end is left": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("run_as_netonly", 0, PAUSES[0]),
            Step("uac_prompt", 1, PAUSES[1]),
            Step("tamper", 9, PAUSES[0]),
        ),
    ),
    "a second token that shows by its screen saver alone": Life(
        MachineSetup("WS01", flavour=SERVER_2012_R2, audits_desktop=True),
        (
            Step("console_logon", 3, PAUSES[0]),
            Step("tamper", 0, PAUSES[0]),
            Step("start_screen_saver", 0, PAUSES[0]),
        ),
    ),
    "a clock set back between the desktop's opening and its closing": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("overload", 0, PAUSES[0]),
            Step("console_logon", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[0]),
            Step("sign_out", 0, PAUSES[0]),
        ),
    ),
    "two logons started from one session, of which only the ends are left": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("console_logon", 2, PAUSES[0]),
            Step("run_as", 0, PAUSES[0]),
            Step("uac_prompt", 0, PAUSES[0]),
            Step("tamper", 0, PAUSES[0]),
            Step("end_session", 0, PAUSES[0]),
        ),
    ),
    "two logons started from one session, of the first of which only the end is left": Life(
        MachineSetup("TS01", flavour=SERVER_2012_R2),
        (
            Step("rdp_logon", 8, PAUSES[0]),
            Step("run_as", 0, PAUSES[0]),
            Step("explicit_credentials", 0, PAUSES[0]),
            Step("run_as", 0, PAUSES[0]),
            Step("tamper", 3, PAUSES[0]),
            Step("end_session", 0, PAUSES[0]),
        ),
    ),
    "an unlock of a session that only its end shows": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({SECURITY})),
        (
            Step("console_logon", 5, PAUSES[0]),
            Step("explicit_credentials", 0, PAUSES[0]),
            Step("uac_prompt", 11, PAUSES[0]),
            Step("lock", 0, PAUSES[0]),
            Step("batch_logon", 1, PAUSES[0]),
            Step("unlock", 0, PAUSES[0]),
            Step("end_session", 0, PAUSES[2]),
            Step("overwrite_log", 0, PAUSES[0]),
        ),
    ),
    "a suspended machine that crashed, by the System log alone": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({SYSTEM})),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("suspend", 1, PAUSES[0]),
            Step("crash", 4, PAUSES[1]),
        ),
    ),
    "a clock set back just before a crash, which the logs have lost": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("lock", 0, PAUSES[4]),
            Step("set_clock", 0, PAUSES[0]),
            Step("crash", 1, PAUSES[0]),
            Step("overwrite_log", 0, PAUSES[0]),
        ),
    ),
    "two starts of which the Security log holds nothing": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("archive_log", 0, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("rdp_logon", 2, PAUSES[0]),
            Step("clear_log", 0, PAUSES[0]),
        ),
    ),
    "a start before an overwritten Security log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("shutdown", 1, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("overwrite_log", 0, PAUSES[0]),
        ),
    ),
    "a boot taken out of the Security log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("archive_log", 0, PAUSES[0]),
            Step("console_logon", 0, PAUSES[0]),
            Step("shutdown", 1, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
            Step("tamper", 2, PAUSES[0]),
            Step("rdp_refused", 0, PAUSES[0]),
        ),
    ),
    "a crash in a boot after that": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("shutdown", 1, PAUSES[0]),
            Step("tamper", 2, PAUSES[0]),
            Step("cleartext_logon", 0, PAUSES[0]),
            Step("crash", 0, PAUSES[0]),
            Step("console_logon", 0, PAUSES[0]),
        ),
    ),
    "two archives and a clock set back": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("archive_log", 0, PAUSES[0]),
            Step("archive_log", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[0]),
            Step("service_logon", 0, PAUSES[0]),
        ),
    ),
    "open in a log of which most is missing": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("batch_logon", 1, PAUSES[4]),
            Step("tamper", 1, PAUSES[0]),
            Step("anonymous_logon", 0, PAUSES[0]),
            Step("network_logon", 0, PAUSES[0]),
            Step("tamper", 9, PAUSES[0]),
        ),
    ),
    "a clock step that was cleared with the log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=CHANNELS - {SYSTEM}),
        (
            Step("rdp_logon", 4, PAUSES[0]),
            Step("suspend", 0, PAUSES[0]),
            Step("clear_log", 0, PAUSES[0]),
            Step("end_session", 0, PAUSES[0]),
        ),
    ),
    "a reconnection before the clock was set back": Life(
        MachineSetup("WS01", flavour=WINDOWS_10),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("rdp_reconnect", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[0]),
            Step("sign_out", 0, PAUSES[0]),
        ),
    ),
    "a restart that only LocalSessionManager's log shows, before an overwritten Security log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({LOCAL_SESSIONS, SECURITY})),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("shutdown", 1, PAUSES[0]),
            Step("rdp_logon", 0, PAUSES[0]),
            Step("overwrite_log", 0, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
        ),
    ),
    "a boot before a System log that was cleared": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({LOCAL_SESSIONS, SYSTEM})),
        (
            Step("rdp_logon", 2, PAUSES[0]),
            Step("clear_log", 7, PAUSES[0]),
            Step("crash", 0, PAUSES[0]),
            Step("shutdown", 0, PAUSES[0]),
        ),
    ),
    "a clock set back to before the start, by the System log alone": Life(
        MachineSetup("TS01", flavour=WINDOWS_10, channels=frozenset({LOCAL_SESSIONS, SYSTEM})),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[0]),
            Step("anonymous_logon", 0, PAUSES[4]),
            Step("fast_shutdown", 0, PAUSES[0]),
        ),
    ),
    "a clock set back after the end, by the System log alone": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({SYSTEM})),
        (
            Step("console_logon", 0, PAUSES[4]),
            Step("sign_out", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[0]),
        ),
    ),
    "a clock step before all that is left of the Security log": Life(
        MachineSetup("WS01", flavour=WINDOWS_10, channels=frozenset({LOCAL_SESSIONS, SECURITY})),
        (
            Step("rdp_logon", 0, PAUSES[0]),
            Step("set_clock", 1, PAUSES[0]),
            Step("end_session", 0, PAUSES[0]),
            Step("tamper", 7, PAUSES[0]),
            Step("console_logon", 0, PAUSES[0]),
        ),
    ),
    "a clock set back and then a crash, in a System log alone": Life(
        MachineSetup("TS01", flavour=WINDOWS_10, channels=frozenset({SYSTEM, LOCAL_SESSIONS})),
        (
            Step("console_logon", 0, PAUSES[0]),
            Step("set_clock", 0, PAUSES[3]),
            Step("crash", 0, PAUSES[3]),
            Step("run_as_netonly", 0, PAUSES[0]),
        ),
    ),
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_nothing_is_claimed_that_is_not_so(life: Life) -> None:
    assert judge((life,)).contradictions == []


@pytest.mark.parametrize(
    ("kind", "seed"),
    [
        ("everything", 102),
        ("everything", 130),
        ("everything", 324),
        ("everything", 123),
        ("everything", 134),
        ("everything", 360),
        ("everything", 370),
        ("everything", 20139),
        ("records taken out", 75),
        ("records taken out", 564),
        ("records taken out", 884),
        ("records taken out", 40037),
        ("everything", 41009),
    ],
    ids=[
        "System records of a boot from before its first Security record",
        "a restart inside a boot that goes on",
        "a clock set back twice, and records of a stop that are written after the start",
        "two starts of which all records are gone",
        "a desktop that closed before the clock was set back to before the next boot",
        "a clock set back before the first record of a session that began before the log",
        "several starts that were cleared with the log",
        "a clock set back between an archive and the log, and records taken out in between",
        "a log that ends between the logon record and the 4672 of a token",
        "one of two tokens without a logon record",
        "two prompts of which only the ends are left",
        "what belongs to a session, and the last record of a boot, in a log of which most is missing",
        "a clock set back between two starts from before the Security log",
    ],
)
def test_nothing_is_claimed_of_a_long_history_that_is_not_so(kind: str, seed: int) -> None:
    assert judge(random_lives(KINDS[kind], 60, Random(f"{kind} {seed}"))).contradictions == []
