"""Parquet files as SQL names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def quoted(path: Path | str) -> str:
    """A path as SQL has it."""
    return "'" + str(path).replace("'", "''") + "'"


def parquet(paths: Sequence[Path | str], more: str = "") -> str:
    """Some files as SQL reads them."""
    return f"read_parquet([{', '.join(map(quoted, paths))}], hive_partitioning = false{more})"
