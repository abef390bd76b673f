"""The machine writes what LOGON.md says, and what it says is true."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from demo_logs import record_ids

from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.flavour import (
    FLAVOURS,
    LOCAL_SESSIONS,
    RDP_TRANSPORT,
    REMOTE_CONNECTIONS,
    SECURITY,
    SERVER_2012_R2,
    SERVER_2019,
    SYSTEM,
    WINDOWS_10,
    WINDOWS_11,
    Flavour,
    MachineSetup,
)
from logonscope.demo.journal import file_name_of
from logonscope.demo.records import Record, filetime, moment
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account

if TYPE_CHECKING:
    from logonscope.demo.live import LiveSession

SID = "S-1-5-21-111-222-333"
ALICE = Account("alice", "ALDER", f"{SID}-1104")
BOB = Account("bob", "ALDER", f"{SID}-1105", admin=True)
BUILT_IN = Account("Administrator", "ALDER", f"{SID}-500", admin=True)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hours: float, minutes: float = 0, seconds: float = 0) -> datetime:
    return DAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def running(flavour: Flavour = WINDOWS_10, **setup: object) -> Machine:
    machine = Machine(MachineSetup("WS01", "ALDER", "alder.example", flavour, **setup))  # type: ignore[arg-type]
    machine.boot(at(7))
    return machine


def records(machine: Machine, channel: str = SECURITY) -> list[Record]:
    return machine.files()[file_name_of(channel)]


def events(machine: Machine, after: int = 0, channel: str = SECURITY) -> list[int]:
    """Event IDs of a channel, of the records after one."""
    return [record.kind.event_id for record in records(machine, channel)[after:]]


def of(machine: Machine, event_id: int, channel: str = SECURITY) -> list[Record]:
    return [record for record in records(machine, channel) if record.kind.event_id == event_id]


def without_plumbing(machine: Machine, after: int = 0) -> list[tuple[int, object]]:
    """Event and logon type, without the window managers' logons."""
    return [
        (record.kind.event_id, record.fields.get("LogonType"))
        for record in records(machine)[after:]
        if not str(record.fields).count("DWM-") and not str(record.fields).count("UMFD-")
    ]


def test_boot_begins_with_the_machine_itself() -> None:
    machine = running()
    assert events(machine)[:6] == [4688, 4696, 4826, 4608, 4624, 4902]
    system_logon = of(machine, 4624)[0]
    assert (system_logon.fields["LogonType"], system_logon.fields["TargetLogonId"]) == (0, 0x3E7)
    services = {record.fields["TargetLogonId"] for record in of(machine, 4624) if record.fields["LogonType"] == 5}
    assert services == {0x3E7, 0x3E5, 0x3E4}
    assert events(machine, channel=SYSTEM) == [6009, 6005, 6013, 12, 20, 27]
    assert events(running(SERVER_2012_R2))[0] == 4608


def test_activity_id_carries_the_boot_time() -> None:
    """Rule R6, against Microsoft's own sample in LOGON.md."""
    machine = running()
    activity = of(machine, 4672)[-1].activity_id
    assert activity is not None
    group_4, group_5 = activity.split("-")[3:]
    ticks = int.from_bytes(bytes.fromhex(group_4 + group_5), "little")
    assert moment(ticks) == at(7)
    assert of(machine, 12, SYSTEM)[0].fields["StartTime"] == filetime(at(7))
    assert of(running(SERVER_2012_R2), 4672)[-1].activity_id is None


def test_plain_console_session() -> None:
    """Example 01."""
    machine = running()
    boot_size = len(records(machine))
    session = machine.console_logon(ALICE, at(8))
    machine.sign_out(session, at(16))
    machine.wait_until(at(17))
    assert without_plumbing(machine, boot_size) == [(4648, None), (4624, 2), (4647, None), (4634, 2)]
    truth = machine.truth()[0]
    assert (truth.start, truth.end, truth.end_kind) == (at(8), at(16), "sign-out")
    assert truth.end_evidence == ("4647", "LSM23", "7002", "4634")
    assert truth.duration == truth.active == timedelta(hours=8)
    assert truth.destroyed is not None
    assert at(16) < truth.destroyed < at(16, 0, 6)
    assert events(machine, channel=LOCAL_SESSIONS) == [32, 41, 42, 21, 22, 23, 39, 40, 24]


