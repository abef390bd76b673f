"""Logs inside of archives: found by content, read as streams, shown with harmless names."""

from __future__ import annotations

import io
import itertools
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from py7zr.archiveinfo import Folder

from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.archives.limits import Limits
from logonscope.readers.archives.streams import Lender
from logonscope.readers.sources import find_sources
from support.archived import LISTED, PACKED, seven_zipped, tarred, zipped, zipped_by_go
from support.logs import notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from logonscope.errors import SourceError
    from logonscope.readers.source_file import SourceFile

LOG = encode_log(notes(200))
OTHER = encode_log(notes(30))


@pytest.fixture(autouse=True)
def _no_stream_is_left() -> Iterator[None]:
    yield
    Lender.rest()


def found(path: Path, contents: bytes, **limits: int) -> tuple[list[SourceFile], list[str]]:
    """The logs in an archive, and the complaints."""
    path.write_bytes(contents)
    unreadable: list[SourceError] = []
    return list(find_sources([path], unreadable, Limits(**limits))), [error.message for error in unreadable]


def contents_of(source: SourceFile) -> bytes:
    with source.open() as file:
        return file.read()


@pytest.mark.parametrize("pack", LISTED.values(), ids=LISTED)
def test_logs_among_other_files(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    path = tmp_path / "collection.bin"
    files = {"a/Security.evtx": LOG, "a/notes.txt": b"text" * 999, "empty": b"", "b/System": OTHER, "z": bytes(10**6)}
    sources, complaints = found(path, pack(files))
    assert complaints == []
    assert [(source.place, source.size, source.kind) for source in sources] == [
        (path / "a" / "Security.evtx", len(LOG), "evtx"),
        (path / "b" / "System", len(OTHER), "evtx"),
    ]
    assert [contents_of(source) for source in sources] == [LOG, OTHER]
    assert [contents_of(source) for source in reversed(sources)] == [OTHER, LOG]


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_a_packed_log(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    for number, contents in enumerate([pack(LOG), pack(LOG[:70_000]) + pack(LOG[70_000:]), pack(LOG) + bytes(100_000)]):
        path = tmp_path / f"Security.evtx{number}.packed"
        (source,), complaints = found(path, contents)
        assert complaints == []
        assert (source.place, source.size) == (path, len(LOG))
        assert contents_of(source) == LOG


@pytest.mark.parametrize("pack", [*LISTED.values()], ids=[*LISTED])
def test_streams_can_seek(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    (_, source), _ = found(tmp_path / "x", pack({"first": OTHER, "log": LOG}))
    with source.open() as stream:
        for place, size in itertools.product([100_000, 5, 131_072, len(LOG) - 3, len(LOG) + 10, 0], [10, 70_000]):
            stream.seek(place)
            assert stream.read(size) == LOG[place : place + size]
        assert stream.seek(-20, io.SEEK_END) == len(LOG) - 20
        assert stream.read() == LOG[-20:]


def test_two_members_are_read_at_once(tmp_path: Path) -> None:
    """As the record of one is asked for while another is loaded."""
    sources, _ = found(tmp_path / "x.7z", seven_zipped({"a": LOG, "b": OTHER}))
    with sources[0].open() as first, sources[1].open() as second:
        assert (first.read(100), second.read(100)) == (LOG[:100], OTHER[:100])
        assert (first.read(), second.read()) == (LOG[100:], OTHER[100:])


def test_a_solid_archive_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    usual = Folder.get_decompressor

    def begin(folder: Folder, *arguments: Any, **named: Any) -> Any:
        begun.append(folder)
        return usual(folder, *arguments, **named)

    monkeypatch.setattr(Folder, "get_decompressor", begin)
    sources, _ = found(tmp_path / "x.7z", seven_zipped({f"{number}.evtx": LOG for number in range(20)}))
    assert len(begun) == 2  # one of them is the directory's
    assert all(contents_of(source) == LOG for source in sources)
    assert len(begun) == 3


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = LISTED["tar.gz"]({"c/Security.evtx": LOG})
    sources, complaints = found(tmp_path / "x", zipped({"a.zip": zipped({"b.tgz": inner}), "b/System.evtx": OTHER}))
    assert complaints == []
    places = [str(source.place.relative_to(tmp_path)) for source in sources]
    assert places == ["x/a.zip/b.tgz/c/Security.evtx", "x/b/System.evtx"]
    assert [contents_of(source) for source in sources] == [LOG, OTHER]


def test_the_depth_is_bounded(tmp_path: Path) -> None:
    contents = LOG
    for _ in range(5):
        contents = zipped({"inner": contents})
    reason = "1 member is not read (archived too deep: 3 levels in an archive are searched): inner"
    assert found(tmp_path / "x", contents) == ([], [f"{tmp_path}/x/inner/inner/inner: {reason}"])
    assert len(found(tmp_path / "x", contents, depth=4)[0]) == 1
    for _ in range(30):
        contents = PACKED["gzip"](contents)
    assert len(found(tmp_path / "x", contents)[1]) == 1


def test_a_collection_of_velociraptor(tmp_path: Path) -> None:
    folder = "uploads/auto/C%3A/Windows/System32/winevt/Logs"
    files = {
        f"{folder}/Security.evtx": LOG,
        f"{folder}/Microsoft-Windows-TerminalServices-LocalSessionManager%254Admin.evtx": OTHER,
        "uploads.json": b'{"Timestamp":"2026-05-11"}\n',
    }
    sources, complaints = found(tmp_path / "c.zip", zipped_by_go(files))
    logs = tmp_path / "c.zip" / "uploads/auto/C:/Windows/System32/winevt/Logs"
    assert {source.place for source in sources} == {
        logs / "Security.evtx",
        logs / "Microsoft-Windows-TerminalServices-LocalSessionManager%4Admin.evtx",
    }
    assert complaints == []


def test_names_lead_nowhere(tmp_path: Path) -> None:
    """They are only shown; two members of one name are two."""
    names = ["../../etc/passwd", "/etc/passwd", "C:\\x\\..\\y.evtx", "a\x1b[31m%4Admin.evtx", "./a//b"]
    files = {name: encode_log(notes(number)) for number, name in enumerate(names, 1)}
    sources, _ = found(tmp_path / "x.tar", tarred(files))
    root = tmp_path / "x.tar"
    assert [source.place for source in sources] == [
        root / "(..)" / "(..)" / "etc" / "passwd",
        root / "etc" / "passwd",
        root / "C:" / "x" / "(..)" / "y.evtx",
        root / "a\x1b[31m%4Admin.evtx",
        root / "a" / "b",
    ]
    assert [contents_of(source) for source in sources] == list(files.values())


def test_members_of_one_name(tmp_path: Path) -> None:
    archive = zipped({"log-1": LOG, "log-2": OTHER}).replace(b"log-2", b"log-1")
    sources, _ = found(tmp_path / "x.zip", archive)
    assert [source.place.name for source in sources] == ["log-1", "log-1"]
    assert [contents_of(source) for source in sources] == [LOG, OTHER]


@pytest.mark.parametrize("pack", LISTED.values(), ids=LISTED)
def test_an_archive_without_logs(tmp_path: Path, pack: Callable[..., bytes]) -> None:
    path = tmp_path / "x.docx"
    sources, (complaint,) = found(path, pack({"a": b"text", "b": b"text"}))
    assert sources == []
    assert complaint.startswith(f"{path}: no event log in this ")
    assert complaint.endswith(" archive (2 files)") or "gz" in complaint or "zst" in complaint


def test_archives_in_a_folder(tmp_path: Path) -> None:
    """Those without a log are not worth a word, but one that was not searched to its end may hold one."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "logs.zip").write_bytes(zipped({"x": LOG}))
    (tmp_path / "a" / "letter.docx").write_bytes(zipped({"x": b"text"}))
    (tmp_path / "a" / "broken.zip").write_bytes(zipped({"x": b"text"})[:-30])
    unreadable: list[SourceError] = []
    assert [source.place.name for source in find_sources([tmp_path], unreadable)] == ["x"]
    assert [error.message.partition(": ")[0] for error in unreadable] == [f"{tmp_path}/a/broken.zip"]


def test_a_zip_of_more_members_than_its_old_form_can_count(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        for number in range(70_000):
            writing.writestr(f"{number}", b"")
        writing.writestr("log", LOG)
    (source,), complaints = found(tmp_path / "x", archive.getvalue())
    assert (source.place.name, contents_of(source) == LOG, complaints) == ("log", True, [])


def test_a_zip_behind_other_bytes(tmp_path: Path) -> None:
    """As one that unpacks itself; its own offsets are wrong then."""
    sources, complaints = found(tmp_path / "x", b"PK\3\4" + bytes(1000) + zipped({"log": LOG}))
    assert ([contents_of(source) == LOG for source in sources], complaints) == ([True], [])
