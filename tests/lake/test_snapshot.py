"""The list of a lake's files: written whole, and never trusted beyond its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.errors import StoreError
from logonscope.lake.snapshot import SNAPSHOT_NAME, LakeFile, Snapshot, is_lake, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def test_a_snapshot_comes_back_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    snapshot = Snapshot(
        3, "logonscope 0.2.0", {"event": [LakeFile("event/month=2026-03/group=0001/3.parquet", 10, 99)]}
    )
    write_snapshot(tmp_path, Snapshot())
    write_snapshot(tmp_path, snapshot)
    assert read_snapshot(tmp_path) == snapshot
    assert is_lake(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [SNAPSHOT_NAME]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b'{"format": "another"}', "not the list of a lake"),
        (b'{"format": "logonscope lake", "schema": 99}', "version 99"),
        (b'{"format": "logonscope lake", "schema": 1, "tables": {"event": [{"path": 5}]}}', "damaged"),
        (
            b'{"format": "logonscope lake", "schema": 1, "tables": {"a": [{"path": "../x", "rows": 1, "bytes": 1}]}}',
            "outside",
        ),
    ],
)
def test_what_is_no_list_of_a_lake_is_told(tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / SNAPSHOT_NAME).write_bytes(text)
    with pytest.raises(StoreError, match=said):
        read_snapshot(tmp_path)


def test_a_folder_that_is_no_lake_is_told(tmp_path: Path) -> None:
    assert not is_lake(tmp_path)
    assert not is_lake(tmp_path / ("x" * 300))
    with pytest.raises(StoreError, match="no lake"):
        read_snapshot(tmp_path)
