"""``export``: forms, files that are whole or not there, signals, readers that have gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from logonscope.commands.export import WHAT
from logonscope.commands.outputs import EVENT_FORMS, LIST_FORMS, PLAIN_FORMS
from logonscope.export.forms import FORMS
from logonscope.export.lists import LISTS
from support.command_line import CommandLine, on_loaded_case
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

logs = two_boot_logs
_STUCK_SECONDS = 120
_WRITE_A_MINUTE = """
import sys, time
from dataclasses import replace
from logonscope.cli import main
from logonscope.export import forms

def endless(rows, out):
    print("begun", flush=True)
    for _ in range(6_000):
        out.write(b"x" * 1_000)
        time.sleep(0.01)

forms.FORMS["csv"] = replace(forms.FORMS["csv"], write=endless)
main()
"""


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs, tmp_path_factory) as command_line:
        yield command_line


def test_what_the_options_name_is_what_there_is() -> None:
    assert list(LISTS) == list(WHAT)
    assert list(FORMS) == list(EVENT_FORMS[1:])
    for name, kind in LISTS.items():
        fitting = [form.name for form in FORMS.values() if form.fits(kind)]
        named = PLAIN_FORMS if name in ("users", "sources", "types", "first-seen") else LIST_FORMS
        assert fitting == list((EVENT_FORMS if name == "events" else named)[1:]), name


def test_the_ending_decides(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.xml", "a.txt"):
        assert logonscope("export", logs, "event:4625", "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert json.loads((tmp_path / "a.jsonl").read_text())["user"] == "mallory"
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 1
    assert (tmp_path / "a.xml").read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize("what", WHAT)
def test_every_list(what: str, logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("export", logs, "--what", what, "--json")
    assert (finished.code, finished.err) == (0, "")
    names = [field.name for field in LISTS[what].fields if field.name not in ("tick",)]
    for line in finished.lines:
        assert [*json.loads(line)] == [name for name in names if what != "sessions" or name != "evidence"]


def test_a_form_that_does_not_fit(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("export", logs, "--what", "users", "--format", "ecs")
    assert finished.code == 2
    assert finished.err == "logonscope: users cannot be written as ecs. There is csv, jsonl, parquet for them.\n"


def test_a_list_named_as_a_path_is_told(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    finished = logonscope("export", "sessions", logs, "-o", tmp_path / "sessions.csv")
    assert finished.code == 2
    assert "--what sessions" in finished.err
    assert not (tmp_path / "sessions.csv").exists()


def test_findings_take_no_filter(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("export", logs, "user:alice", "--what", "findings")
    assert finished.code == 2
    assert "no filter holds for findings" in finished.err


def test_over_a_file_only_with_force(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")
    finished = logonscope("export", logs, "-o", file)
    assert (finished.code, file.read_text()) == (2, "mine")
    assert "--force" in finished.err
    assert logonscope("export", logs, "-o", file, "--force").code == 0
    assert file.read_text("utf-8").startswith("time,")


def test_never_within_the_evidence(logs: Path, logonscope: CommandLine) -> None:
    before = sorted(logs.rglob("*"))
    finished = logonscope("export", logs, "-o", logs / "WS01" / "out.csv", "--force")
    assert finished.code == 2
    assert "within the evidence" in finished.err
    assert sorted(logs.rglob("*")) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_nothing(number: signal.Signals, logs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE_A_MINUTE, "export", str(logs), "-o", str(out / "a.csv")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's job in the background ignores it
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(number)
        _, err = process.communicate(timeout=_STUCK_SECONDS)
    assert process.returncode == 128 + number
    assert err.strip() == b""
    assert list(out.iterdir()) == []
    assert list((tmp_path / "cache" / "logonscope" / "cases").iterdir()) == []


def test_a_full_disk_is_told(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope.process("export", logs, stdout=subprocess.DEVNULL)
    assert finished.code == 0
    with Path("/dev/full").open("wb") as full:
        finished = logonscope.process("export", logs, stdout=full)
    assert finished.code == 2
    assert finished.err.rstrip().endswith("No space left on device.")


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_that_has_gone_is_no_error_to_tell(form: str, logs: Path, logonscope: CommandLine) -> None:
    gone, pipe = os.pipe()
    os.close(gone)
    with os.fdopen(pipe, "wb") as closed:
        finished = logonscope.process("export", logs, "--format", form, stdout=closed)
    assert finished.err == ""


def test_csv_in_the_encoding_of_the_terminal(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope.process("export", logs, "event:4625", encoding="utf-16")
    assert finished.code == 0
    assert "mallory" in finished.out
