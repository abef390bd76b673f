"""Files read ahead by other processes: the same rows, and a process that dies costs no more than what it died of."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pytest

from logonscope.ahead import parts, pool, tasks
from logonscope.ahead.events import EventBatch
from logonscope.ahead.reader import ReadAhead
from logonscope.case.case import Case
from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.normalise.dims import Dims
from support.deadly import DeadlyFile
from support.logs import notes
from support.on_disk import on_disk
from support.processes import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from logonscope.readers.source_file import SourceFile

LOG = encode_log(notes(450))
ROWS = """
    SELECT e.* EXCLUDE (computer, channel, provider, account, target, subject), c.text, h.text, p.text, a.name
    FROM event e JOIN dim_computer c ON c.code = e.computer JOIN dim_channel h ON h.code = e.channel
    JOIN dim_provider p ON p.code = e.provider JOIN dim_account a ON a.code = e.account ORDER BY e.row
"""


def start_of(chunk: int) -> int:
    return FILE_HEADER_SIZE + chunk * CHUNK_SIZE


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, ready before anything is read, for files of any size, two chunks at a time."""
    start = pool.Pool.start

    def started(made: pool.Pool) -> None:
        start(made)
        while not all(process.is_ready for process in made._processes):
            made.poll(1)

    monkeypatch.setattr(pool.Pool, "start", started)
    monkeypatch.setattr(tasks, "LEAST_BYTES", 1)
    monkeypatch.setattr(parts, "CHUNKS_PER_PART", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@contextmanager
def reading(file: SourceFile, folder: Path, cancelled: Callable[[], bool] = lambda: False) -> Iterator[tasks.Tasks]:
    folder.mkdir()
    made = tasks.Tasks([file], folder, cancelled)
    try:
        yield made
    finally:
        made.close()


def deadly(path: Path, chunk: int, how: Literal["crashes", "sleeps", "spins", "bloats"] = "crashes") -> SourceFile:
    path.write_bytes(LOG)
    return replace(on_disk(path), opener=DeadlyFile(path, start_of(chunk) + 9000, how))


def ids_of(chunk: int) -> range:
    """The header IDs in a chunk of the log."""
    first, last = struct.unpack_from("<QQ", LOG, start_of(chunk) + 8)
    return range(first, last + 1)


def read(file: SourceFile, made: tasks.Tasks) -> tuple[list[int], list[tuple[int | None, str]]]:
    """The header IDs of all records, and the problems: offset and reason."""
    dims = Dims()
    reader = ReadAhead(made, dims).reader(file, 1)
    assert reader is not None
    with reader:
        batches = [batch for batch in reader.batches() if isinstance(batch, EventBatch)]
    ids = [header_id for batch in batches for header_id in batch.events.column("header_id").to_pylist()]
    problems = [(problem.offset, problem.reason) for batch in batches for problem in batch.problems]
    assert sum(batch.bytes_read for batch in batches) == len(LOG)
    return ids, problems


def loaded(folder: Path, path: Path, *, meanwhile: bool = False) -> tuple[object, ...]:
    folder.mkdir()
    with Case([path], work_parent=folder) as case:
        case.load(meanwhile=meanwhile)
        rows = case.cursor().execute(ROWS).fetchall()
        signs = case.cursor().execute("SELECT * FROM sign ORDER BY ALL").fetchall()
        return rows, signs, sorted(map(str, case.problems)), case.sources


@pytest.mark.parametrize(
    "damage",
    [
        lambda log: log,
        lambda log: faults.broken_record(log, 200),
        lambda log: faults.without_chunk_magic(log, 2),
        lambda log: log[: start_of(1) + 30_000] + b"x" * 999 + log[start_of(1) + 30_000 :],
        lambda log: log[: start_of(4) + 20_000],
        lambda log: log + log,
        lambda log: log[FILE_HEADER_SIZE + 100 :],
        lambda log: log + bytes(3 * CHUNK_SIZE),
    ],
    ids=["sound", "record", "magic", "shifted", "cut", "two logs", "no header", "zeros"],
)
@pytest.mark.parametrize("first", ["the logs", "a log of one chunk"])
def test_what_others_read_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytes], bytes], first: str
) -> None:
    if first == "a log of one chunk":
        (tmp_path / "logs").mkdir()
        (tmp_path / "logs" / "0 first.evtx").write_bytes(LOG[: start_of(1)])
    for number in range(3):
        (tmp_path / "logs").mkdir(exist_ok=True)
        (tmp_path / "logs" / f"{number}.evtx").write_bytes(damage(LOG))
    offered: list[parts.Task] = []
    usual = pool.Pool.take

    def noted(some: pool.Pool, task: parts.Task) -> bool:
        offered.append(task)
        return usual(some, task)

    monkeypatch.setattr(pool.Pool, "take", noted)
    ahead = loaded(tmp_path / "ahead", tmp_path / "logs")
    assert offered, "all was read without the processes"
    offered.clear()
    assert loaded(tmp_path / "watched", tmp_path / "logs", meanwhile=True) == ahead
    assert offered
    monkeypatch.setattr(tasks, "LEAST_BYTES", 1 << 60)
    assert loaded(tmp_path / "alone", tmp_path / "logs") == ahead


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("crashes", "reading it crashed"),
        ("bloats", "reading it crashed"),
        ("spins", "reading it took more than 4 s"),
    ],
)
def test_a_death_costs_the_chunk_that_it_came_of(
    tmp_path: Path, how: Literal["crashes", "spins", "bloats"], said: str
) -> None:
    file = deadly(tmp_path / "log", 3, how)
    with reading(file, tmp_path / "work") as made:
        found, problems = read(file, made)
    lost = ids_of(3)
    assert problems == [(start_of(3), f"{said}: {len(lost)} records left out")]
    assert found == [header_id for header_id in range(1, 451) if header_id not in lost]


