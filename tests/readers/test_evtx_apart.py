"""Chunks that look damaged are parsed apart: the end of the parser costs the chunk that it came of, in any file."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.readers import evtx_apart, evtx_run
from logonscope.readers.evtx_parse import parse_run
from support import deadly_parser
from support.deadly_parser import BLOATS, CRASHES, HANGS, with_deadly
from support.logs import notes

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
    if apart._process:
        apart._process.end()


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


def test_a_sound_log_starts_no_process(tmp_path: Path) -> None:
    assert loaded(tmp_path, put(tmp_path / "log", LOG, zipped=False)) == ([*range(1, 451)], [])
    assert evtx_apart._apart._process is None


def test_what_is_parsed_apart_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = bytearray(LOG)
    for chunk in range(6):
        doubtful[FILE_HEADER_SIZE + chunk * CHUNK_SIZE + 52] ^= 1
    path = put(tmp_path / "log", bytes(doubtful), zipped=False)
    apart = loaded(tmp_path, path)
    assert evtx_apart._apart._process is not None
    monkeypatch.setattr(evtx_run, "run_apart", parse_run)
    assert loaded(tmp_path, path) == apart == ([*range(1, 451)], [])


def test_who_dies_too_often_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evtx_apart._apart, "_deaths_left", 2)
    log = with_deadly(with_deadly(LOG, SUSPECT, CRASHES), SUSPECT + 1, CRASHES)
    ids, reasons = loaded(tmp_path, put(tmp_path / "log", log, zipped=False))
    assert len(ids) > 200
    assert [reason.partition(":")[0] for reason in reasons] == [
        "reading it crashed",
        "the parser has crashed 100 times before",
    ]
