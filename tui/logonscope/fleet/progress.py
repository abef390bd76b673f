"""How far the work has come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class FleetProgress:
    """What is known of one stage of the work."""

    stage: str
    """In words: ``reading``."""
    tasks: int
    workers: int
    tasks_done: int = 0
    records: int = 0
    bytes: int = 0
    """Of the files that have been read."""
    failures: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the stage began."""
        return time.monotonic() - self.began


if TYPE_CHECKING:
    Report = Callable[[FleetProgress], None]
