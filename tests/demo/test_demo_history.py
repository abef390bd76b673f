"""What holds for every history of a machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from demo_logs import record_ids
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.flavour import SECURITY, MachineSetup
from logonscope.demo.history import FAULTS, ORDINARY, PAUSES, Life, Step, live
from logonscope.demo.journal import file_name_of
from logonscope.demo.records import moment
from support.histories import KINDS, lives

if TYPE_CHECKING:
    from logonscope.demo.records import Record
    from logonscope.demo.simulator import Machine
    from logonscope.demo.truth import Trace, TrueSession

LOGON_ID_FIELDS = ("TargetLogonId", "LogonID", "SubjectLogonId")
histories = st.sampled_from((3, 12, 40)).flatmap(lambda steps: lives(KINDS["everything"], steps))


@settings(max_examples=100, deadline=None)
@given(histories)
def test_records_can_be_read_and_their_ids_grow(histories: tuple[Life, ...]) -> None:
    for life in histories:
        for written in live(life).files().values():
            ids = [record.record_id for record in written]
            assert ids == sorted(set(ids))
            assert record_ids(encode_log(written)) == ids


@settings(max_examples=100, deadline=None)
@given(histories)
def test_truth_agrees_with_itself(histories: tuple[Life, ...]) -> None:
    for life in histories:
        machine = live(life)
        for session in machine.truth():
            assert 1 <= session.boot <= machine.boot_number
            assert (session.end is None) == (session.end_kind == "open") == (session.duration is None)
            assert session.end_kind != "open" or session.boot == machine.boot_number
            assert (session.role == "session") == (session.parent_logon_id is None)
            assert all(away.end is not None for away in session.away) or session.end is None
            assert session.start - session.began in session.clock_errors
            if session.duration is not None and session.active is not None:
                assert timedelta() <= session.active <= session.duration


@settings(max_examples=100, deadline=None)
@given(histories)
def test_records_agree_with_the_truth(histories: tuple[Life, ...]) -> None:
    """What is said to be kept is there and speaks about the session; every token had its 4624."""
    for life in histories:
        machine = live(life)
        records = _records(machine)
        for session in machine.truth():
            _check(session, records, life.setup)
        kept = [trace for session in machine.truth() for trace in _all_traces(session) if trace.kept]
        assert len(kept) == len({(trace.channel, trace.record_id) for trace in kept})


def _records(machine: Machine) -> dict[tuple[str, int], Record]:
    """The records that are left, by channel and record ID."""
    return {
        (record.kind.channel, record.record_id): record for written in machine.files().values() for record in written
    }


def _all_traces(session: TrueSession) -> list[Trace]:
    return [*session.traces, *(trace for service in session.services for trace in service.traces)]


def _check(session: TrueSession, records: dict[tuple[str, int], Record], setup: MachineSetup) -> None:
    kept = [(trace, records[trace.channel, trace.record_id]) for trace in session.traces if trace.kept]
    for trace, record in kept:
        assert str(record.kind.event_id) == trace.name.removeprefix("LSM")
        if record.kind.channel == SECURITY:
            assert {record.fields.get(name) for name in LOGON_ID_FIELDS} & set(session.logon_ids)
    if SECURITY in setup.channels:
        names = [trace.name for trace in session.traces]
        assert names.count("4624") == len(session.logon_ids)
        assert session.privileged == ("4672" in names)
    logons = [record for trace, record in kept if trace.name == "4624"]
    assert {moment(record.time) for record in logons} <= {session.start}
    assert {record.fields["LogonType"] for record in logons} <= {session.logon_type}
    assert {record.fields["TargetUserName"] for record in logons} <= {session.account.name}
    assert {moment(record.time) for trace, record in kept if trace.name == "4647"} <= {session.end}
    assert {moment(record.time) for trace, record in kept if trace.name == "4634"} <= {session.destroyed or session.end}


def _machine(*steps: Step, **setup: Any) -> Machine:
    return live(Life(MachineSetup("WS01", **setup), steps))


def test_a_machine_that_is_off_is_started() -> None:
    machine = _machine(Step("console_logon"), Step("shutdown"), Step("console_logon"))
    assert [session.boot for session in machine.truth()] == [1, 2]


def test_what_cannot_happen_is_left_out() -> None:
    assert _machine(Step("unlock"), Step("sign_out")).truth() == ()


def test_ways_begin_anew_after_the_last() -> None:
    first, again = _machine(Step("console_logon", 0)), _machine(Step("console_logon", 6))
    assert first.truth() == again.truth()
    assert _machine(Step("console_logon", 1)).truth()[0].logon_type == 11


def test_a_pause_is_kept() -> None:
    (session,) = _machine(Step("console_logon", pause=PAUSES[2]), Step("sign_out")).truth()
    assert session.duration is not None
    assert PAUSES[2] <= session.duration < PAUSES[2] + timedelta(seconds=2)


@pytest.mark.parametrize("action", [*ORDINARY, *(action for actions in FAULTS.values() for action in actions)])
def test_every_action_can_happen(action: str) -> None:
    """Each takes its time, or changes the state, of a machine on which everything has been prepared for it."""
    signed_in = Step("console_logon", 4)
    before = {
        "unlock": (signed_in, Step("lock")),
        "dismiss_screen_saver": (signed_in, Step("start_screen_saver")),
        "rdp_disconnect": (Step("rdp_logon"),),
        "rdp_reconnect": (Step("rdp_logon"),),
        "console_logon": (),
        "rdp_logon": (),
    }.get(action, (signed_in,))
    without, done = _machine(*before, audits_desktop=True), _machine(*before, Step(action), audits_desktop=True)
    assert (done.now, done.state) != (without.now, without.state)


def test_lost_records_are_known_to_be_lost() -> None:
    machine = _machine(Step("console_logon"), Step("tamper", 2), Step("sign_out"))
    assert not machine.is_whole
    (session,) = machine.truth()
    assert session.evidence_lost
    assert not session.is_kept("4624")
    assert session.is_kept("4647")
    left = {record.record_id for record in machine.files()[file_name_of(SECURITY)]}
    assert not left & {trace.record_id for trace in session.traces if trace.name == "4624"}
