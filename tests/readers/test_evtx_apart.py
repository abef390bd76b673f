"""Chunks are parsed apart: the end of the parser costs the chunk that it came of, in any file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from logonscope.case.case import Case
from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.readers import evtx_apart
from logonscope.readers.evtx import EvtxReader
from support import deadly_parser
from support.deadly_parser import BLOATS, CRASHES, HANGS, with_deadly
from support.logs import notes
from support.on_disk import on_disk
from support.processes import is_alive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG = encode_log(notes(450))
SUSPECT = 3


@pytest.fixture(autouse=True)
def deadly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A parser that dies, in a process of this test alone."""
    apart = evtx_apart._Apart()
    monkeypatch.setattr(evtx_apart, "_serve", deadly_parser.serve)
    monkeypatch.setattr(evtx_apart, "_apart", apart)
    yield
    apart.end()


def loaded(tmp_path: Path, path: Path) -> tuple[list[int], list[str]]:
    """The record IDs that were read, and what is said of the rest."""
    with Case([path], work_parent=tmp_path / "work") as case:
        case.load()
        ids = [header_id for (header_id,) in case.cursor().execute("SELECT header_id FROM event ORDER BY 1").fetchall()]
        return ids, [problem.reason for problem in case.problems]


def ids_of(chunk: int) -> range:
    start = FILE_HEADER_SIZE + chunk * CHUNK_SIZE
    first, last = (int.from_bytes(LOG[start + at : start + at + 8], "little") for at in (8, 16))
    return range(first, last + 1)


def put(path: Path, log: bytes, *, zipped: bool) -> Path:
    if not zipped:
        path.write_bytes(log)
        return path
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Security.evtx", log)
    return path


@pytest.mark.parametrize(
    ("how", "said", "zipped"),
    [
        (CRASHES, "reading it crashed", False),
        (HANGS, "reading it took more than 2 s", False),
        (BLOATS, "reading it crashed", False),
        (CRASHES, "reading it crashed", True),
    ],
)
def test_the_rest_is_read(how: bytes, said: str, zipped: bool, tmp_path: Path) -> None:
    path = put(tmp_path / "log", with_deadly(LOG, SUSPECT, how), zipped=zipped)
    ids, reasons = loaded(tmp_path, path)
    lost = ids_of(SUSPECT)
    assert ids == [header_id for header_id in range(1, 451) if header_id not in lost]
    assert reasons == [f"{said}: {len(lost)} records left out"]


def test_the_program_itself_parses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for parse in ("parse_run", "parse_chunk"):
        monkeypatch.setattr(evtx_apart, parse, lambda *_, **__: pytest.fail("parsed here"))
    path = put(tmp_path / "log", LOG, zipped=False)
    assert loaded(tmp_path, path) == ([*range(1, 451)], [])
    with EvtxReader(on_disk(path)) as reader:
        assert "<Event" in (reader.record(7) or "")


def test_without_processes_all_is_parsed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evtx_apart, "OwnProcess", Mock(side_effect=OSError("too many processes")))
    damaged = faults.broken_record(LOG, 200)
    ids, reasons = loaded(tmp_path, put(tmp_path / "log", damaged, zipped=False))
    assert ids == [header_id for header_id in range(1, 451) if header_id != 200]
    assert len(reasons) == 1


def test_whoever_kills_the_process_while_it_waits_costs_nothing(tmp_path: Path) -> None:
    path = put(tmp_path / "log", LOG, zipped=False)
    evtx_apart.begin_apart()
    process = evtx_apart._apart._process
    assert process is not None
    assert process.pid is not None
    with EvtxReader(on_disk(path)) as reader:
        assert reader.record(7)
        os.kill(process.pid, signal.SIGKILL)
        while not process.connection.poll(1):
            pass
        assert reader.record(8)


def test_two_who_ask_at_a_time_get_their_own_answers(tmp_path: Path) -> None:
    path = put(tmp_path / "log", LOG, zipped=False)
    with EvtxReader(on_disk(path)) as one, EvtxReader(on_disk(path)) as other, EvtxReader(on_disk(path)) as again:
        for batch, same in zip(one.batches(1), other.batches(1), strict=True):
            assert again.record(batch.header_ids[0]) is not None
            assert batch.header_ids == same.header_ids


def test_a_file_that_kills_too_often_is_read_no_further_and_the_next_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evtx_apart, "_MOST_DEATHS", 1)
    log = with_deadly(with_deadly(LOG, SUSPECT + 1, CRASHES), SUSPECT + 2, CRASHES)
    logs = tmp_path / "logs"
    logs.mkdir()
    put(logs / "1.evtx", log, zipped=False)
    put(logs / "2.evtx", LOG, zipped=False)
    ids, reasons = loaded(tmp_path, logs)
    assert set(ids) == {*range(1, 451)}
    assert [reason.partition(":")[0] for reason in reasons] == [
        "reading it crashed",
        "the parser has crashed 1 times before",
    ]


def test_the_process_ends_with_the_program_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "import time\n"
        "from logonscope.readers import evtx_apart\n"
        "evtx_apart.begin_apart()\n"
        "print(evtx_apart._apart._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        parser = int(program.stdout.readline())
        assert is_alive(parser)
        program.kill()
    for _ in range(600):
        if not is_alive(parser):
            return
        time.sleep(0.05)
    pytest.fail("the parser goes on without the program")
