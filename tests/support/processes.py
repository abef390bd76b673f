"""Processes that run, or do not any more."""

from __future__ import annotations

from pathlib import Path


def is_alive(pid: int | None) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
