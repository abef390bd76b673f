"""The same events, read from every form in which people get them, give the same rows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.flavour import MachineSetup
from logonscope.demo.records import ClassicData, EventData, Record
from logonscope.demo.simulator import Machine
from logonscope.readers.csv_tables import tables
from logonscope.readers.formats import formats
from logonscope.readers.json_shapes import ShapeFinder
from support.json_forms import FORMS as JSON_FORMS
from support.json_forms import compact, parsed
from support.logs import ALICE, BOB, at, two_boots
from support.rows import FileRows, as_text, rows_of
from support.text_forms import FORMS
from support.wordings import WORDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

_POSITION = {"header_id", "source"}
"""Where a record lies in its file, which is another file in each form."""
_TABLES = {"EvtxECmd CSV": "EvtxECmd", "Export-Csv": "Get-WinEvent | Export-Csv"}
_READ_AS = {"copied with XML": "xml"}
"""Forms that hold what another format would."""
_ONE_TEXT = ("EvtxECmd CSV", "JSON evtxecmd")
"""Forms that make one text of several without names."""
_MESSAGES = ("Export-Csv", "copied")
"""Forms that have a message in the place of fields."""


def _later(hours: float, minutes: float = 0) -> datetime:
    return at(hours, minutes) + timedelta(days=18)


def _server() -> Machine:
    """A domain controller at which people work: what ``two_boots`` does not show, on a day that can be no month."""
    machine = Machine(MachineSetup("DC01", "ALDER", "alder.example", audits_desktop=True))
    machine.boot(_later(7))
    desk = machine.console_logon(ALICE, _later(8))
    machine.lock(desk, _later(8, 10))
    machine.unlock(desk, _later(8, 20))
    far = machine.rdp_logon(BOB, "10.0.0.9", "LAP9", _later(9))
    machine.rdp_disconnect(far, _later(9, 30))
    machine.rdp_reconnect(far, "10.0.0.10", "LAP10", _later(9, 40))
    machine.kerberos_tickets(ALICE, "10.0.0.9", "FS01$", _later(10))
    machine.credential_validation("alice", "LAP9", _later(10, 5), failure=0xC000006A)
    machine.lock_out(ALICE, "LAP9", _later(10, 6))
    machine.start_screen_saver(desk, _later(10, 10))
    machine.dismiss_screen_saver(desk, _later(10, 20))
    machine.sign_out(desk, _later(11))
    machine.shutdown(_later(12))
    return machine


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """All records of two machines, with the seventh digit of a second, which the simulator leaves at zero."""
    machines = (two_boots(), _server())
    found = [record for machine in machines for log in machine.files().values() for record in log]
    return [replace(record, time=record.time + number % 10) for number, record in enumerate(found)]


@pytest.fixture(scope="module")
def truth(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The rows of the same records in an event log."""
    path = tmp_path_factory.mktemp("truth") / "log"
    path.write_bytes(encode_log(records, first_header_id=1))
    return rows_of(path).rows


def _json(name: str) -> Callable[[Sequence[Record]], bytes]:
    """Writes records as a tool writes events in JSON, one a line."""

    def write(records: Sequence[Record]) -> bytes:
        with NamedTemporaryFile(suffix=".evtx") as log:
            log.write(encode_log(records, first_header_id=1))
            log.flush()
            events = map(JSON_FORMS[name], parsed(Path(log.name)))
            return "\n".join(map(compact, events)).encode()

    return write


WRITERS = FORMS | {f"JSON {name}": _json(name) for name in JSON_FORMS}


def _lacks(read: _Read) -> set[str]:
    """The columns that differ, as the format's own data names them."""
    if read.form.startswith("JSON "):
        shaped = ShapeFinder()(json.loads(read.file.records[0] or ""))
        return set(shaped.shape.lacks_columns if shaped else ())
    if read.form in _TABLES:
        return set(next(table for table in tables() if table.name == _TABLES[read.form]).lacks_columns)
    return set(formats()[_READ_AS.get(read.form, read.file.kind)].lacks_columns)


def _carries(form: str, record: Record) -> bool:
    """Whether a form has the fields of a record at all."""
    if form in _MESSAGES:
        return (record.kind.provider.name, record.kind.event_id) in WORDINGS
    if form == "JSON nxlog" and not (isinstance(record.kind.payload, EventData) and record.kind.payload.fields):
        return False  # of other records it has the message alone
    return form not in _ONE_TEXT or not isinstance(record.kind.payload, ClassicData)


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """The fields, unnamed texts told one way; one that is empty is none."""
    fields = as_text(json.loads(row["event_data"] or "{}"))
    data = fields.get("Data")
    texts = data.get("#text") if isinstance(data, dict) else data
    return fields | {"Data": texts} if texts and texts != [""] else {n: v for n, v in fields.items() if n != "Data"}


class _Read:
    def __init__(self, form: str, file: FileRows) -> None:
        self.form = form
        self.file = file


@pytest.fixture(scope="module", params=WRITERS)
def read(request: pytest.FixtureRequest, records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> _Read:
    path: Path = tmp_path_factory.mktemp("form") / "log"
    path.write_bytes(WRITERS[request.param](records))
    return _Read(request.param, rows_of(path))


def test_every_record_is_read(read: _Read, records: list[Record]) -> None:
    assert not read.file.problems
    assert len(read.file.rows) == len(records)


def test_columns_are_the_same(read: _Read, records: list[Record], truth: list[dict[str, Any]]) -> None:
    lacks = _lacks(read)
    differing = set()
    for record, row, true in zip(records, read.file.rows, truth, strict=True):
        if not _carries(read.form, record):
            continue
        differing |= {name for name in true.keys() - _POSITION - {"event_data"} if row[name] != true[name]}
        assert _fields(row) == _fields(true)
        assert row["time"].replace(microsecond=0) == true["time"].replace(microsecond=0)
    assert differing == lacks


def test_what_a_record_is_stays_known_without_its_fields(
    read: _Read, records: list[Record], truth: list[dict[str, Any]]
) -> None:
    for record, row, true in zip(records, read.file.rows, truth, strict=True):
        for name in {"computer", "channel", "provider", "event_id", "outcome"} - _lacks(read):
            assert row[name] == true[name], record


def test_a_record_is_found_again(read: _Read, records: list[Record]) -> None:
    for record, text in zip(records, read.file.records, strict=True):
        assert text is not None
        assert str(record.kind.event_id) in text
        assert record.computer in text


def test_what_messages_leave_open_is_said(read: _Read) -> None:
    said = " ".join(read.file.notes)
    for words in ("no zone", "not all was found a field for"):
        assert (words in said) == (read.form in _MESSAGES)
