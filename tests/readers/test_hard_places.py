"""Files that are hard to read: gone, growing, locked, no files at all, and very many; archives and texts on a pipe."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers import sources
from logonscope.readers.sources import find_sources
from support.archived import seven_zipped, tarred, zipped
from support.logs import notes

if TYPE_CHECKING:
    from logonscope.errors import SourceError

EVENTS = View("event")
LOG = encode_log(notes(300))
ONE_EVENT = b"""<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
<Provider Name="Microsoft-Windows-Security-Auditing"/><EventID>4634</EventID><EventRecordID>7</EventRecordID>
<TimeCreated SystemTime="2026-03-02T08:00:00.0000000Z"/><Channel>Security</Channel><Computer>WS01</Computer></System>
<EventData><Data Name="TargetLogonId">0x5a1b2</Data></EventData></Event>"""


def found(*paths: Path) -> tuple[list[Path], list[str]]:
    unreadable: list[SourceError] = []
    return [source.path for source in find_sources(paths, unreadable)], [error.message for error in unreadable]


@pytest.mark.parametrize(
    ("contents", "records"),
    [
        (zipped({"a.evtx": LOG, "b.evtx": LOG}), 300),
        (gzip.compress(LOG), 300),
        (gzip.compress(tarred({"a.evtx": LOG})), 300),
        (seven_zipped({"a.evtx": LOG}), 300),
        (ONE_EVENT, 1),
        (gzip.compress(ONE_EVENT), 1),
    ],
    ids=["zip", "gzip", "tar.gz", "7z", "XML", "XML, gzip"],
)
def test_archives_and_texts_on_standard_input(tmp_path: Path, contents: bytes, records: int) -> None:
    with Case([], io.BytesIO(contents), tmp_path / "work") as case:
        case.load()
        assert case.unreadable == []
        assert case.count(EVENTS) == records
        assert all(str(source.path).startswith("standard input") for source in case.sources)
        assert case.event_record(case.events(case.window(EVENTS).page(0, 1))[0])


def test_an_archive_without_a_log_on_standard_input(tmp_path: Path) -> None:
    with Case([], io.BytesIO(zipped({"a": b"text"})), tmp_path / "work") as case:
        case.load()
        assert [str(error) for error in case.unreadable] == [
            "standard input: no event log in this zip archive (1 file)"
        ]


def test_a_file_that_is_cut_short_while_it_is_read(tmp_path: Path) -> None:
    path, other = tmp_path / "a.evtx", tmp_path / "b.evtx"
    path.write_bytes(LOG)
    other.write_bytes(encode_log(notes(310)[300:]))

    def cut() -> bool:
        with path.open("r+b") as file:
            file.truncate(80_000)
        return False

    with Case([path, other], work_parent=tmp_path / "work") as case:
        case.load(cancelled=cut)
        assert {problem.path for problem in case.problems} == {path}
        assert case.sources[1].records == 10


def test_a_device_and_a_pipe_beside_logs(tmp_path: Path) -> None:
    log = tmp_path / "x.evtx"
    log.write_bytes(LOG)
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ([log], [])
    assert found(Path("/dev/zero"), tmp_path / "pipe", log) == (
        [log],
        ["/dev/zero: not a regular file", f"{tmp_path}/pipe: not a regular file"],
    )


def test_a_log_that_windows_keeps_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "Security.evtx"
    locked.write_bytes(LOG)

    def refuse(_: Path) -> NoReturn:
        error = PermissionError(13, "The process cannot access the file because it is being used by another process")
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(sources, "open_evidence", refuse)
    unreadable: list[SourceError] = []
    assert list(find_sources([locked], unreadable)) == []
    (error,) = unreadable
    assert error.message == f"{locked}: another program keeps it open and locked"
    assert "wevtutil epl" in error.advice


def test_ten_thousand_files(tmp_path: Path) -> None:
    """Each is looked at once; two are logs."""
    for number in range(100):
        folder = tmp_path / f"{number:02}"
        folder.mkdir()
        for name in range(100):
            (folder / f"{name}.txt").write_bytes(b"text")
    logs = [tmp_path / "07" / "a", tmp_path / "93" / "b"]
    for log in logs:
        log.write_bytes(encode_log(notes(3)))
    assert found(tmp_path) == (logs, [])
