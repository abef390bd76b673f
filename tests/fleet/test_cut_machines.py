"""A machine that is too large for a task is cut at boots, and what comes of it is row by row what it is uncut."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from logonscope.fleet.lake_folder import LakeFolder
from logonscope.fleet.tables import REBUILT
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.snapshot import read_snapshot
from support.fleet_work import ingest, rebuild_lake, write_machines

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = (*REBUILT, "finding", "overview", "origin")


def _told(lake: Path) -> dict[str, list[tuple[Any, ...]]]:
    folder = LakeFolder(lake, read_snapshot(lake))
    with duckdb.connect(":memory:") as con:
        return {
            table: con.execute(f"FROM {parquet(folder.files(table))} ORDER BY ALL").fetchall()
            if folder.files(table)
            else []
            for table in _TABLES
        }


@pytest.mark.parametrize("most", [1, 40, 300])
def test_cut_machines_are_told_the_same(tmp_path: Path, most: int) -> None:
    logs = write_machines(tmp_path / "logs", 24, 40)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    ingest(whole, logs)
    shutil.copytree(whole, cut)
    rebuild_lake(whole)
    done = rebuild_lake(cut, most=most)
    expected, told = _told(whole), _told(cut)
    for table in _TABLES:
        assert told[table] == expected[table], table
    print(done.larger)
