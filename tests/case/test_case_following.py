"""Following: logs that grow, begin anew, are renamed or come later, each record once."""

from __future__ import annotations

import io
import json
import os
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import pytest

from logonscope.case import following
from logonscope.case.case import Case
from logonscope.case.following import Following
from logonscope.case.options import LoadOptions
from logonscope.case.view import Scope, View
from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log, write_log
from logonscope.readers import source_file
from logonscope.readers.cut import Cut
from logonscope.readers.evidence import open_evidence
from logonscope.sessions.rebuild import Rebuilt, rebuild
from support.archived import zipped
from support.logs import note, notes, two_boots, write_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

    from logonscope.demo.records import Record

EVENTS = View("event")
HEADER, CHUNK = 4096, 65536


class Followed:
    """A case that is followed look by look."""

    def __init__(self, path: Path, work: Path, cut: Cut) -> None:
        self.case = Case([path], work_parent=work, options=LoadOptions(cut))
        self.case.load()
        loaded = self.case._loading
        assert loaded
        self._following = Following(loaded, self.case.paths, self.case.options, self.case._began)

    def look(self) -> bool:
        return self._following.look()

    def ids(self) -> list[int]:
        rows = self.case.window(EVENTS)
        return [event.record_id or 0 for event in self.case.events(rows.page(0, rows.count))]


@pytest.fixture
def follow(tmp_path: Path) -> Iterator[Callable[..., Followed]]:
    followed: list[Followed] = []

    def begin(path: Path, cut: Cut | None = None) -> Followed:
        followed.append(Followed(path, tmp_path / "work", cut or Cut()))
        return followed[-1]

    yield begin
    for one in followed:
        one.case.close()


def log(count: int, first: int = 1) -> bytes:
    return encode_log([note(number) for number in range(first, first + count)])


def write(path: Path, contents: bytes) -> None:
    """In place, as the event log service does."""
    path.parent.mkdir(exist_ok=True)
    with path.open("r+b" if path.exists() else "xb") as file:
        file.write(contents)
        file.truncate()
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


def dirty(whole: bytes, known: int) -> bytes:
    """A log whose headers do not know of its last records yet."""
    image = bytearray(faults.dirty_header(whole, 0))
    start = len(image) - CHUNK
    first = struct.unpack_from("<Q", image, start + 24)[0]
    place = start + 512
    for _ in range(first, known + 1):
        place += struct.unpack_from("<I", image, place + 4)[0]
    struct.pack_into("<Q", image, start + 16, known)
    struct.pack_into("<Q", image, start + 32, known)
    struct.pack_into("<I", image, start + 48, place - start)
    return bytes(image)


@pytest.mark.parametrize("counts", [(10, 11), (10, 75), (70, 80), (10, 500), (75, 76), (300, 10_000)])
def test_a_log_that_grows(tmp_path: Path, follow: Callable[..., Followed], counts: tuple[int, int]) -> None:
    before, after = counts
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(before))
    followed = follow(path)
    assert not followed.look()
    write(path, log(after))
    assert followed.look()
    assert followed.ids() == list(range(1, after + 1))
    assert not followed.look()
    (source,) = followed.case.sources
    assert (source.records, source.problems, source.size) == (after, 0, path.stat().st_size)
    event = followed.case.events(followed.case.window(EVENTS).page(after - 1, after))[0]
    assert followed.case.event_record(event)


def test_records_that_no_header_knows_of_yet(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, dirty(log(20), 10))
    followed = follow(path)
    assert followed.ids() == list(range(1, 21))
    write(path, dirty(log(40), 10))
    assert followed.look()
    assert followed.ids() == list(range(1, 41))
    write(path, log(40))
    assert not followed.look()


def test_growth_that_the_file_system_does_not_tell_of(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    """Windows writes sizes and times of open files late."""
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(20))
    followed = follow(path)
    status = path.stat()
    with path.open("r+b") as file:
        file.write(log(40))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert followed.look()
    assert followed.ids() == list(range(1, 41))