def test_uac_administrator_has_two_linked_logons() -> None:
    """Rule R10 and example 02: 4647 on the limited token."""
    machine = running()
    session = machine.console_logon(BOB, at(8))
    limited, elevated = session.logon_ids
    logons = {record.fields["TargetLogonId"]: record.fields for record in of(machine, 4624)}
    assert logons[limited]["TargetLinkedLogonId"] == elevated
    assert logons[elevated]["TargetLinkedLogonId"] == limited
    assert (logons[elevated]["ElevatedToken"], logons[limited]["ElevatedToken"]) == ("%%1842", "%%1843")
    assert of(machine, 4672)[-1].fields["SubjectLogonId"] == elevated
    machine.sign_out(session, at(9))
    assert of(machine, 4647)[0].fields["TargetLogonId"] == limited
    assert machine.truth()[0].privileged


def test_built_in_administrator_has_one_token() -> None:
    machine = running()
    assert len(machine.console_logon(BUILT_IN, at(8)).logon_ids) == 1


@pytest.mark.parametrize(("flavour", "version"), [(SERVER_2012_R2, 1), (WINDOWS_10, 2), (WINDOWS_11, 3)])
def test_version_of_4624(flavour: Flavour, version: int) -> None:
    machine = running(flavour)
    assert {record.kind.version for record in of(machine, 4624)} == {version}


@pytest.mark.parametrize(("flavour", "expected"), [(SERVER_2012_R2, [4672, 4624]), (SERVER_2019, [4624, 4672])])
def test_privileges_of_a_network_logon(flavour: Flavour, expected: list[int]) -> None:
    """Rule R11."""
    machine = running(flavour)
    boot_size = len(records(machine))
    machine.network_logon(BOB, "10.0.0.9", "PC9", at(8), seconds=5)
    machine.wait_until(at(9))
    assert events(machine, boot_size) == [*expected, 4634]


def test_shutdown_signs_out_without_4634() -> None:
    """Rule R17."""
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    machine.shutdown(at(18), session)
    assert 4634 not in [event_id for event_id, _ in without_plumbing(machine)]
    assert set(events(machine)[-2:]) == {4647, 1100}
    truth = machine.truth()[0]
    assert (truth.end_kind, truth.end_evidence) == ("sign-out", ("4647", "LSM23", "7002"))
    assert events(machine, channel=SYSTEM)[-3:] == [1074, 7002, 6006]


def test_shutdown_under_the_user() -> None:
    """Example 04."""
    machine = running()
    machine.console_logon(ALICE, at(8))
    machine.shutdown(at(18), sign_out=False)
    assert of(machine, 4647) == []
    truth = machine.truth()[0]
    assert (truth.end_kind, truth.end_evidence) == ("shutdown", ())
    assert truth.end == moment(of(machine, 1100)[0].time)


def test_shutdown_order_is_inverted_at_times() -> None:
    """Example 03: 1100 has a lower record ID and a later time than the 4647."""
    machine = running()
    orders = set()
    for day in range(8):
        session = machine.console_logon(ALICE, at(8 + 24 * day))
        machine.shutdown(at(18 + 24 * day), session)
        stop, leave = of(machine, 1100)[-1], of(machine, 4647)[-1]
        assert stop.time > leave.time
        orders.add(stop.record_id < leave.record_id)
        machine.boot(at(31 + 24 * day))
    assert orders == {True, False}


