"""A log of at least the size wanted, grown from a real one by ../shared/tools/grow_evtx.py. Kept for the next run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
HEADER_BYTES, CHUNK_BYTES, CHUNK_MAGIC = 4096, 65_536, b"ElfChnk\0"
SOURCE = SHARED / "samples" / "machines" / "belkasoft_win10" / "Security.evtx"


def big_log(megabytes: int, source: Path = SOURCE) -> Path:
    """The log, made where it is not there yet.

    Raises:
        SystemExit: If the tool and the samples do not lie beside the project.
    """
    if not source.exists():
        raise SystemExit(f"{source} is not there: this benchmark grows its log out of it")
    copies = -(-megabytes * 1_000_000 // (_live_chunks(source) * CHUNK_BYTES))
    name = f"logonscope-{copies}.evtx" if source == SOURCE else f"logonscope-{source.parent.name}-{copies}.evtx"
    target = Path(tempfile.gettempdir()) / name
    if not target.exists():
        tool = SHARED / "tools" / "grow_evtx.py"
        subprocess.run([sys.executable, tool, source, target, "--copies", str(copies)], check=True)
    return target


def _live_chunks(log: Path) -> int:
    """The chunks that hold records; the rest is space that Windows had reserved."""
    contents = log.read_bytes()
    return sum(contents.startswith(CHUNK_MAGIC, place) for place in range(HEADER_BYTES, len(contents), CHUNK_BYTES))
