"""Fifty machines by the local path, and by a real scheduler with two worker processes: the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import encode_log
from logonscope.fleet import ingest as ingesting
from logonscope.fleet import planning
from logonscope.fleet.cluster import ClusterOptions, cluster_of
from logonscope.lake.snapshot import read_snapshot
from support.deadly_parser import CRASHES, HANGS, with_deadly
from support.fleet_work import (
    DIED_ONCE,
    POISON,
    ingest,
    parse_dying_once,
    parse_or_die,
    parse_with_deadly_parser,
    rebuild_lake,
    told_by_case,
    told_by_lake,
    write_machines,
)
from support.logs import notes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.fleet.cluster import Cluster
    from support.fleet_work import Told

pytestmark = pytest.mark.filterwarnings("default")
"""What Dask warns of is none of ours."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with cluster_of(ClusterOptions(workers=2)) as found:
        yield found


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machines(tmp_path_factory.mktemp("fifty"), 50, 25)


@pytest.fixture(scope="module")
def local(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by_case(logs, tmp_path_factory.mktemp("work"))


@pytest.fixture(autouse=True)
def many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the logs were large."""
    monkeypatch.setattr(planning, "_TASK_BYTES", 8_000_000)
    monkeypatch.setattr("logonscope.fleet.grouping.GROUP_RECORDS", 5000)


def test_two_workers_tell_the_same(tmp_path: Path, logs: Path, local: Told, cluster: Cluster) -> None:
    lake = tmp_path / "lake"
    done = ingest(lake, logs, cluster=cluster)
    rebuild_lake(lake, cluster)
    assert told_by_lake(lake) == local
    assert done.machines == 50
    assert len(local[0]) > 500
    before = read_snapshot(lake)
    again = ingest(lake, logs, cluster=cluster)
    assert (again.files, again.records, again.known) == (0, 0, done.files + done.known)
    assert read_snapshot(lake) == before


def test_a_worker_that_is_killed_changes_nothing(
    tmp_path: Path, logs: Path, local: Told, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "parse", parse_dying_once)
    lake = tmp_path / "lake"
    done = ingest(lake, logs, cluster=cluster)
    rebuild_lake(lake, cluster)
    assert (tmp_path / DIED_ONCE).exists()
    assert not done.unreadable
    assert told_by_lake(lake) == local


def test_a_file_that_kills_its_readers_costs_only_itself(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = write_machines(tmp_path / "logs", 3)
    expected = told_by_case(logs, tmp_path / "work")
    poison = logs / f"{POISON}.evtx"
    poison.write_bytes(b"ElfFile\0" + bytes(5000))
    monkeypatch.setattr(ingesting, "parse", parse_or_die)
    done = ingest(tmp_path / "lake", logs, cluster=cluster)
    rebuild_lake(tmp_path / "lake", cluster)
    (error,) = done.unreadable
    assert str(poison) in error.message
    assert "died of it" in error.message
    assert told_by_lake(tmp_path / "lake") == expected


@pytest.mark.parametrize("how", [CRASHES, HANGS])
def test_a_chunk_that_is_too_much_for_the_parser_costs_only_itself(
    how: bytes, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "Security.evtx"
    log.write_bytes(with_deadly(encode_log(notes(450)), 3, how))
    monkeypatch.setattr(ingesting, "parse", parse_with_deadly_parser)
    done = ingest(tmp_path / "lake", log, cluster=cluster)
    assert not done.unreadable
    assert done.problems == 1
    assert 300 < done.records < 450