def test_crash_leaves_nothing_but_the_next_boot() -> None:
    """Example 05: 1101 first among the records of the next boot, with a later time; System 6008 and 41."""
    machine = running()
    machine.console_logon(ALICE, at(8))
    machine.network_logon(BOB, "10.0.0.9", "PC9", at(10, 0, 55), seconds=60)
    machine.crash(at(10, 1), lost_seconds=10)
    kept = len(records(machine))
    machine.boot(at(10, 5))
    assert events(machine, kept)[:2] == [1101, 4688]
    dropped, started = of(machine, 1101)[0], of(machine, 4608)[1]
    assert dropped.record_id < started.record_id
    assert dropped.time > started.time
    assert {6008, 41} <= set(events(machine, channel=SYSTEM))
    assert of(machine, 6008, SYSTEM)[0].values[0][:2] == ("10:01:00 AM", "\u200e3/\u200e2/\u200e2026")  # type: ignore[index]
    alice, bob = machine.truth()
    assert (alice.end, alice.end_kind, alice.evidence_lost) == (at(10, 1), "crash", False)
    assert bob.evidence_lost


def test_logon_ids_come_again_after_a_boot() -> None:
    """Rule R8 and example 10."""
    machine = running()
    first = machine.console_logon(ALICE, at(8))
    machine.shutdown(at(9))
    machine.boot(at(10))
    second = machine.console_logon(ALICE, at(11))
    assert first.logon_ids == second.logon_ids
    assert [session.boot for session in machine.truth()] == [1, 2]


def rdp_session(machine: Machine) -> LiveSession:
    session = machine.rdp_logon(ALICE, "10.0.0.5", "LAP1", at(8))
    machine.rdp_disconnect(session, at(9))
    machine.rdp_reconnect(session, "10.0.0.6", "LAP2", at(9, 30))
    return session


def test_remote_desktop_with_nla() -> None:
    """Rule R25 and example 06."""
    machine = running(SERVER_2019, audits_desktop=True)
    boot_size = len(records(machine))
    session = rdp_session(machine)
    machine.sign_out(session, at(11))
    machine.wait_until(at(12))
    assert without_plumbing(machine, boot_size) == [
        (4624, 3), (4634, 3), (4624, 3), (4648, None), (4624, 10),
        (4779, None), (4634, 3),
        (4624, 3), (4634, 3), (4624, 3), (4648, None), (4624, 7), (4634, 7), (4778, None),
        (4647, None), (4634, 3), (4634, 10),
    ]  # fmt: skip
    left, back = of(machine, 4779)[0].fields, of(machine, 4778)[0].fields
    assert left["LogonID"] == back["LogonID"] == session.logon_id
    assert (left["ClientAddress"], back["ClientAddress"]) == ("10.0.0.5", "10.0.0.6")
    assert (left["SessionName"], back["SessionName"]) == ("RDP-Tcp#1", "RDP-Tcp#2")
    truth = machine.truth()
    assert len(truth) == 1
    assert (truth[0].logon_type, truth[0].source_ip, truth[0].reconnects) == (10, "10.0.0.5", 1)
    assert truth[0].addresses == ("10.0.0.5", "10.0.0.6")
    assert truth[0].duration is not None
    assert truth[0].active is not None
    assert timedelta(minutes=30) < truth[0].duration - truth[0].active < timedelta(minutes=31)
    logons = [record.fields["TargetLogonId"] for record in of(machine, 4624) if record.fields["LogonType"] in (3, 7)]
    services = truth[0].services
    assert {service.logon_id for service in services} == set(logons)
    assert [service.kind for service in services] == ["nla", "nla", "reconnect", "nla", "nla"]
    assert [trace.name for trace in services[0].traces] == ["4624", "4634"]


def test_remote_desktop_in_the_other_channels() -> None:
    machine = running(SERVER_2019)
    session = rdp_session(machine)
    machine.rdp_disconnect(session, at(10), chosen=True)
    codes = [record.fields["Reason"] for record in of(machine, 40, LOCAL_SESSIONS)]
    assert codes == [0, 5, 11]
    assert events(machine, channel=LOCAL_SESSIONS) == [32, 41, 42, 21, 22, 24, 40, 41, 25, 40, 42, 39, 24, 40]
    assert of(machine, 4779) == []
    connections = records(machine, REMOTE_CONNECTIONS)
    assert [record.kind.event_id for record in connections] == [258, 261, 1149, 261, 1149]
    assert events(machine, channel=RDP_TRANSPORT) == [131, 65, 98, 66, 103, 102, 131, 65, 98, 66, 103, 102]
    assert [record.fields["ReasonCode"] for record in of(machine, 103, RDP_TRANSPORT)] == [0, 11]


