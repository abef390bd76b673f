"""A worker that hangs ends: it is missed, its task is given up, and the others go on."""

from __future__ import annotations

import faulthandler
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST_SECONDS, _BYTES_PER_SECOND = 300.0, 100_000
"""A three-hundredth of what a processor reads."""


def seconds_for(size: int) -> float:
    """How long reading so many bytes may take."""
    return _LEAST_SECONDS + size / _BYTES_PER_SECOND


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End this process when what is done meanwhile takes longer, even where no Python runs any more."""
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
