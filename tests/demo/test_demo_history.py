"""What holds for every history of a machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from demo_logs import record_ids
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.flavour import FLAVOURS, SECURITY, MachineSetup
from logonscope.demo.journal import file_name_of
from logonscope.demo.records import Record, moment
from support.histories import channels, lived

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.simulator import Machine
    from logonscope.demo.truth import TrueSession

_setups = st.builds(
    MachineSetup,
    name=st.sampled_from(["WS01", "TS01"]),
    flavour=st.sampled_from(FLAVOURS),
    audits_desktop=st.booleans(),
    audits_logoff=st.booleans(),
    channels=channels,
)


def _machine(draw: st.DataObject, steps: int, *without: str) -> Machine:
    return lived(draw.draw(_setups), draw, steps, without)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from((3, 12, 40)))
def test_records_can_be_read_and_their_ids_grow(draw: st.DataObject, steps: int) -> None:
    machine = _machine(draw, steps)
    for written in machine.files().values():
        ids = [record.record_id for record in written]
        assert ids == [*range(ids[0], ids[0] + len(ids))] if ids else True
        assert record_ids(encode_log(written)) == ids


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from((3, 12, 40)))
def test_truth_agrees_with_itself(draw: st.DataObject, steps: int) -> None:
    machine = _machine(draw, steps)
    for session in machine.truth():
        assert 1 <= session.boot <= machine.boot_number
        assert (session.end is None) == (session.end_kind == "open") == (session.duration is None)
        assert session.end_kind != "open" or session.boot == machine.boot_number
        assert (session.role == "session") == (session.parent_logon_id is None)
        assert all(away.end is not None for away in session.away) or session.end is None
        if session.duration is not None and session.active is not None:
            assert timedelta() <= session.active <= session.duration


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from((3, 12, 40)))
def test_records_agree_with_the_truth(draw: st.DataObject, steps: int) -> None:
    """Every session has the 4624 of each of its tokens in its own boot, and the records that ended it."""
    machine = _machine(draw, steps, "clear_log")
    boots = _by_boot(machine.files()[file_name_of(SECURITY)])
    for boot in boots:
        logons = [record.fields["TargetLogonId"] for record in boot if _is_logon_of_its_own(record)]
        assert len(logons) == len(set(logons))
    for session in machine.truth():
        if not session.evidence_lost:
            _check(session, boots[session.boot - 1])


def _by_boot(records: list[Record]) -> list[list[Record]]:
    boots: list[list[Record]] = []
    for record in records:
        if record.kind.event_id == 4608:
            boots.append([])
        if boots:
            boots[-1].append(record)
    return boots


def _is_logon_of_its_own(record: Record) -> bool:
    return record.kind.event_id == 4624 and record.fields["TargetLogonId"] not in (0x3E7, 0x3E5, 0x3E4)


def _check(session: TrueSession, records: list[Record]) -> None:
    logons = [
        record
        for record in records
        if record.kind.event_id == 4624 and record.fields["TargetLogonId"] in session.logon_ids
    ]
    assert {record.fields["TargetLogonId"] for record in logons} == set(session.logon_ids)
    assert {moment(record.time) for record in logons} == {session.start}
    assert {record.fields["LogonType"] for record in logons} == {session.logon_type}
    assert {record.fields["TargetUserName"] for record in logons} == {session.account.name}
    privileged = [
        record
        for record in records
        if record.kind.event_id == 4672 and record.fields["SubjectLogonId"] in session.logon_ids
    ]
    assert session.privileged == bool(privileged)
    assert _times(records, 4647, session) == ({session.end} if "4647" in session.end_evidence else set())
    destroyed = {session.destroyed or session.end} if "4634" in session.end_evidence else set()
    assert _times(records, 4634, session) == destroyed


def _times(records: list[Record], event_id: int, session: TrueSession) -> set[datetime]:
    return {
        moment(record.time)
        for record in records
        if record.kind.event_id == event_id and record.fields["TargetLogonId"] in session.logon_ids
    }
