"""A lake grows in steps and is in the end what it would be in one; whatever interrupts it leaves what was."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest

from logonscope.cache.folder_lock import hold
from logonscope.case.case import Case
from logonscope.errors import StoreError
from logonscope.fleet import ingest as ingesting
from logonscope.fleet.lake_folder import LakeFolder, lake_to_write
from logonscope.fleet.lake_writing import STAGING
from logonscope.fleet.tables import APPENDED
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.snapshot import ROWS_PER_MACHINE, SNAPSHOT_NAME, Snapshot, read_snapshot, write_snapshot
from support.fleet_work import HereCluster, ingest, rebuild_lake, told_by_case, told_by_lake, write_machines


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machines(tmp_path_factory.mktemp("some"), 4, 25)


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logonscope.fleet.grouping.GROUP_RECORDS", 250)


def _all(lake: Path, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    files = LakeFolder(lake, read_snapshot(lake)).files(table)
    with duckdb.connect(":memory:") as con:
        return con.execute(f"SELECT {columns} FROM {parquet(files)} ORDER BY ALL").fetchall()


def test_step_by_step_and_at_once_tell_the_same(tmp_path: Path, logs: Path) -> None:
    lake = tmp_path / "lake"
    security = sorted(logs.rglob("Security.evtx"))
    ingest(lake, *security[::2])
    rebuild_lake(lake)
    ingest(lake, *security)
    rebuild_lake(lake)
    ingest(lake, logs)
    rebuild_lake(lake)
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


def test_tables_that_grow_are_made_one_file_when_they_are_many(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logonscope.fleet.compaction.MOST_FILES", 1)
    apart, lake = tmp_path / "apart", tmp_path / "lake"
    for log in sorted(logs.rglob("*.evtx")):
        ingest(lake, log)
        assert all(len(read_snapshot(lake).tables.get(table, ())) <= 1 for table in APPENDED)
    monkeypatch.undo()
    monkeypatch.setattr("logonscope.fleet.grouping.GROUP_RECORDS", 250)
    for log in sorted(logs.rglob("*.evtx")):
        ingest(apart, log)
    assert len(read_snapshot(apart).tables["source"]) > 1
    for table in APPENDED:
        if read_snapshot(apart).tables.get(table):
            assert _all(lake, table) == _all(apart, table)
    rebuild_lake(lake)
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


def test_only_what_changed_is_indexed_again(tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logonscope.fleet.indexing.SHELF_RECORDS", 250)
    lake = tmp_path / "lake"
    first, *others = sorted(path for path in logs.iterdir() if path.is_dir())
    ingest(lake, *others)
    rebuild_lake(lake)
    before = {file.path for file in read_snapshot(lake).tables["mention"]}
    ingest(lake, first)
    assert "mention_count" not in read_snapshot(lake).tables
    rebuild_lake(lake)
    after = {file.path for file in read_snapshot(lake).tables["mention"]}
    assert before & after
    assert after - before
    assert _mentioned(lake) == _named(lake)


def _mentioned(lake: Path) -> list[tuple[Any, ...]]:
    """The events of each account, by the index."""
    return sorted((code, row) for field, code, row in _all(lake, "mention", "field, code, row") if field == "account")


def _named(lake: Path) -> list[tuple[Any, ...]]:
    """The same by the events themselves."""
    held = _all(lake, "event", "row, account, target, subject")
    return sorted((code, row) for row, *codes in held for code in set(codes) if code)


def test_rows_tell_their_machine_and_lie_in_the_order_of_time(tmp_path: Path, logs: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, logs)
    snapshot = read_snapshot(lake)
    assert len(snapshot.tables["event"]) > 2
    for file in snapshot.tables["event"]:
        with duckdb.connect(":memory:") as con:
            held = con.execute(f"SELECT row, machine, time FROM {parquet([lake / file.path])}").fetchall()
        assert len(held) == file.rows
        assert [row for row, *_ in held] == sorted(row for row, *_ in held)
        assert all(row // ROWS_PER_MACHINE == machine for row, machine, _ in held)
        assert {file.first_machine, file.last_machine} == {held[0][1], held[-1][1]}
        month = file.path.split("/")[1].removeprefix("month=")
        assert {time.strftime("%Y-%m") for _, _, time in held} == {month}
    for table in ("dim_account", "dim_computer"):
        assert [code for (code,) in _all(lake, table, "code")] == list(range(len(_all(lake, table))))


def test_copies_are_dropped_whichever_run_brings_them(tmp_path: Path, logs: Path) -> None:
    lake, copies = tmp_path / "lake", tmp_path / "shadow"
    ingest(lake, logs)
    before = _all(lake, "event", "machine, record_id, time")
    for log in logs.rglob("Security.evtx"):
        (copies / log.parent.name).mkdir(parents=True)
        # The same records in another file: its bytes are not the same.
        (copies / log.parent.name / log.name).write_bytes(log.read_bytes() + bytes(4096))
    done = ingest(lake, copies)
    assert done.duplicates == done.records > 0
    assert _all(lake, "event", "machine, record_id, time") == before


def test_a_file_of_the_same_bytes_is_listed_and_not_read(tmp_path: Path, logs: Path) -> None:
    lake, copy = tmp_path / "lake", tmp_path / "copy.evtx"
    log, *_ = sorted(logs.rglob("Security.evtx"))
    ingest(lake, log)
    rebuild_lake(lake)
    before = read_snapshot(lake).tables
    shutil.copy(log, copy)
    done = ingest(lake, log, copy)
    assert (done.files, done.known) == (0, 2)
    assert _all(lake, "ingested", "path, copy_of") == sorted([(str(log), ""), (str(copy), str(log))])
    after = read_snapshot(lake)
    assert after.tables | {"ingested": []} == before | {"ingested": []}
    ingest(lake, log, copy)
    assert read_snapshot(lake) == after


def test_a_copy_of_a_file_that_could_not_be_read_hides_it_from_no_later_run(tmp_path: Path) -> None:
    broken = [tmp_path / "1.evtx", tmp_path / "2.evtx"]
    for path in broken:
        path.write_text("no log")
    for _ in range(2):
        done = ingest(tmp_path / "lake", *broken)
        assert [error.message.split(": ")[0] for error in done.unreadable] == [str(broken[0])]
    assert all(error for (error,) in _all(tmp_path / "lake", "ingested", "error"))


def test_an_ingest_that_is_killed_leaves_the_old_lake_and_the_next_goes_on(
    tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    first, *others = sorted(logs.iterdir())
    ingest(lake, first)
    before = read_snapshot(lake)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LakeFolder, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            ingest(lake, *others)
    assert read_snapshot(lake) == before
    left = {path for path in lake.rglob("*.parquet") if STAGING not in path.parts} - _listed(lake)
    assert left
    monkeypatch.setattr(ingesting, "parse", _already_parsed)
    ingest(lake, *others)
    assert not any(path.exists() for path in left)
    rebuild_lake(lake)
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


def _already_parsed(task: Any) -> Any:
    assert (task.lake / STAGING / task.key).is_dir(), "what was read before is read again"
    from logonscope.fleet.parse import parse

    return parse(task)


def _listed(lake: Path) -> set[Path]:
    return {lake / file.path for files in read_snapshot(lake).tables.values() for file in files}


def test_only_groups_with_new_records_are_written_and_built_again(tmp_path: Path, logs: Path) -> None:
    lake = tmp_path / "lake"
    one, *others = sorted(logs.rglob("*.evtx"), key=lambda log: -log.stat().st_size)
    ingest(lake, *others)
    rebuild_lake(lake)
    before = read_snapshot(lake).tables
    ingest(lake, one)
    after = read_snapshot(lake).tables
    assert set(map(str, before["event"])) & set(map(str, after["event"]))
    kept = set(map(str, after["full_session"]))
    assert kept < set(map(str, before["full_session"]))
    assert len(kept) == len(before["full_session"]) - 1
    assert "overview" not in after
    assert all("group=" in file.path for file in after["finding"])


def test_what_is_no_log_or_is_missing_is_told_of(tmp_path: Path, logs: Path) -> None:
    odd = tmp_path / "odd.evtx"
    odd.write_text("no log")
    done = ingest(tmp_path / "lake", logs, odd, tmp_path / "missing")
    assert done.records > 0
    assert sorted(error.message.split(": ")[0] for error in done.unreadable) == [str(tmp_path / "missing"), str(odd)]
    errors = _all(tmp_path / "lake", "ingested", "path, error")
    assert [path for path, error in errors if error] == [str(odd)]


def test_a_listing_and_an_address_name_files(tmp_path: Path, logs: Path) -> None:
    some = sorted(logs.rglob("Security.evtx"))
    listing = tmp_path / "listing.txt"
    listing.write_text(f"{some[0]}\n\n{some[1].as_uri()}\n")
    with lake_to_write(tmp_path / "lake", make=True) as folder:
        done = ingesting.Ingest(folder, HereCluster(), lambda _: None).run([f"@{listing}"])  # type: ignore[arg-type]
    assert (done.files, done.unreadable) == (2, [])
    assert [path for (path,) in _all(tmp_path / "lake", "source", "path")] == sorted([str(some[0]), some[1].as_uri()])


def test_a_folder_of_another_file_system_tells_the_same(tmp_path: Path, logs: Path) -> None:
    store = fsspec.filesystem("memory")
    store.put(str(logs), "/case", recursive=True)
    try:
        with lake_to_write(tmp_path / "lake", make=True) as folder:
            ingest = ingesting.Ingest(folder, HereCluster(), lambda _: None)  # type: ignore[arg-type]
            done = ingest.run(["memory://case", "memory://elsewhere/Security.evtx"])
    finally:
        store.rm("/case", recursive=True)
    assert done.files == len(list(logs.rglob("*.evtx")))
    assert [error.message for error in done.unreadable] == [
        "memory://elsewhere/Security.evtx: there is no such file or folder"
    ]
    paths = _all(tmp_path / "lake", "source", "path")
    assert all(path.startswith("memory://") for (path,) in paths)
    assert paths == _all(tmp_path / "lake", "ingested", "path"), "by which their hashes are found"
    rebuild_lake(tmp_path / "lake")
    assert told_by_lake(tmp_path / "lake") == told_by_case(logs, tmp_path / "work")


def test_files_that_are_hardly_any_cost_only_themselves(tmp_path: Path, logs: Path) -> None:
    odd = shutil.copytree(logs, tmp_path / "odd")
    first = next(path for path in odd.rglob("Security.evtx"))
    (odd / "head.evtx").write_bytes(first.read_bytes()[:4096])
    (odd / "short.evtx").write_bytes(first.read_bytes()[:3000])
    (odd / "broken.zip").write_bytes(b"PK\3\4")
    Path(os.fsdecode(os.fsencode(odd) + b"/not \xff utf.evtx")).write_bytes(first.read_bytes() + bytes(1))
    Path(os.fsdecode(os.fsencode(odd) + b"/nor \xfe this.evtx")).write_bytes(b"")
    lake = tmp_path / "lake"
    done = ingest(lake, odd)
    assert [error.message.partition(": ")[0] for error in done.unreadable] == [f"{odd}/nor \\xfe this.evtx"]
    assert done.files == len(list(logs.rglob("*.evtx"))) + 3
    assert (f"{odd}/not \\xff utf.evtx",) in _all(lake, "source", "path")
    assert ingest(lake, odd).files == 0
    rebuild_lake(lake)
    assert told_by_lake(lake) == told_by_case(odd, tmp_path / "work")


def test_a_file_that_stays_unreadable_changes_nothing_that_is_said(tmp_path: Path, logs: Path) -> None:
    odd, lake = shutil.copytree(logs, tmp_path / "odd"), tmp_path / "lake"
    (odd / "empty.evtx").write_bytes(b"")
    assert ingest(lake, odd).is_stale
    rebuild_lake(lake)
    before = read_snapshot(lake).tables
    again = ingest(lake, odd)
    assert len(again.unreadable) == 1
    assert not again.is_stale
    after = read_snapshot(lake).tables
    assert {name: files for name, files in after.items() if before[name] != files}.keys() == {
        "ingested", "machine", "computer_machine", "person"
    }  # fmt: skip


def test_a_lake_without_records_is_told_of(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, tmp_path / "nowhere")
    with pytest.raises(StoreError, match="this lake holds no records yet"):
        rebuild_lake(lake)
    with Case([lake], work_parent=tmp_path / "work") as case, pytest.raises(StoreError, match="holds no records yet"):
        case.load()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "event").mkdir()
    theirs = tmp_path / "event" / "000001-0123abcd.parquet"
    theirs.write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="no lake, and not empty"), lake_to_write(tmp_path, make=True):
        pass
    assert theirs.exists()
    assert not (tmp_path / SNAPSHOT_NAME).exists()


def test_files_of_others_in_a_lake_are_never_swept(tmp_path: Path, logs: Path) -> None:
    lake = tmp_path / "lake"
    ingest(lake, sorted(logs.iterdir())[0])
    theirs = [lake / "event" / "notes.parquet", lake / "own" / "000001-0123abcd.parquet", lake / "readme.txt"]
    ours = lake / "event" / "000009-0123abcd.parquet"
    for path in (*theirs, ours):
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    with lake_to_write(lake, make=True):
        pass
    assert all(path.exists() for path in theirs)
    assert not ours.exists()


def test_a_lake_of_another_version_or_in_use_is_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path, Snapshot(schema=2))
    with pytest.raises(StoreError, match="version 2"), lake_to_write(tmp_path, make=True):
        pass
    write_snapshot(tmp_path, Snapshot())
    lock = hold(tmp_path)
    assert lock is not None
    with pytest.raises(StoreError, match="another run"), lake_to_write(tmp_path, make=True):
        pass
    shutil.rmtree(tmp_path)