def test_all_records_of_a_connection_share_an_activity() -> None:
    """LOGON.md 1.4: what joins an address to a session number where the Security log is silent."""
    machine = running(SERVER_2019)
    session = rdp_session(machine)
    machine.sign_out(session, at(10))
    shared: dict[str | None, list[int]] = {}
    for channel in (RDP_TRANSPORT, REMOTE_CONNECTIONS, LOCAL_SESSIONS):
        for record in records(machine, channel):
            shared.setdefault(record.activity_id, []).append(record.kind.event_id)
    first, second = (record.activity_id for record in of(machine, 261, REMOTE_CONNECTIONS))
    assert shared[first] == [131, 65, 98, 66, 103, 102, 261, 1149, 41, 42, 21, 22, 24, 40]
    assert shared[second] == [131, 65, 98, 66, 103, 102, 261, 1149, 41, 25, 40, 42, 23, 40, 24]
    accepted, assigned = of(machine, 131, RDP_TRANSPORT)[1], of(machine, 66, RDP_TRANSPORT)[0]
    assert (accepted.fields["ConnType"], str(accepted.fields["ClientIP"]).partition(":")[0]) == ("TCP", "10.0.0.6")
    assert assigned.fields == {"ConnectionName": "RDP-Tcp#1", "SessionID": session.session_number}


@pytest.mark.parametrize(("flavour", "event_id"), [(SERVER_2012_R2, 139), (SERVER_2019, 140)])
def test_refused_connection(flavour: Flavour, event_id: int) -> None:
    machine = running(flavour)
    machine.rdp_refused("admin", "", "10.0.0.9", "PC9", at(8))
    assert events(machine, channel=RDP_TRANSPORT) == [131, 65, 98, event_id, 102]
    assert of(machine, event_id, RDP_TRANSPORT)[0].fields["IPString"] == "10.0.0.9"
    assert len({record.activity_id for record in records(machine, RDP_TRANSPORT)}) == 1
    machine.rdp_refused("admin", "", "10.0.0.9", "PC9", at(9), nla=False)
    assert events(machine, channel=RDP_TRANSPORT)[5:] == [131, 65, 98, 102]


def test_time_limit_ends_a_disconnected_session() -> None:
    machine = running(SERVER_2019)
    session = rdp_session(machine)
    machine.rdp_disconnect(session, at(10))
    machine.end_session(session, at(14))
    truth = machine.truth()[0]
    assert (truth.end, truth.end_kind, truth.end_evidence) == (at(14), "ended", ("LSM23", "7002", "4634"))
    assert len(of(machine, 102, RDP_TRANSPORT)) == 2
    assert of(machine, 4647) == []


def test_lock_and_unlock() -> None:
    """Example 07: the unlock's own logons end at once."""
    machine = running(audits_desktop=True)
    session = machine.console_logon(ALICE, at(8))
    size = len(records(machine))
    machine.lock(session, at(10))
    machine.unlock(session, at(10, 20))
    assert without_plumbing(machine, size) == [
        (4800, None), (4648, None), (4624, 7), (4634, 7), (4648, None), (4624, 7), (4634, 7), (4801, None),
    ]  # fmt: skip
    machine.sign_out(session, at(12))
    truth = machine.truth()[0]
    assert (truth.unlocks, [away.kind for away in truth.away]) == (1, ["locked"])
    assert [service.kind for service in truth.services] == ["unlock", "refresh"]
    assert truth.active is not None
    assert timedelta(hours=3, minutes=39) < truth.active < timedelta(hours=3, minutes=40)


