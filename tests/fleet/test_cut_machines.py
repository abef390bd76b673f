"""A machine that is too large for a task is cut at boots, and what comes of it is row by row what it is uncut."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from logonscope.fleet import cut_groups, cut_tasks
from logonscope.fleet.cut_tasks import Settled, settle
from logonscope.fleet.lake_folder import LakeFolder
from logonscope.fleet.lake_writing import STAGING
from logonscope.fleet.sessions import fill
from logonscope.fleet.tables import OF_BOOTS, REBUILT
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.snapshot import read_snapshot
from support.fleet_work import ingest, rebuild_lake, write_machines
from support.histories import KINDS
from support.samples import SAMPLES
from support.small_logs import logon, named, security

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.fleet.cut_tasks import SettleTask

Told = dict[str, list[tuple[Any, ...]]]
MACHINES = len(KINDS)
MOST = 200
"""Fewer records than most machines have, more than most of their boots."""


def told(lake: Path) -> Told:
    """All that a lake says of its machines, row by row."""
    folder = LakeFolder(lake, read_snapshot(lake))
    with duckdb.connect(":memory:") as con:
        return {
            table: con.execute(f"FROM {parquet(files)} ORDER BY ALL").fetchall()
            for table in (*REBUILT, "finding", "overview", "origin")
            if (files := folder.files(table))
        }


def cut_and_whole(logs: Path, folder: Path, most: int) -> tuple[Told, Told, list[tuple[str, str]]]:
    """What the same lake says when it was cut, and when it was not; and what could not be cut."""
    whole, cut = folder / "whole", folder / "cut"
    ingest(whole, logs)
    shutil.copytree(whole, cut)
    rebuild_lake(whole)
    larger = rebuild_lake(cut, most=most).larger
    assert not list((cut / STAGING).glob("cut-*"))
    held = read_snapshot(cut).tables
    if not larger:
        assert all(len(held[table]) > len(held["boot"]) for table in OF_BOOTS)
    return told(cut), told(whole), larger


def assert_same(cut: Told, whole: Told) -> None:
    """Hold every table to the other."""
    assert cut.keys() == whole.keys()
    for table in whole:
        assert cut[table] == whole[table], table


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Settled]:
    """Gets what comes of each group whose desktops are tied to logons."""
    found: list[Settled] = []

    def watched(task: SettleTask) -> Settled:
        found.append(settle(task))
        return found[-1]

    monkeypatch.setattr(cut_groups, "settle", watched)
    return found


def test_made_machines_are_told_the_same(tmp_path: Path, settled: list[Settled]) -> None:
    logs = write_machines(tmp_path / "logs", MACHINES, 50)
    cut, whole, _ = cut_and_whole(logs, tmp_path, MOST)
    assert_same(cut, whole)
    assert len(whole["boot"]) > 3 * MACHINES
    assert all(one.can_be_cut for one in settled)
    assert any("unaudited" in row for row in whole["full_session"])
    assert any("missing" in row for row in whole["coverage"])


def test_starts_that_no_log_shows_are_told_the_same(tmp_path: Path, settled: list[Settled]) -> None:
    boots = [
        [
            security(first, first, 4608),
            logon(first + 1, first + 1),
            *(security(n, n, 4776, TargetUserName="x") for n in range(first + 2, first + 12)),
            # What lies between is missing, and with it a start: the logon ID is given again.
            logon(first + 40, first + 40),
            security(first + 45, first + 45, 4647, **named(0xA1)),
        ]
        for first in range(1, 600, 100)
    ]
    log = tmp_path / "Security.jsonl"
    log.write_text("".join(f"{record.text()}\n" for boot in boots for record in boot))
    cut, whole, _ = cut_and_whole(log, tmp_path, 30)
    assert_same(cut, whole)
    assert [one.are_starts_lost for one in settled] == [True, False]
    assert [row.count("logon IDs") for row in whole["boot"]].count(1) == len(boots)


def test_what_cannot_be_cut_is_built_whole_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_groups, "settle", lambda task: Settled(can_be_cut=False))
    cut, whole, larger = cut_and_whole(write_machines(tmp_path / "logs", 2), tmp_path, 40)
    assert_same(cut, whole)
    assert ("PC000, PC001", cut_groups.TORN) in larger


def test_one_boot_that_is_too_large_is_said(tmp_path: Path) -> None:
    cut, whole, larger = cut_and_whole(write_machines(tmp_path / "logs", 1, 20), tmp_path, 1)
    assert_same(cut, whole)
    assert {name for name, _ in larger} == {"PC000"}
    assert "one boot of it has" in larger[0][1]


@pytest.mark.parametrize("name", ["machines/belkasoft_win10", "machines/rathbun_win11"])
def test_real_machines_are_told_the_same(tmp_path: Path, name: str) -> None:
    if not (SAMPLES / name).exists():
        pytest.skip(f"no samples at {SAMPLES / name}")
    cut, whole, _ = cut_and_whole(SAMPLES / name, tmp_path, 2000)
    assert_same(cut, whole)


def test_a_part_is_filled_with_the_memory_that_its_records_want(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = []

    def watched(con: duckdb.DuckDBPyConnection, *filled: Any) -> None:
        if len(filled) > 1:  # with events
            limits.extend(con.execute("SELECT current_setting('memory_limit')").fetchall())
        fill(con, *filled)

    monkeypatch.setattr("logonscope.store.case_store._BYTES_PER_ROW", 100_000_000)
    monkeypatch.setattr("logonscope.store.case_store._MOST_MEMORY", 3 << 29)
    monkeypatch.setattr(cut_tasks, "fill", watched)
    cut_and_whole(write_machines(tmp_path / "logs", 2), tmp_path, MOST)
    assert set(limits) == {("1.5 GiB",)}
