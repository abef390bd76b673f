"""A large log that all workers read stretches of: the same rows as if one had read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from logonscope.ahead import parts
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.fleet import ingest as ingesting
from logonscope.fleet import stretches
from logonscope.fleet.lake_folder import LakeFolder
from logonscope.fleet.showing import show_lake
from logonscope.fleet.stretches import Stretch, StretchTask, read_stretches
from logonscope.lake.snapshot import read_snapshot
from support.fleet_work import HereCluster, ingest
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path

Rows = dict[str, list[tuple[Any, ...]]]
_EVENTS = """
    SELECT e.* EXCLUDE (computer, channel, provider, account, target, subject), c.text, h.text, p.text, a.sid, a.name
    FROM event e JOIN dim_computer c ON c.code = e.computer JOIN dim_channel h ON h.code = e.channel
    JOIN dim_provider p ON p.code = e.provider JOIN dim_account a ON a.code = e.account ORDER BY e.row
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a chunk that is damaged, and one that is missing."""
    image = bytearray(encode_log(notes(900)))
    damaged, missing = (FILE_HEADER_SIZE + chunk * CHUNK_SIZE for chunk in (2, 5))
    image[damaged + 3000 : damaged + 9000] = bytes(6000)
    image[missing : missing + CHUNK_SIZE] = bytes(CHUNK_SIZE)
    log = tmp_path_factory.mktemp("one") / "Security.evtx"
    log.write_bytes(image)
    return log


@pytest.fixture
def small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of two stretches of two chunks each, for logs of any size."""
    monkeypatch.setattr(HereCluster, "workers", 2)
    monkeypatch.setattr(stretches, "_LEAST_BYTES", 100_000)
    monkeypatch.setattr(stretches, "_PARTS_TOGETHER", 2)
    monkeypatch.setattr(parts, "CHUNKS_PER_PART", 2)


@pytest.fixture
def done(small_stretches: None, monkeypatch: pytest.MonkeyPatch) -> list[list[Stretch]]:
    """What came of each task."""
    found: list[list[Stretch]] = []

    def read(task: StretchTask) -> list[Stretch]:
        found.append(read_stretches(task))
        return found[-1]

    monkeypatch.setattr(ingesting, "read_stretches", read)
    return found


def _rows(lake: Path) -> Rows:
    with duckdb.connect(":memory:") as con:
        show_lake(con, LakeFolder(lake, read_snapshot(lake)))
        queries = {"event": _EVENTS} | {name: f"FROM {name} ORDER BY ALL" for name in ("source", "problem", "sign")}
        return {name: con.execute(query).fetchall() for name, query in queries.items()}


@pytest.fixture
def whole(tmp_path: Path, log: Path) -> Rows:
    """What comes of it when one worker reads all."""
    ingest(tmp_path / "whole", log)
    return _rows(tmp_path / "whole")


def test_the_rows_are_the_same(tmp_path: Path, whole: Rows, log: Path, done: list[list[Stretch]]) -> None:
    ingest(tmp_path / "lake", log)
    assert len(done) > 1
    assert whole["problem"]
    assert _rows(tmp_path / "lake") == whole
    assert not (tmp_path / "lake" / "_staging").exists()


@pytest.mark.usefixtures("small_stretches")
def test_a_stretch_that_nobody_read_or_that_is_gone_is_read_with_the_log(
    tmp_path: Path, whole: Rows, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def partly(task: StretchTask) -> list[Stretch]:
        first, *others = read_stretches(task)
        if task.parts[0].start == 0:
            return others
        first.events.unlink()
        return [first, *others]

    monkeypatch.setattr(ingesting, "read_stretches", partly)
    ingest(tmp_path / "lake", log)
    assert _rows(tmp_path / "lake") == whole


@pytest.mark.usefixtures("small_stretches")
def test_a_log_that_changes_meanwhile_is_read_anew(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = tmp_path / "Security.evtx"
    held.write_bytes(log.read_bytes())
    longer = encode_log(notes(1000))

    def replaced(task: StretchTask) -> list[Stretch]:
        found = read_stretches(task)
        held.write_bytes(longer)
        return found

    monkeypatch.setattr(ingesting, "read_stretches", replaced)
    ingest(tmp_path / "lake", held)
    rows = _rows(tmp_path / "lake")
    assert len(rows["event"]) == 1000
    assert rows["problem"] == []