def test_a_full_log_begins_again_at_its_first_chunk(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    whole = log(4 * 75)
    write(path, whole)
    followed = follow(path)
    newer = encode_log([note(number) for number in range(301, 340)])
    write(path, whole[:HEADER] + newer[HEADER : HEADER + CHUNK] + whole[HEADER + CHUNK :])
    assert followed.look()
    assert sorted(followed.ids()) == list(range(1, 340))
    assert not followed.look()


def test_a_log_that_is_cleared(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(200))
    followed = follow(path)
    write(path, encode_log([replace(note(1), time=note(300).time)]))
    assert followed.look()
    assert sorted(followed.ids()) == sorted([*range(1, 201), 1])
    assert [source.records for source in followed.case.sources] == [200, 1]


def test_a_log_that_is_rotated(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    """What was written to it until then is read under its new name, and nothing twice."""
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(100))
    followed = follow(path.parent)
    write(path, log(110))
    path.rename(path.with_name("Archive-x.evtx"))
    write(path, log(5, first=111))
    assert followed.look()
    assert followed.ids() == list(range(1, 116))
    assert not followed.look()
    assert [source.records for source in followed.case.sources] == [110, 5]
    event = followed.case.events(followed.case.window(EVENTS).page(0, 1))[0]
    assert followed.case.event_record(event)


def test_files_that_come_later(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    folder = tmp_path / "logs"
    write(folder / "a.evtx", log(10))
    followed = follow(folder)
    (folder / "WS02").mkdir()
    write(folder / "WS02" / "b.evtx", log(10, first=11))
    write(folder / "notes.txt", b"text")
    write(folder / "c.zip", zipped({"c.evtx": log(10, first=21)}))
    assert followed.look()
    assert followed.ids() == list(range(1, 21))
    assert followed.look(), "an archive is read when it is no longer written to"
    assert followed.ids() == list(range(1, 31))
    assert not followed.look()
    assert followed.case.unreadable == []


def test_copies_are_not_added(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    folder = tmp_path / "logs"
    write(folder / "a.evtx", log(10))
    followed = follow(folder)
    write(folder / "b.evtx", log(12))
    followed.look()
    assert followed.ids() == list(range(1, 13))
    assert followed.case.duplicates == 10


def test_a_record_that_is_half_written(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(20))
    followed = follow(path)
    write(path, faults.broken_record(log(21), 21))
    assert followed.look()
    assert (followed.ids(), len(followed.case.problems)) == (list(range(1, 21)), 1)
    assert not followed.look()
    write(path, log(22))
    assert followed.look()
    assert followed.ids() == list(range(1, 23))
    assert len(followed.case.problems) == 1


def test_damage_is_told_with_its_place_in_the_file(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(400))
    followed = follow(path)
    damaged = faults.broken_record(log(500), 460)
    write(path, damaged)
    assert followed.look()
    (problem,) = followed.case.problems
    assert problem.record_id == 460
    assert problem.offset
    assert damaged[problem.offset : problem.offset + 4] == b"**\0\0"
    assert struct.unpack_from("<Q", damaged, problem.offset + 8)[0] == 460


def test_a_file_that_vanishes_or_is_locked(
    tmp_path: Path, follow: Callable[..., Followed], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "logs" / "a.evtx", tmp_path / "logs" / "b.evtx"
    write(first, log(10))
    write(second, log(10, first=11))
    followed = follow(first.parent)
    first.unlink()
    assert not followed.look()
    assert followed.ids() == list(range(1, 21))
    write(second, log(12, first=11))

    def refuse(path: Path) -> BinaryIO:
        if path == second:
            raise PermissionError(13, "Permission denied")
        return open_evidence(path)

    monkeypatch.setattr(source_file, "open_evidence", refuse)
    followed.look()
    followed.look()
    (problem,) = followed.case.problems
    assert (problem.path, problem.reason) == (second, "reading stopped: Permission denied")
    monkeypatch.setattr(source_file, "open_evidence", open_evidence)
    assert followed.look()
    assert followed.ids() == list(range(1, 23))


def test_only_what_is_asked_for_is_added(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(10))
    followed = follow(path, Cut(events=frozenset({4624})))
    write(path, log(20))
    followed.look()
    assert (followed.ids(), followed.case.left_out) == ([], 20)
    followed.look()
    assert followed.case.left_out == 20


def test_only_machines_of_which_there_is_more_are_rebuilt(
    tmp_path: Path, follow: Callable[..., Followed], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_machine(two_boots(), tmp_path / "logs")
    whole = two_boots().files()["Security.evtx"]
    security = tmp_path / "logs" / "WS01" / "Security.evtx"
    half: list[Record] = whole[: len(whole) // 2]
    write(security, encode_log(half))
    write(tmp_path / "logs" / "other.evtx", encode_log([note(1)]))
    followed = follow(tmp_path / "logs")
    sessions = View("session", scope=Scope.ALL)
    before = followed.case.count(sessions)
    built: list[int] = []

    def noted(con: duckdb.DuckDBPyConnection) -> Rebuilt:
        rebuilt = rebuild(con)
        built.append(rebuilt.machines)
        return rebuilt

    monkeypatch.setattr("logonscope.sessions.rebuild.rebuild", noted)
    write(security, encode_log(whole))
    followed.look()
    assert built == [1]
    with Case([tmp_path / "logs"], work_parent=tmp_path / "again") as case:
        case.load()
        assert followed.case.count(sessions) == case.count(sessions) > before
        assert followed.case.count(EVENTS) == case.count(EVENTS)


def test_following_goes_on_until_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(10))
    monkeypatch.setattr(following, "_NAP_SECONDS", 0)
    monkeypatch.setattr(following, "_LEAST_PAUSE_SECONDS", 0)
    stages: list[str] = []
    counts: list[int] = []
    with Case([path], work_parent=tmp_path / "work") as case:

        def came() -> None:
            counts.append(case.count(EVENTS))
            write(path, log(30))

        case.load(lambda progress: stages.append(progress.stage), cancelled=lambda: len(counts) == 2)
        write(path, log(20))
        case.follow(came)
        assert counts == [20, 30]
    assert stages[-4:] == ["done", "following", "following", "stopped"]


def test_standard_input_is_not_followed(tmp_path: Path) -> None:
    with Case([], io.BytesIO(log(10)), tmp_path / "work") as case:
        case.load()
        loaded = case._loading
        assert loaded
        assert not Following(loaded, case.paths, case.options, 0.0).look()
        assert case.count(EVENTS) == 10


def test_growth_is_read_by_its_chunks(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    """However large the log is: more than can be taken in one go comes in several."""
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(75))
    followed = follow(path)
    write_log(path, notes(75 * 70))
    assert followed.look()
    assert followed.case.count(EVENTS) == 75 * 70


def line(number: int) -> str:
    return json.dumps(
        {
            "Event": {
                "System": {
                    "Provider": {"#attributes": {"Name": "Logonscope-Test"}},
                    "EventID": 7,
                    "TimeCreated": {"#attributes": {"SystemTime": f"2026-03-02T08:00:{number:02}.000000Z"}},
                    "EventRecordID": number,
                    "Channel": "Security",
                    "Computer": "WS01",
                },
                "EventData": {"Text": "x"},
            }
        }
    )


def test_a_text_log_that_grows(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    """Its last line, half written, is no record yet."""
    path = tmp_path / "logs" / "x.jsonl"
    lines = [line(number) for number in range(1, 31)]
    write(path, ("\n".join(lines[:10]) + "\n" + lines[10][:40]).encode())
    followed = follow(path)
    assert followed.ids() == list(range(1, 11))
    write(path, ("\n".join(lines[:20]) + "\n").encode())
    assert followed.look()
    assert followed.ids() == list(range(1, 21))
    write(path, ("\n".join(lines[:30]) + "\n").encode())
    assert followed.look()
    assert followed.ids() == list(range(1, 31))
    assert not followed.look()
    event = followed.case.events(followed.case.window(EVENTS).page(29, 30))[0]
    assert json.loads(followed.case.event_record(event))["Event"]["System"]["EventRecordID"] == 30


def test_a_text_log_that_is_begun_anew(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.jsonl"
    write(path, "".join(line(number) + "\n" for number in range(1, 20)).encode())
    followed = follow(path)
    write(path, "".join(line(number) + "\n" for number in range(20, 25)).encode())
    assert followed.look()
    assert followed.ids() == list(range(1, 25))


def test_salvage_searches_what_has_grown(tmp_path: Path, follow: Callable[..., Followed]) -> None:
    path = tmp_path / "logs" / "x.evtx"
    write(path, log(100))
    followed = follow(path)
    write(path, faults.hidden_record(log(200), 170))
    assert followed.look()
    assert followed.case.salvage() == 1
    assert sorted(followed.ids()) == list(range(1, 201))
    write(path, faults.hidden_record(log(220), 170))
    assert followed.look()
    assert sorted(followed.ids()) == list(range(1, 221))
