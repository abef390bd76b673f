"""Every rule finds what it is for, in a log made for it, and is silent on the benign twin of that log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from logonscope.filters.syntax import parse
from logonscope.findings.rule import rules
from logonscope.findings.run import is_public, run_rules
from logonscope.store.case_store import CaseStore
from support.events import Record, load
from support.rule_logs import EIGHT, LOG_SERVICE, RDP_MANAGER, UNKNOWN_NAME, Log, sid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logonscope.findings.finding import Finding, Findings

NTLM = {"LogonProcessName": "NtLmSsp ", "SubjectUserSid": "S-1-0-0", "KeyLength": 0, "IpAddress": "10.0.0.9"}
KERBEROS = {"LogonProcessName": "Kerberos", "IpPort": 49152, "KeyLength": 0}
DAY = 86_400
Logs = tuple[Log, ...]


def run(folder: Path, *logs: Log) -> Findings:
    """All rules over logs that each are one file."""
    store = CaseStore(folder)
    try:
        load(store, *(log.records for log in logs))
        return run_rules(store.cursor(), rules(), {}, {"WS1": ("Europe/Berlin", 60)})
    finally:
        store.close()


def desk() -> Log:
    """Alice at the keyboard of WS1."""
    return Log().logon(0, "alice", 2)


def spray(accounts: int, tries: int) -> Log:
    """One source that tries each of some accounts some times, one after another."""
    log = Log()
    for number in range(accounts * tries):
        log.refused(number * 2, f"user{number % accounts}")
    return log


def admin_stay(at: float) -> Log:
    log = Log().logon(at, "alice", 10, IpAddress="10.0.0.9").asked(at, 4672, "alice", PrivilegeList="SeDebugPrivilege")
    return log.logoff(at + 60, "alice", 10)


def ticket(at: float, service: str, kind: str = "0x17") -> Callable[[Log], Log]:
    return lambda log: log.add(at, 4769, TargetUserName="alice@ALDER", TargetDomainName="ALDER", ServiceName=service,
                               Status="0x0", TicketEncryptionType=kind, IpAddress="::ffff:10.0.0.9")  # fmt: skip


def tickets(*asked: Callable[[Log], Log]) -> Log:
    log = Log("DC1")
    for ask in asked:
        ask(log)
    return log


def screen(at: float, event_id: int, user: str, logon_id: int, address: str = "10.0.0.9") -> Callable[[Log], Log]:
    return lambda log: log.add(at, event_id, AccountName=user, AccountDomain="ALDER", LogonID=hex(logon_id),
                               SessionName="RDP-Tcp#8", ClientName="LAP9", ClientAddress=address)  # fmt: skip


def crash(logon_at: float) -> Logs:
    log = Log().add(0, 4608).logon(10, "bob", 3, 0xB1).add(100, 4608).logon(100 + logon_at, "alice", 2)
    power = Log().add(90, 41, "Microsoft-Windows-Kernel-Power", BugcheckCode=0)
    power.records[0] = replace(power.records[0], channel="System", time=EIGHT + timedelta(seconds=101))
    return log, power


def desk_with(user: str, process: str) -> Log:
    return Log().logon(0, user, 9, LogonProcessName="Advapi  ", ProcessName=process)


def from_network(program_at: float) -> Log:
    log = Log().logon(0, "alice", 3, IpAddress="10.0.0.9")
    return log.asked(program_at, 4688, "alice", NewProcessName="C:\\x.exe", TargetLogonId="0x0").logoff(900, "alice", 3)


def fan(machines: int, seconds: float) -> Logs:
    return tuple(
        Log(f"WS{number}").logon(number * seconds, "alice", 3, IpAddress="10.0.0.9") for number in range(machines)
    )


def two_sources(second_at: float) -> Log:
    log = (
        Log()
        .logon(0, "alice", 10, 0xA1, IpAddress="10.0.0.9")
        .logon(second_at, "alice", 10, 0xA2, IpAddress="10.0.0.8")
    )
    return log.logoff(max(600, second_at - 1), "alice", 10, 0xA1).logoff(second_at + 700, "alice", 10, 0xA2)


def weeks(last_source: str) -> Log:
    log = Log()
    for day in range(20):
        log.logon(day * DAY, "alice", 3, day + 1, IpAddress="10.0.0.9").logoff(day * DAY + 9, "alice", 3, day + 1)
    return log.logon(20 * DAY, "alice", 3, 0xB0, IpAddress=last_source).logoff(20 * DAY + 9, "alice", 3, 0xB0)


def prompt(user: str) -> Log:
    log = Log().add(0, 4608).logon(10, "alice", 2, 0xA1)
    log.logon(60, user, 2, 0xB1, LogonProcessName="CredPro ", ProcessName="C:\\Windows\\System32\\consent.exe")
    return log.logoff(60.02, user, 2, 0xB1).logoff(900, "alice", 2, 0xA1)


def granted(used: str) -> Log:
    log = Log("DC1")
    log.add(0, 4768, TargetUserName="alice", Status="0x0", ResponseTicket="AAA", PreAuthType=2)
    return log.add(DAY, 4769, TargetUserName="alice", Status="0x0", RequestTicketHash=used, ServiceName="FS1$",
                   TicketEncryptionType="0x12")  # fmt: skip


def passwords(accounts: int, seconds: float) -> Log:
    """A session that uses other accounts' passwords on its own machine, one after another."""
    log = desk()
    for number in range(accounts * 2):
        log.asked(9 + number * seconds, 4648, "alice", TargetUserName=f"user{number % accounts}",
                  TargetDomainName="ALDER", TargetServerName="localhost")  # fmt: skip
    return log