def test_cached_unlock() -> None:
    """Example 08: type 11, closed as type 2 within 150 ms."""
    machine = running()
    session = machine.console_logon(ALICE, at(8), cached=True)
    machine.lock(session, at(10))
    size = len(records(machine))
    machine.unlock(session, at(10, 20))
    unlocking = records(machine)[size:]
    assert without_plumbing(machine, size) == [(4648, None), (4624, 11), (4648, None), (4624, 7), (4634, 7), (4634, 2)]
    assert unlocking[1].fields["TargetLogonId"] == unlocking[-1].fields["TargetLogonId"]
    assert unlocking[-1].time - unlocking[1].time < 2_000_000
    services = machine.truth()[0].services
    assert [service.kind for service in services] == ["refresh", "unlock", "refresh"]
    assert services[1].logon_id == unlocking[1].fields["TargetLogonId"]


def test_screen_saver_is_time_away() -> None:
    machine = running(audits_desktop=True)
    session = machine.console_logon(ALICE, at(8))
    size = len(records(machine))
    machine.start_screen_saver(session, at(9))
    with pytest.raises(ValueError, match="not in the state"):
        machine.sign_out(session, at(9, 10))
    machine.dismiss_screen_saver(session, at(9, 30))
    assert events(machine, size) == [4802, 4803]
    assert of(machine, 4802)[0].fields["TargetLogonId"] == session.logon_id
    machine.sign_out(session, at(10))
    truth = machine.truth()[0]
    assert truth.active == timedelta(hours=1, minutes=30)


def test_uac_prompt_belongs_to_the_session() -> None:
    """Example 13: the prompt's logon closes with its parent."""
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    child = machine.uac_prompt(session, BUILT_IN, at(9))
    machine.sign_out(session, at(10))
    prompt = next(truth for truth in machine.truth() if truth.role == "uac-prompt")
    assert prompt.parent_logon_id == session.logon_id
    assert (prompt.end_kind, prompt.end_evidence) == ("ended", ("4634",))
    assert prompt.end is not None
    assert prompt.end - at(10) < timedelta(seconds=0.03)
    logon = next(record for record in of(machine, 4624) if record.fields["TargetLogonId"] == child.logon_id)
    assert (logon.fields["LogonProcessName"], logon.fields["IpAddress"]) == ("CredPro", "::1")


def test_runas_netonly_keeps_its_own_name() -> None:
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    child = machine.run_as_netonly(session, BOB, at(9))
    logon = of(machine, 4624)[-1].fields
    assert (logon["TargetUserName"], logon["TargetOutboundUserName"]) == ("alice", "bob")
    assert logon["SubjectLogonId"] == session.logon_id
    machine.shutdown(at(10))
    truth = machine.truth()[1]
    assert (truth.role, truth.outbound, truth.end_kind) == ("secondary", "bob", "with-parent")
    assert child.account == ALICE


def test_fast_startup_is_no_boot() -> None:
    """Rule R7 and example 14."""
    machine = running()
    first = machine.console_logon(ALICE, at(8), cached=True)
    machine.fast_shutdown(at(17), first)
    machine.fast_startup(at(31))
    second = machine.console_logon(ALICE, at(31, 5), cached=True)
    assert len(of(machine, 4608)) == 1
    assert of(machine, 1100) == []
    assert second.logon_id > first.logon_id
    assert [record.fields["BootType"] for record in of(machine, 27, SYSTEM)] == [0, 1]
    assert (of(machine, 42, SYSTEM)[0].fields["TargetState"], of(machine, 42, SYSTEM)[0].fields["Reason"]) == (6, 4)
    assert {session.boot for session in machine.truth()} == {1}


def test_clock_set_back_during_a_session() -> None:
    """Example 12: the end is stamped before the start."""
    machine = running()
    session = machine.console_logon(ALICE, at(9))
    machine.set_clock(at(10), timedelta(hours=-2))
    machine.sign_out(session, at(10, 30))
    truth = machine.truth()[0]
    assert (truth.start, truth.end) == (at(9), at(8, 30))
    assert truth.duration == timedelta(hours=1, minutes=30)
    step = of(machine, 4616)[0]
    assert (step.fields["PreviousTime"], step.fields["NewTime"]) == (filetime(at(10)), filetime(at(8)))
    assert step.fields["SubjectLogonId"] == 0x3E5


