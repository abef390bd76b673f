"""From the paths that a user names to the logs to read, and a clear word on the others."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.demo.evtx_writer import encode_log
from logonscope.readers import sources
from logonscope.readers.sources import find_sources, spool_stdin
from support.logs import note

if TYPE_CHECKING:
    from logonscope.errors import SourceError

LOG = encode_log([note(1)])


def found(*paths: Path) -> tuple[list[Path], list[str]]:
    """Paths of the logs, and the complaints."""
    unreadable: list[SourceError] = []
    files = [source.path for source in find_sources(paths, unreadable)]
    return files, [str(error) for error in unreadable]


def write(path: Path, contents: bytes = LOG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)
    return path


def test_a_named_log(tmp_path: Path) -> None:
    log = write(tmp_path / "Security.evtx")
    unreadable: list[SourceError] = []
    (source,) = find_sources([log], unreadable)
    assert (source.path, source.shown, source.size, source.kind) == (log, str(log), len(LOG), "evtx")
    assert unreadable == []


@pytest.mark.parametrize("name", ["log.txt", "no suffix", "log.json", "log.evt"])
def test_contents_decide_never_the_name(tmp_path: Path, name: str) -> None:
    log = write(tmp_path / name)
    assert found(log) == found(tmp_path) == ([log], [])


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"", "found an empty file (0 bytes)"),
        (b"hello\n", "found text"),
        (b'{"Event": 1}', "found JSON text"),
        (bytes(100), "found nothing but zero bytes"),
    ],
)
def test_named_file_that_is_no_log(tmp_path: Path, contents: bytes, reason: str) -> None:
    path = write(tmp_path / "Security.evtx", contents)
    assert found(path) == ([], [f"{path}: {reason}"])


def test_the_others_are_still_read(tmp_path: Path) -> None:
    good = write(tmp_path / "good.evtx")
    missing = tmp_path / "missing.evtx"
    assert found(missing, good) == ([good], [f"{missing}: no such file or folder"])


def test_complaints_say_what_to_do(tmp_path: Path) -> None:
    unreadable: list[SourceError] = []
    list(find_sources([tmp_path / "missing", write(tmp_path / "x.evtx", b"text"), tmp_path / "empty"], unreadable))
    assert all(error.advice for error in unreadable)


def test_folder_without_logs(tmp_path: Path) -> None:
    write(tmp_path / "readme.txt", b"text")
    assert found(tmp_path) == ([], [f"{tmp_path}: no event log in this folder"])


def test_folder_is_searched_in_depth_and_in_order(tmp_path: Path) -> None:
    logs = [write(tmp_path / name) for name in ("a.evtx", "z.evtx", "WS01/Security.evtx", "WS02/old/System.evtx")]
    write(tmp_path / "notes.txt", b"text")
    broken = write(tmp_path / "WS01" / "Broken.evtx", b"text")
    assert found(tmp_path) == (logs, [f"{broken}: found text"])


def test_the_same_file_is_read_once(tmp_path: Path) -> None:
    log = write(tmp_path / "logs" / "Security.evtx")
    (tmp_path / "logs" / "symbolic.evtx").symlink_to(log)
    (tmp_path / "hard.evtx").hardlink_to(log)
    assert found(log, tmp_path / "logs", log, tmp_path / "hard.evtx") == ([log], [])


def test_symlink_loops_end(tmp_path: Path) -> None:
    log = write(tmp_path / "logs" / "Security.evtx")
    (tmp_path / "logs" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path) == ([log], [])
    knot = tmp_path / "knot.evtx"
    knot.symlink_to(knot)
    assert found(knot) == ([], [f"{knot}: Too many levels of symbolic links"])


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """Opening it would wait for a writer."""
    pipe = tmp_path / "pipe.evtx"
    os.mkfifo(pipe)
    assert found(pipe) == ([], [f"{pipe}: not a regular file"])


def test_a_name_longer_than_a_file_can_have(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300)
    assert found(path) == ([], [f"{path}: File name too long"])


def _forbid(monkeypatch: pytest.MonkeyPatch, where: Any, method: str, forbidden: Path) -> None:
    """Refuse access as the kernel does, also to a superuser."""
    usual = getattr(where, method)

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == forbidden:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path, *arguments, **options)

    monkeypatch.setattr(where, method, refuse)


@pytest.mark.parametrize(("where", "method"), [(sources, "open_evidence"), (Path, "stat")])
def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, method: str) -> None:
    secret, good = write(tmp_path / "secret.evtx"), write(tmp_path / "good.evtx")
    _forbid(monkeypatch, where, method, secret)
    assert found(secret, good) == ([good], [f"{secret}: no permission to read it"])
    assert found(tmp_path) == ([good], [f"{secret}: no permission to read it"])


def test_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = write(tmp_path / "good.evtx")
    secret = write(tmp_path / "secret" / "Security.evtx").parent
    usual = os.scandir

    def refuse(path: str) -> Any:
        if Path(path) == secret:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(tmp_path) == ([good], [f"{secret}: Permission denied"])


def test_standard_input_is_copied_privately(tmp_path: Path) -> None:
    copy = spool_stdin(io.BytesIO(LOG), tmp_path)
    assert copy.read_bytes() == LOG
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert found(copy) == ([copy], [])


def test_standard_input_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "stdin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        spool_stdin(io.BytesIO(LOG), tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_a_first_record_that_is_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    event = {"EventID": 4624, "Channel": "Security", "Computer": "WS1", "EventRecordID": 1}
    event |= {"Provider": {"#attributes": {"Name": "Security"}}, "TimeCreated": {"#attributes": {"SystemTime": "2026"}}}
    log = tmp_path / "x.jsonl"
    log.write_text(2 * (json.dumps({"Event": {"System": event, "EventData": {"A": "x" * 200_000}}}) + "\n"))
    assert found(tmp_path) == ([log], [])


def test_a_folder_of_somebody_elses_tables_is_no_lake(tmp_path: Path) -> None:
    table = tmp_path / "part-0.parquet"
    table.write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    known = "tables in Parquet, but no lake.json, by which a lake of logonscope is known"
    assert found(tmp_path) == ([], [f"{tmp_path}: {known}"])
    assert found(table) == ([], [f"{table}: found a table in Parquet, no event log"])