def clock(step: int, user: str = "alice", program: str = "C:\\Windows\\System32\\SystemSettingsAdminFlows.exe") -> Log:
    return Log().asked(100, 4616, user, PreviousTime="2026-03-02T08:00:00.000000Z", ProcessName=program,
                       NewTime=f"2026-03-02T08:{step // 60:02}:{step % 60:02}.000000Z")  # fmt: skip


CASES: dict[str, tuple[Logs, Logs]] = {
    "D1": ((Log().many(10, 20, "alice"),), (Log().many(9, 20, "alice"),)),
    "D2": ((spray(5, 2),), (spray(4, 2),)),
    "D3": (
        (Log().refused(0, "a", reason=UNKNOWN_NAME).refused(9, "b", reason=UNKNOWN_NAME)
         .refused(18, "c", reason=UNKNOWN_NAME).refused(27, "d", reason=UNKNOWN_NAME),),
        (Log().refused(0, "a", reason=UNKNOWN_NAME).refused(9, "b").refused(18, "c", reason=UNKNOWN_NAME)
         .refused(27, "c", reason=UNKNOWN_NAME),),
    ),
    "D4": (
        (Log().many(3, 5, "alice").logon(60, "alice", 3, IpAddress="10.0.0.9"),),
        (Log().many(3, 5, "alice").logon(3700, "alice", 3, IpAddress="10.0.0.9"),),
    ),
    "D5": (
        (Log().logon(0, "alice", 3, **NTLM),),
        (Log().logon(0, "alice", 3, **NTLM | {"KeyLength": 128}).logon(1, "alice", 3, 0xA2, **KERBEROS),),
    ),
    "D6": (
        (Log().logon(0, "alice", 9, LogonProcessName="seclogo", ProcessName="C:\\Windows\\System32\\svchost.exe"),),
        (Log().logon(0, "alice", 2, LogonProcessName="seclogo"),),
    ),
    "D7": (
        (desk_with("alice", "C:\\Users\\alice\\tool.exe"),),
        (Log().logon(0, "alice", 9, LogonProcessName="seclogo", ProcessName="C:\\Windows\\System32\\svchost.exe"),),
    ),
    "D8": (
        (Log().logon(0, "alice", 10, IpAddress="::1"),),
        (Log().logon(0, "alice", 10, IpAddress="10.0.0.9").logon(9, "bob", 2, 0xB1, IpAddress="127.0.0.1"),),
    ),
    "D9": (
        (Log().logon(0, "alice", 10, IpAddress="203.0.113.7"),),
        (Log().logon(0, "alice", 10, IpAddress="100.64.3.2"),),
    ),
    "D10": (
        (desk().asked(9, 4648, "alice", TargetUserName="admin", TargetServerName="FS1"),),
        (desk().asked(9, 4648, "alice", TargetUserName="admin", TargetServerName="localhost")
         .asked(19, 4648, "alice", TargetUserName="alice", TargetServerName="FS1"),),
    ),
    "D11": (
        (tickets(screen(0, 4779, "alice", 0xA1), screen(1, 4778, "bob", 0xB1)),),
        (tickets(screen(0, 4779, "alice", 0xA1), screen(1, 4778, "alice", 0xA1), screen(60, 4779, "alice", 0xA1),
                 screen(63, 4778, "bob", 0xB1), screen(90, 4779, "bob", 0xB1, "LOCAL"),
                 screen(91, 4778, "alice", 0xA1, "LOCAL")),),
    ),
    "D12": ((Log().refused(0, "bob", reason="0xc0000072"),), (Log().refused(0, "bob"),)),
    "D13": ((Log().logon(0, "alice", 8, IpAddress="10.0.0.9"),), (Log().logon(0, "alice", 3, IpAddress="10.0.0.9"),)),
    "D14": ((admin_stay(14 * 3600),), (admin_stay(9 * 3600),)),
    "D15": (
        (Log().asked(0, 1102, "alice", provider=LOG_SERVICE),),
        (Log().add(0, 1102, "Microsoft-Windows-TerminalServices-ClientActiveXCore", Value="10.0.0.9"),),
    ),
    "D16": (
        (desk().add(9, 1100, LOG_SERVICE).logon(90, "bob", 3, 0xB1).logoff(99, "bob", 3, 0xB1),),
        (desk().add(9, 1100, LOG_SERVICE).add(90, 4608).logon(99, "bob", 3, 0xB1),),
    ),
    "D17": ((clock(60),), (clock(59), clock(300, program="C:\\Program Files\\VMware\\vmtoolsd.exe"))),
    "D18": ((two_sources(60),), (two_sources(700),)),
    "D19": ((weeks("10.0.0.8"),), (weeks("10.0.0.9"),)),
    "D20": (
        (Log().logon(0, "alice", 3, **NTLM | {"LmPackageName": "NTLM V1"}),),
        (Log().logon(0, "ANONYMOUS LOGON", 3, **NTLM | {"LmPackageName": "NTLM V1", "TargetUserSid": "S-1-5-7"}),),
    ),
    "D20b": (
        (Log().logon(0, "ANONYMOUS LOGON", 3, TargetUserSid="S-1-5-7", IpAddress="127.0.0.1", WorkstationName="-"),),
        (Log().logon(0, "ANONYMOUS LOGON", 3, TargetUserSid="S-1-5-7", IpAddress="10.0.0.9", WorkstationName="-"),),
    ),
    "D21": (
        (Log().logon(0, "bob", 5).logon(60, "bob", 10, 0xB2, IpAddress="10.0.0.9"),),
        (Log().logon(0, "bob", 5).logon(60, "alice", 10, 0xB2, IpAddress="10.0.0.9"),),
    ),
    "D22": (crash(120), crash(400)),
    "D23": ((desk().logoff(8 * DAY, "alice", 2),), (desk().logoff(DAY, "alice", 2),)),
    "D24": (
        (Log("DC1").add(0, 4740, TargetUserName="alice", TargetDomainName="LAP9", TargetSid=sid("alice")),),
        (Log("DC1").add(0, 4767, TargetUserName="alice", TargetDomainName="ALDER", TargetSid=sid("alice")),),
    ),
    "D25": (
        (tickets(ticket(0, "svc_sql"), ticket(9, "svc_web"), ticket(18, "svc_mail")),),
        (tickets(ticket(0, "svc_sql", "0x12"), ticket(9, "FS1$"), ticket(18, "krbtgt")),),
    ),
    "D26": (
        (Log().logon(0, "Administrator", 3, **KERBEROS | {"IpAddress": "127.0.0.1"}),),
        (Log().logon(0, "alice", 3, **KERBEROS | {"IpAddress": "127.0.0.1"})
         .logon(9, "Administrator", 3, 0xA2, **KERBEROS | {"IpAddress": "10.0.0.9"}),),
    ),
    "D27": (
        (Log().logon(0, "alice", 3, **NTLM | {"WorkstationName": "029LphuWcoo9S2hL"}),),
        (Log().logon(0, "alice", 3, **NTLM | {"WorkstationName": "DESKTOP-23PS6ES"})
         .logon(9, "alice", 3, 0xA2, **NTLM | {"WorkstationName": "PRINTSERVER00001"}),),
    ),
    "D28": (fan(5, 60), fan(5, 300)),
    "D29": ((granted("BBB"),), (granted("AAA"),)),
    "D30": ((prompt("bob"),), (prompt("alice"),)),
    "D31": ((Log("DC1").add(0, 4649, TargetUserName="alice"),), (Log("DC1").add(0, 4770, TargetUserName="alice"),)),
    "D32": ((Log().add(0, 1146, RDP_MANAGER),), (Log().add(0, 1146, "Another-Provider"),)),
    "D33": ((from_network(30),), (from_network(61),)),
    "D35": ((passwords(5, 2),), (passwords(4, 2),)),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_it_is_for_and_nothing_in_the_benign_twin(rule: str, tmp_path: Path) -> None:
    bad, benign = CASES[rule]
    (tmp_path / "bad").mkdir()
    (tmp_path / "benign").mkdir()
    found = run(tmp_path / "bad", *bad)
    assert found.broken == ()
    assert [finding.rule for finding in found.found if finding.rule == rule] == [rule]
    finding = next(finding for finding in found.found if finding.rule == rule)
    assert finding.rows or rule == "D16"
    assert finding.filter
    parse(finding.filter)
    assert rule not in [finding.rule for finding in run(tmp_path / "benign", *benign).found]


def test_every_rule_has_a_case() -> None:
    cut_at_a_rhythm = "D34"  # tests/sessions/test_interruptions.py has the cases of that one
    assert {rule.id for rule in rules()} - {cut_at_a_rhythm} == CASES.keys()


def test_a_machine_by_an_earlier_name_is_no_new_source(tmp_path: Path) -> None:
    """It was renamed in mid-log, and calls itself by both names."""
    log = weeks("10.0.0.9")
    for place, record in enumerate(log.records):
        named = {"WorkstationName": "WS1", "IpAddress": "127.0.0.1"} if record.record > 38 else {}
        name = "OLD-NAME" if place < 20 else "WS1"
        log.records[place] = replace(record, computer=name, fields=record.fields | named)
    log.records[-2] = replace(log.records[-2], fields=log.records[-2].fields | {"WorkstationName": "OLD-NAME"})
    found = run(tmp_path, log).found
    assert "D19" not in [finding.rule for finding in found]


def test_one_broken_rule_does_not_stop_the_others(tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    load(store, Log().logon(0, "alice", 10, IpAddress="203.0.113.7").records)
    broken = [structs.replace(rule, sql="SELECT nonsense") if rule.id == "D1" else rule for rule in rules()]
    found = run_rules(store.cursor(), broken, {}, {})
    store.close()
    assert [entry.rule for entry in found.broken] == ["D1"]
    assert "nonsense" in found.broken[0].reason
    assert "D9" in [finding.rule for finding in found.found]


def test_a_threshold_can_be_another_one(tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    load(store, Log().many(3, 20, "alice").records)
    found = run_rules(store.cursor(), rules(), {"D1": {"attempts": 3, "unheard of": 1}}, {})
    store.close()
    assert found.broken == ()
    assert "D1" in [finding.rule for finding in found.found]


def test_the_gravest_come_first_and_are_numbered(tmp_path: Path) -> None:
    log = Log().many(60, 5, "alice").logon(400, "alice", 10, IpAddress="203.0.113.7").logon(500, "bob", 8, 0xB1)
    found = run(tmp_path, log).found
    assert [finding.finding_id for finding in found] == list(range(1, len(found) + 1))
    severities = ["high", "medium", "low", "info"]
    assert [severities.index(f.severity) for f in found] == sorted(severities.index(f.severity) for f in found)
    assert {finding.rule for finding in found[:2]} == {"D4", "D9"}


def test_names_that_may_be_passwords_are_not_repeated(tmp_path: Path) -> None:
    log = Log()
    for number in range(12):
        log.refused(number, f"Secret{number}!", reason=UNKNOWN_NAME)
    for finding in run(tmp_path, log).found:
        assert "Secret" not in finding.seen


def test_what_a_log_says_is_sanitised(tmp_path: Path) -> None:
    hostile = "bob\x1b]0;x\x07[/admin]\u202e"
    found: list[Finding] = list(run(tmp_path, Log().logon(0, hostile, 10, IpAddress="203.0.113.7")).found)
    assert found
    for finding in found:
        assert finding.seen.isprintable()
        assert finding.filter.isprintable()


@pytest.mark.parametrize(
    ("address", "public"),
    [("203.0.113.7", True), ("8.8.8.8", True), ("2001:4860::1", True), ("10.1.2.3", False), ("172.31.0.1", False),
     ("100.64.0.1", False), ("169.254.1.1", False), ("fe80::1%4", False), ("fd00::1", False), ("LOCAL", False),
     ("", False)],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_records_without_a_time_break_no_rule(tmp_path: Path) -> None:
    log = Log().logon(0, "alice", 10, IpAddress="203.0.113.7")
    record = log.records[0]
    object.__setattr__(record, "time", record.time.replace(year=1601))
    assert isinstance(record, Record)
    assert run(tmp_path, log).broken == ()