def test_suspended_machine_does_not_run() -> None:
    """Rule R19: a step forward that is not working time."""
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    machine.suspend(at(9), at(16))
    machine.sign_out(session, at(16, 30))
    truth = machine.truth()[0]
    assert truth.end == at(16, 30)
    assert truth.duration == timedelta(hours=1, minutes=30)
    assert "vmtoolsd" in str(of(machine, 4616)[0].fields["ProcessName"])


def test_sleep_is_time_away() -> None:
    """Rule R20."""
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    machine.network_logon(BOB, "10.0.0.9", "PC9", at(8, 59, 50), seconds=60)
    machine.sleep(at(9))
    machine.resume(at(11))
    machine.sign_out(session, at(12))
    alice, bob = machine.truth()
    assert (alice.duration, alice.active) == (timedelta(hours=4), timedelta(hours=2))
    assert bob.end is not None
    assert bob.end >= at(11)


def test_modern_standby_is_time_away() -> None:
    """Rule R20: 506 and 507, and nothing about the clock, which ran on."""
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    size = len(records(machine, SYSTEM))
    machine.sleep(at(9), modern=True)
    machine.resume(at(11))
    assert events(machine, size, SYSTEM) == [506, 507]
    assert of(machine, 507, SYSTEM)[0].fields["DurationInUs"] == 2 * 3600 * 1_000_000
    machine.sign_out(session, at(12))
    assert machine.truth()[0].active == timedelta(hours=2)


def test_cleared_log_begins_with_1102() -> None:
    machine = running()
    session = machine.console_logon(BOB, at(8))
    before = records(machine)[-1].record_id
    machine.clear_log(session, at(9))
    machine.network_logon(ALICE, "10.0.0.9", "PC9", at(10), seconds=1)
    cleared = records(machine)[0]
    assert (cleared.kind.event_id, cleared.record_id) == (1102, before + 1)
    assert cleared.fields["SubjectLogonId"] == session.full_logon_id
    bob, alice = machine.truth()
    assert bob.evidence_lost
    assert not bob.is_kept("4624", "4672")
    assert bob.is_kept("LSM21")
    assert not alice.evidence_lost


def test_another_log_that_is_cleared_is_told_by_the_system_log() -> None:
    machine = running()
    session = machine.console_logon(BOB, at(8))
    machine.clear_log(session, at(9), LOCAL_SESSIONS)
    assert records(machine, LOCAL_SESSIONS) == []
    assert of(machine, 104, SYSTEM)[0].fields["Channel"] == LOCAL_SESSIONS
    assert machine.truth()[0].is_kept("4624")
    machine.clear_log(session, at(10), SYSTEM)
    assert events(machine, channel=SYSTEM) == [104]


@pytest.mark.parametrize(("newest", "every", "left"), [(3, 1, 0), (4, 2, 2)])
def test_tampering_leaves_holes(newest: int, every: int, left: int) -> None:
    machine = running()
    machine.console_logon(ALICE, at(8))
    before = [record.record_id for record in records(machine)]
    machine.tamper(at(9), newest, every)
    machine.failed_logon("x", "y", at(10))
    kept = [record.record_id for record in records(machine)]
    assert kept[-1] == before[-1] + 1
    assert len(set(kept) & set(before[-newest:])) == left
    assert kept[: len(before) - newest] == before[:-newest]


def test_overload_loses_records_without_a_hole() -> None:
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    before = records(machine)[-1].record_id
    machine.overload(at(9), seconds=600)
    machine.sign_out(session, at(9, 5))
    machine.wait_until(at(10))
    (dropped,) = records(machine)[before:]
    assert (dropped.kind.event_id, dropped.record_id, moment(dropped.time)) == (1101, before + 1, at(9, 10))
    truth = machine.truth()[0]
    assert (truth.end, truth.end_kind) == (at(9, 5), "sign-out")
    assert truth.end_evidence == ("LSM23", "7002")
    assert [trace.name for trace in truth.traces if not trace.kept] == ["4647", "4634"]


def test_overload_is_told_at_the_latest_by_a_shutdown() -> None:
    machine = running()
    machine.console_logon(ALICE, at(8))
    machine.overload(at(9), seconds=6000)
    machine.shutdown(at(9, 1), sign_out=False)
    assert events(machine)[-2:] == [1101, 1100]