def test_who_waits_for_the_first_rows_gets_them_before_processes_are_started(tmp_path: Path) -> None:
    (tmp_path / "log.evtx").write_bytes(LOG)
    file = on_disk(tmp_path / "log.evtx")
    (tmp_path / "ahead").mkdir()
    made = tasks.Tasks([file], tmp_path / "ahead", lambda: False, rows_first=True)
    try:
        assert made.next(file, 0) == parts.Part(file, 0, start_of(1))
        assert len(made._pool) == 0
        rest = made.next(file, start_of(1))
        assert len(made._pool) == 2
        assert isinstance(rest, parts.Task)
        assert rest.part == parts.Part(file, start_of(1), start_of(2))
        assert rest.read
    finally:
        made.close()


def test_who_has_waited_for_long_for_processes_to_start_reads_by_himself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # nothing waits until they are ready
    monkeypatch.setattr(tasks, "LEAST_BYTES", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(pool, "_START_SECONDS", 0.0)
    (tmp_path / "log.evtx").write_bytes(LOG)
    file = on_disk(tmp_path / "log.evtx")
    with reading(file, tmp_path / "ahead") as made:
        assert made.next(file, 0) == parts.Part(file, 0, None)


def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "HANGING_SECONDS", 0.5)
    file = deadly(tmp_path / "log", 1, "sleeps")
    with reading(file, tmp_path / "work") as made:
        found, problems = read(file, made)
    assert [offset for offset, _ in problems] == [start_of(0), start_of(1)]
    assert found == [*range(ids_of(1)[-1] + 1, 451)]


def test_who_cancels_does_not_wait_for_a_process_that_hangs(tmp_path: Path) -> None:
    file = deadly(tmp_path / "log", 0, "sleeps")
    asked = iter([False] * 5)
    with reading(file, tmp_path / "work", lambda: next(asked, True)) as made:
        processes = [process._process.pid for process in made._pool._processes]
        assert made.next(file, 0) is None
    assert not any(map(is_alive, processes))


def test_no_process_outlives_one_that_was_killed_though_it_draws_on_the_terminal(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from logonscope.ahead.pool import Pool

        class Captured:  # as a Textual application has it
            def fileno(self):
                return -1

        sys.stderr = Captured()
        pool = Pool(Path({str(tmp_path)!r}), 2)
        pool.start()
        while not all(process.is_ready for process in pool._processes):
            pool.poll(1)
        print(*(process._process.pid for process in pool._processes), flush=True)
        time.sleep(600)
        """)
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        processes = [int(word) for word in parent.stdout.readline().split()]
        assert len(processes) == 2
        assert all(map(is_alive, processes))
        os.kill(parent.pid, signal.SIGKILL)
    for _ in range(200):
        if not any(map(is_alive, processes)):
            return
        time.sleep(0.05)
    pytest.fail("a process goes on without its parent")
