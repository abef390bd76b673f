"""Published answers about the samples, each with who gave it, and the stays that were counted by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from logonscope.case.view import View
from logonscope.filters.syntax import parse
from logonscope.readers.evtx import EvtxReader
from support.on_disk import on_disk
from support.samples import sample_loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.model import Event, Session

load = sample_loader

BELKASOFT = "machines/belkasoft_win10"
SYSTEM = 0x3E7


def events(case: Case, text: str = "") -> list[Event]:
    window = case.window(View("event", parse(text)))
    return case.events(window.page(0, window.count))


def stays(case: Case, text: str = "") -> list[Session]:
    window = case.window(View("session", parse(text)))
    return case.sessions(window.page(0, window.count))


def ends(sessions: list[Session]) -> Counter[str]:
    return Counter(session.end_evidence for session in sessions)


def test_belkasoft_stays(load: Callable[..., Case]) -> None:
    """LOGON.md section 7."""
    case = load(f"{BELKASOFT}/Security.evtx")
    found = stays(case)
    assert len(found) == 21
    assert ends(found) == {"4647": 16, "4634": 3, "crash": 1, "open": 1}


def test_belkasoft_with_its_neighbours(load: Callable[..., Case]) -> None:
    """The other channels add desktop numbers, never stays."""
    case = load(BELKASOFT)
    found = [session for session in stays(case) if session.start_evidence == "4624"]
    assert len(found) == 21
    assert ends(found) == {"4647": 16, "4634": 3, "crash": 1, "open": 1}


def test_velociraptor_rdp(load: Callable[..., Case]) -> None:
    case = load("rdp/velociraptor_RDPAuth")
    lsm = events(case, "channel:*LocalSessionManager* event:21,22,23,24,25,40")
    assert Counter(event.event_id for event in lsm) == {23: 2, 21: 1, 22: 1, 40: 4, 24: 2, 25: 1}
    (accepted,) = events(case, "event:1149")
    assert (accepted.account.name, accepted.source_ip) == ("vagrant", "192.168.38.1")
    assert events(case, "event:4647 user:vagrant")
    tokens = events(case, "event:4624 type:10")
    assert {(event.target.label, event.source_ip) for event in tokens} == {("WINDOMAIN\\vagrant", "192.168.38.1")}
    came_back_to = stays(case)[-1]
    assert (came_back_to.logon_type, len(came_back_to.logon_ids), came_back_to.attached) == (2, 2, 3)
    assert came_back_to.end_evidence == "4647"
    assert {event.target.name for event in events(case, "event:4634 type:10")} == {"vagrant"}


def test_kotru21_42_seconds(load: Callable[..., Case]) -> None:
    case = load("rdp/kotru21_security_rdp_42s.evtx")
    assert Counter(event.event_id for event in events(case)) == {4624: 2, 4634: 2, 1102: 1, 4648: 1, 4672: 1}
    assert [event.subject.name for event in events(case, "event:1102")] == ["john"]
    (session,) = [s for s in stays(case) if 0x286619 in s.logon_ids]
    assert (session.account.label, session.source_ip, session.logon_type) == ("vm1-PC\\vm1", "10.8.0.2", 10)
    assert session.privileged
    assert session.duration is not None
    assert session.duration // 1_000_000 == 42


def test_kotru21_edges(load: Callable[..., Case]) -> None:
    empty = load("edge/kotru21_empty.evtx")
    assert (events(empty), list(empty.problems)) == ([], [])
    found = events(load("edge/kotru21_userdata_only.evtx"))
    assert [event.event_id for event in found] == [823] * 4
    assert {event.fields["Module"] for event in found} == {"spoolsv.exe"}


def test_plaso_truncated(load: Callable[..., Case]) -> None:
    """The published 194 records lie in whole chunks; the chunk that the file ends in holds 89 more."""
    case = load("damaged/plaso_System2_truncated_is_Security.evtx")
    assert len(events(case)) == 194 + 89
    (logon,) = events(case, "event:4624 record:179")
    assert (logon.time, logon.tick) == (datetime(2015, 8, 9, 9, 15, 48, 434125), 0)


def test_plaso_first_record(load: Callable[..., Case]) -> None:
    case = load("system/plaso_System_win7.evtx")
    first = min(events(case), key=lambda event: event.record_id)
    assert (first.record_id, first.event_id, first.computer) == (1, 7036, "37L4247F27-26")
    assert (first.time, first.tick) == (datetime(2010, 11, 21, 3, 55, 59, 626427), 1)


def test_zero_data_size(load: Callable[..., Case]) -> None:
    case = load("damaged/zero_data_size_record.evtx")
    assert len(events(case)) + len(case.problems) == 336


def test_python_evtx_chunks(load: Callable[..., Case]) -> None:
    """A log that was copied while in use, which holds more than its header knows of."""
    (source,) = load("security/win7_2016_omerbenamram_security.evtx").sources
    assert source.notes == ("copied while in use (dirty flag)",)
    with EvtxReader(on_disk(source.path)) as reader:
        for _ in reader.batches():
            pass
        assert reader.places is not None
        chunks = reader.places.chunks
    assert len(chunks) == 0x1A
    assert chunks[-1].last_header_id + 1 >= 0x8B2
    assert [(chunk.first_header_id, chunk.last_header_id) for chunk in chunks[:2]] == [(1, 91), (92, 177)]


def test_chainsaw_record_ids(load: Callable[..., Case]) -> None:
    """EventRecordID is cited, not the number in the record's header."""
    found = events(load("security/chainsaw_security_sample.evtx"), "event:4624 type:5")
    assert [(event.record_id, event.header_id, event.target.name) for event in found] == [
        (31794, 4, "SYSTEM"),
        (31799, 9, "SYSTEM"),
    ]
    assert [event.time.replace(microsecond=0) for event in found if event.time] == [
        datetime(2022, 10, 11, 19, 26, 52),
        datetime(2022, 10, 11, 19, 26, 56),
    ]
    assert {event.computer for event in found} == {"DESKTOP-JK4Q86I"}


def test_danderspritz(load: Callable[..., Case]) -> None:
    assert len(events(load("tamper/danderspritz_pre-Security.evtx"))) == 123


def test_takajo_refusals(load: Callable[..., Case]) -> None:
    refused = events(load("failures/deepblue_smb_password_guessing.evtx"), "event:4625")
    assert Counter(event.account.name for event in refused) == {"Administrator": 3560, "JcDfcZTc": 1}