def test_overload_ends_with_the_boot() -> None:
    machine = running()
    machine.overload(at(9), seconds=600)
    machine.crash(at(9, 1))
    machine.boot(at(9, 2))
    assert events(machine).count(4608) == 2
    assert events(machine).count(1101) == 1


def test_overwritten_log_begins_in_the_middle() -> None:
    machine = running()
    session = machine.console_logon(ALICE, at(8))
    machine.system_service(at(8, 30))
    machine.overwrite_log(at(9), SECURITY, newest=2)
    assert len(records(machine)) == 2
    assert not machine.truth()[0].is_kept("4624")
    machine.sign_out(session, at(10))
    assert machine.truth()[0].is_kept("4647")
    ids = [record.record_id for record in records(machine)]
    assert ids == [*range(ids[0], ids[0] + len(ids))]
    assert ids[0] > 1


def test_archived_log_loses_nothing() -> None:
    machine = running()
    session = machine.console_logon(BOB, at(8))
    name = machine.archive_log(at(9))
    machine.clear_log(session, at(10))
    assert name == "Archive-Security-2026-03-02-09-00-00-000.evtx"
    assert machine.files()[name][0].kind.event_id == 4688
    assert not machine.truth()[0].evidence_lost


def test_what_is_not_audited_is_not_written() -> None:
    machine = running(SERVER_2019, audits_logoff=False, channels=frozenset({SECURITY}))
    machine.sign_out(rdp_session(machine), at(11))
    machine.wait_until(at(12))
    assert not {4634, 4647, 4778, 4779} & set(events(machine))
    assert list(machine.files()) == ["Security.evtx"]
    assert machine.truth()[0].end_evidence == ()


def test_unlawful_actions_are_refused() -> None:
    machine = Machine(MachineSetup("WS01"))
    with pytest.raises(ValueError, match="WS01 is off"):
        machine.console_logon(ALICE, at(8))
    machine.boot(at(7))
    with pytest.raises(ValueError, match="WS01 is on"):
        machine.boot(at(8))
    session = machine.console_logon(ALICE, at(8))
    with pytest.raises(ValueError, match="alice is at the console"):
        machine.console_logon(BOB, at(9))
    with pytest.raises(ValueError, match="not in the state"):
        machine.unlock(session, at(9))
    machine.lock(session, at(9))
    with pytest.raises(ValueError, match="not in the state"):
        machine.sign_out(session, at(10))
    with pytest.raises(ValueError, match="not in the state"):
        machine.rdp_disconnect(session, at(10))


def test_an_action_waits_for_the_one_before() -> None:
    machine = running()
    machine.rdp_logon(ALICE, "10.0.0.5", "LAP1", at(8))
    machine.rdp_logon(BOB, "10.0.0.6", "LAP2", at(8))
    starts = [truth.start for truth in machine.truth()]
    assert starts[0] < starts[1]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_flavour_writes_readable_logs(flavour: Flavour) -> None:
    machine = running(flavour, audits_desktop=True)
    session = rdp_session(machine)
    machine.run_as(session, BOB, at(10), seconds=60)
    machine.explicit_credentials(session, BOB, "fs01", "cifs/fs01", at(10, 5))
    machine.cleartext_logon(ALICE, "10.0.0.9", "WEB", at(10, 6), seconds=1)
    machine.rdp_refused("admin", "", "10.0.0.9", "PC9", at(10, 7))
    machine.kerberos_tickets(ALICE, "10.0.0.9", "WS01$", at(10, 8))
    machine.credential_validation("alice", "PC9", at(10, 9), failure=0xC000006A)
    machine.lock_out(ALICE, "PC9", at(10, 10))
    machine.crash(at(11))
    machine.boot(at(12))
    machine.shutdown(at(13))
    for name, written in machine.files().items():
        assert record_ids(encode_log(written)) == [record.record_id for record in written], name
    assert Counter(record.kind.event_id for record in records(machine))[4740] == 1
