"""A lake in an object store: made there, added to and opened as one in a folder is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import fsspec
import pytest

from logonscope.case.case import Case
from logonscope.errors import FleetError, StoreError
from logonscope.fleet.cluster import ClusterOptions, cluster_of
from logonscope.fleet.lake_folder import lake_to_write
from logonscope.fleet.lake_lock import LOCK_OBJECT, this_host
from logonscope.fleet.merge import merge
from logonscope.lake.address import Address, case_path
from logonscope.lake.snapshot import SNAPSHOT_NAME, read_snapshot
from support.command_line import CommandLine
from support.fleet_work import (
    HereCluster,
    ingest,
    parse_dying_once,
    rebuild_lake,
    told_by_case,
    told_by_lake,
    write_machines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machines(tmp_path_factory.mktemp("some"), 4, 25)


@pytest.fixture
def lake() -> Iterator[Address]:
    store = fsspec.filesystem("memory")
    yield Address("memory://bucket/lake")
    store.store.clear()
    store.pseudo_dirs[:] = [""]


def test_it_tells_what_the_files_tell(tmp_path: Path, logs: Path, lake: Address) -> None:
    security = sorted(logs.rglob("Security.evtx"))
    assert ingest(lake, *security[::2]).files == 2
    rebuild_lake(lake)
    assert ingest(lake, logs).known == 2
    rebuild_lake(lake, most=300)
    assert len(read_snapshot(lake).tables["full_session"]) > 1, "no machine was cut"
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")
    named = {file.path for files in read_snapshot(lake).tables.values() for file in files}
    before = set(lake.sizes())
    assert named | {SNAPSHOT_NAME} <= before
    assert not any(name.startswith("_") for name in before)
    assert ingest(lake, logs).files == 0
    assert set(lake.sizes()) == named | {SNAPSHOT_NAME}, "what is not listed any more is swept"


def test_real_workers_make_it_and_one_may_die(tmp_path: Path, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FSSPEC_LOCAL_AUTO_MKDIR", "true")
    monkeypatch.setitem(fsspec.config.conf, "local", {"auto_mkdir": True})
    monkeypatch.setattr("logonscope.fleet.ingest.parse", parse_dying_once)
    lake = Address(f"local://{tmp_path}/store/lake")
    with cluster_of(ClusterOptions(workers=2)) as workers:
        ingest(lake, logs, cluster=workers)
        rebuild_lake(lake, workers)
    assert (tmp_path / "store" / "DIED_ONCE").exists()
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


def test_the_app_and_every_command_open_it(tmp_path: Path, logs: Path, lake: Address) -> None:
    ingest(lake, logs)
    rebuild_lake(lake)
    ingest(folder := tmp_path / "lake", logs)
    rebuild_lake(folder)
    run = CommandLine(tmp_path / "cache")
    for command in (
        ("sessions", "{}", "machine:PC001"), ("export", "{}", "is:failure"), ("fleet", "overview", "--lake", "{}"),
        ("coverage", "{}"), ("fleet", "origins", "--lake", "{}", "--json"),
    ):  # fmt: skip
        told = [run(*(part.format(place) for part in command)) for place in (lake, folder)]
        assert told[0].code == told[1].code == 0, told[0].err
        assert told[0].out == told[1].out
    with Case([case_path(str(lake))], work_parent=tmp_path) as case:
        case.load()
        assert len(case.overview()) == 4
        assert case.sources[0].path.is_file()


def test_a_run_that_fails_leaves_what_was_and_the_next_goes_on(
    tmp_path: Path, logs: Path, lake: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = sorted(path for path in logs.iterdir() if path.is_dir())
    ingest(lake, first)
    before = read_snapshot(lake)

    class Failing(HereCluster):
        def run(self, work, tasks):  # type: ignore[no-untyped-def]
            for outcome in super().run(work, tasks):
                yield outcome if work is not merge else type(outcome)(outcome.task, None, "it broke")

    with pytest.raises(FleetError, match="it broke"):
        ingest(lake, *others, cluster=Failing())
    assert read_snapshot(lake) == before
    assert any(name.startswith("_staging/") for name in lake.sizes())
    read = []
    monkeypatch.setattr("logonscope.fleet.parse._read", lambda *args: read.append(args))
    ingest(lake, *others)
    monkeypatch.undo()
    assert not read, "what was read is kept"
    rebuild_lake(lake)
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


@pytest.mark.parametrize("asked", ["cat_file", "put_file"])
def test_a_store_that_stops_answering_is_told_of(
    lake: Address, logs: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    store = fsspec.filesystem("memory")
    answer = getattr(store, asked)

    def refuse(*named: str, **how: object) -> object:
        if any("map_" in name or "dim_" in name for name in named):
            raise RuntimeError("token has expired")
        return answer(*named, **how)

    monkeypatch.setattr(store, asked, refuse)
    with pytest.raises(StoreError, match=r"cannot be read or written: .*token has expired"):
        ingest(lake, logs)


def test_one_run_at_a_time_changes_it(lake: Address, logs: Path) -> None:
    ingest(lake, logs)
    with lake_to_write(lake, make=False), pytest.raises(StoreError, match="another run is changing this lake"):
        (lake / LOCK_OBJECT).write_bytes(b"another host, process 1, 2026-11-30")
        ingest(lake, logs)


def test_a_killed_run_of_this_host_holds_no_lock(lake: Address, logs: Path) -> None:
    ingest(lake, logs)
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)
    (lake / LOCK_OBJECT).write_bytes(f"{this_host()}, process {child}, then".encode())
    ingest(lake, logs)
    assert not (lake / LOCK_OBJECT).exists()


def test_a_lake_that_was_changed_under_a_run_is_not_overwritten(lake: Address, logs: Path) -> None:
    ingest(lake, logs)
    with lake_to_write(lake, make=False) as folder:
        theirs = (lake / SNAPSHOT_NAME).read_bytes().replace(b'"generation":1', b'"generation":2', 1)
        (lake / SNAPSHOT_NAME).write_bytes(theirs)
        with pytest.raises(StoreError, match="another run changed this lake"):
            folder.commit({})
    assert (lake / SNAPSHOT_NAME).read_bytes() == theirs


def test_a_place_with_something_else_is_not_taken(lake: Address, logs: Path) -> None:
    (lake / "backup.zip").write_bytes(b"")
    with pytest.raises(StoreError, match="no lake, and not empty"):
        ingest(lake, logs)
    assert set(lake.sizes()) == {"backup.zip"}
