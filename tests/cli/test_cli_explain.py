"""``explain`` on the command line: topics, and events on standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import encode_log
from support.command_line import CommandLine
from support.logs import hostile_logons, logon

if TYPE_CHECKING:
    from pathlib import Path

COPIED = """Log Name:      Security
Source:        Microsoft-Windows-Security-Auditing
Event ID:      4634
Computer:      WS1
Description:
An account was logged off.

Subject:
\tSecurity ID:\t\tS-1-5-21-1-2-3-1104
\tAccount Name:\t\talice
\tAccount Domain:\t\tALDER
\tLogon ID:\t\t0x1F759B

Logon Type:\t\t\t3
"""


@pytest.fixture
def logonscope(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def test_a_topic(logonscope: CommandLine) -> None:
    finished = logonscope("explain", "type", "10")
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0] == "Logon type 10 RemoteInteractive"


def test_an_unknown_topic(logonscope: CommandLine) -> None:
    finished = logonscope("explain", "SeDebugPrivilige")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err == "logonscope: nothing is known of 'SeDebugPrivilige'. Did you mean SeDebugPrivilege?\n"


def test_an_event_copied_from_event_viewer(logonscope: CommandLine) -> None:
    finished = logonscope("explain", "-", stdin=COPIED.encode())
    assert finished.code == 0
    told = " ".join(finished.out.split())
    assert "session of ALDER\\alice is gone (3 NETWORK)" in told
    assert "TargetLogonId: 0x1F759B" in told
    assert "Logon type 3 Network" in told


def test_only_so_many_events_are_explained(logonscope: CommandLine) -> None:
    finished = logonscope("explain", "-", stdin=encode_log([logon(number) for number in range(1, 61)]))
    assert finished.out.count("Security 4624 Logon") == 50
    assert finished.lines[-1] == "... and 10 events more"


def test_hostile_names_are_inert(logonscope: CommandLine) -> None:
    finished = logonscope("explain", "-", stdin=encode_log(hostile_logons()))
    assert finished.code == 0
    assert all(line.isprintable() for line in finished.lines)
