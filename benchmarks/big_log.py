"""A log of at least the size wanted, grown from a real one by ../shared/tools/grow_evtx.py. Kept for the next run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
LIVE_CHUNKS, CHUNK_BYTES = 66, 65_536
"""Of the source; the rest of it is space that Windows had reserved."""
SOURCE = SHARED / "samples" / "machines" / "belkasoft_win10" / "Security.evtx"


def big_log(megabytes: int) -> Path:
    """The log, made where it is not there yet.

    Raises:
        SystemExit: If the tool and the samples do not lie beside the project.
    """
    if not SOURCE.exists():
        raise SystemExit(f"{SOURCE} is not there: this benchmark grows its log out of it")
    copies = -(-megabytes * 1_000_000 // (LIVE_CHUNKS * CHUNK_BYTES))
    target = Path(tempfile.gettempdir()) / f"logonscope-{copies}.evtx"
    if not target.exists():
        tool = SHARED / "tools" / "grow_evtx.py"
        subprocess.run([sys.executable, tool, SOURCE, target, "--copies", str(copies)], check=True)
    return target
