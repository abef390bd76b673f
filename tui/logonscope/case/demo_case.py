"""The bundled incident, generated into the user's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from logonscope import __version__
from logonscope.demo.incident import build_incident

if TYPE_CHECKING:
    from pathlib import Path


def demo_logs(folder: Path | None = None) -> Path:
    """Write the incident's event logs.

    Args:
        folder: Where to write; a folder in the user's cache, written once, if None.

    Returns:
        The folder, with one folder per machine in it.
    """
    target = folder or user_cache_path("logonscope") / f"demo-{__version__}"
    finished = target / ".complete"
    if folder is None and finished.exists():
        return target
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    build_incident(target)
    if folder is None:
        finished.touch(0o600)
    return target
