"""``check`` and ``--salvage``: verdicts, exit codes, and what comes of damaged and hostile files."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.lake.snapshot import Snapshot, write_snapshot
from support.command_line import CommandLine, Finished
from support.logs import hostile_logons, notes

if TYPE_CHECKING:
    from pathlib import Path

LOG = encode_log(notes(300))


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def written(tmp_path: Path, content: bytes, name: str = "a.evtx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def verdicts(done: Finished) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.lines]


def test_a_sound_log_is_complete(run: CommandLine, tmp_path: Path) -> None:
    done = run("check", written(tmp_path, LOG))
    assert done.code == 0
    assert "  Verdict: complete, 0 problems" in done.lines
    assert "  Kind: Windows event log (.evtx) (it begins with ElfFile)" in done.lines
    assert "  Chunks: 4 chunks" in done.lines
    assert "  Checksums: 9 good, 0 bad" in done.lines
    assert "  Records: 300 live, 0 failed" in done.lines
    assert "  Time: 2026-03-02 08:00:01 to 2026-03-02 08:05:00 UTC" in done.lines
    assert "  Channels: Security 300" in done.lines
    assert "  Computers: WS01 300" in done.lines


@pytest.mark.parametrize(
    ("content", "code", "verdict"),
    [
        (LOG, 0, "complete"),
        (encode_log([]), 0, "complete"),
        (faults.dirty_header(LOG), 0, "complete"),
        (faults.edited_out(LOG, 100), 1, "partly"),
        (faults.zero_record_size(LOG, 10), 1, "partly"),
        (faults.truncated(LOG, 70_000), 1, "partly"),
        (faults.truncated(LOG, 4096), 2, "nothing"),
    ],
    ids=range(7),  # the bytes would be too much for the environment of a process that is started
)
def test_verdicts_and_exit_codes(run: CommandLine, tmp_path: Path, content: bytes, code: int, verdict: str) -> None:
    done = run("check", "--format", "jsonl", written(tmp_path, content))
    assert (done.code, [entry["verdict"] for entry in verdicts(done)]) == (code, [verdict])


def test_one_bad_file_among_others_is_partly(run: CommandLine, tmp_path: Path) -> None:
    done = run("check", written(tmp_path, LOG), written(tmp_path, b"no log", "b.evtx"), tmp_path / "missing")
    assert done.code == 1
    assert len(done.complaints) == 2


def test_only_files_that_are_no_logs(run: CommandLine, tmp_path: Path) -> None:
    done = run("check", "--format", "jsonl", written(tmp_path, bytes(5000)))
    assert done.code == 2
    (entry,) = verdicts(done)
    assert "nothing but zero bytes" in entry["reason"]


def test_all_that_is_wrong_has_its_place(run: CommandLine, tmp_path: Path) -> None:
    log = faults.wrong_header_checksum(faults.zero_record_size(faults.edited_out(LOG, 100), 200))
    (entry,) = verdicts(run("check", "--format", "jsonl", written(tmp_path, log)))
    assert {(sign["kind"], log[sign["offset"] : sign["offset"] + 4]) for sign in entry["signs"]} >= {
        ("file checksum", b"ElfF"),
        ("hidden", b"**\0\0"),
    }
    assert all(log[problem["offset"] : problem["offset"] + 4] == b"**\0\0" for problem in entry["problems"])
    assert entry["evtx"]["checksums_bad"] == 1
    assert entry["stale"]["hidden"] == [sign["offset"] for sign in entry["signs"] if sign["kind"] == "hidden"]


def test_hostile_names_are_written_safely(run: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, encode_log(hostile_logons()), "a\x1b[31m\u202e.evtx")
    for form in ("table", "jsonl"):
        done = run("check", "--format", form, path)
        assert done.code == 0
        assert not {"\x1b", "\u202e"} & {*done.out}


@pytest.mark.parametrize("command", ["check", "events", "triage"])
def test_pipes_and_devices_are_refused(run: CommandLine, tmp_path: Path, command: str) -> None:
    pipe = tmp_path / "pipe.evtx"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero"):
        done = run(command, path)
        assert done.code == 2
        assert "not a regular file" in done.err


def test_salvage_marks_what_it_finds(run: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, faults.zero_record_size(LOG, 10))
    assert run("events", path, "--format", "jsonl", "is:recovered").lines == []
    found = verdicts(run("events", "--salvage", path, "--format", "jsonl", "is:recovered"))
    assert [entry["record_id"] for entry in found] == [*range(11, 76)]
    assert {entry["recovered"] for entry in found} == {"chain"}
    assert all(entry["offset"] > 4096 for entry in found)


def test_salvage_of_a_file_that_is_no_log(run: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, bytes([7]) * 99 + LOG[4096:], "image")
    assert run("events", path).code == 2
    done = run("events", "--salvage", path)
    assert (done.code, done.err) == (0, "")
    assert len(done.lines) == 301


def test_salvage_of_standard_input(run: CommandLine) -> None:
    done = run("events", "--salvage", "-", "is:recovered", stdin=bytes([7]) * 99 + LOG[4096:])
    assert (done.code, done.err) == (0, "")
    assert len(done.lines) == 301


@pytest.mark.parametrize("option", ["--salvage", "--salvage-into-sessions"])
def test_salvage_that_finds_nothing(run: CommandLine, tmp_path: Path, option: str) -> None:
    path = written(tmp_path, LOG)
    assert run("sessions", option, path).out == run("sessions", path).out


def test_the_hash_is_told(run: CommandLine, tmp_path: Path) -> None:
    path = written(tmp_path, LOG)
    digest = hashlib.sha256(LOG).hexdigest()
    assert f"  SHA-256: {digest} (of the file, {len(LOG):,} bytes)" in run("check", path).lines
    (told,) = verdicts(run("check", path, "--format", "jsonl"))
    assert (told["sha256"], told["sha256_of"], told["archive_sha256"]) == (digest, "the file", None)


@pytest.mark.parametrize("is_address", [False, True])
def test_a_lake_is_not_taken_for_logs(run: CommandLine, tmp_path: Path, is_address: bool) -> None:
    write_snapshot(tmp_path / "lake", Snapshot())
    named = "s3://bucket/lake" if is_address else tmp_path / "lake"
    done = run("check", named)
    assert done.code == 2
    assert f"{named}: only files and folders of logs are checked" in done.err
