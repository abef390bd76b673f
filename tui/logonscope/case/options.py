"""How a case is to be loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.readers.archives.limits import USUAL, Limits
from logonscope.readers.cut import EVERYTHING, Cut

if TYPE_CHECKING:
    from logonscope.readers.local_times import Order


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What is loaded, and what it may cost."""

    cut: Cut = EVERYTHING
    limits: Limits = USUAL
    dates: Order | None = None
    """How dates like 5/11/2026 are read in files that do not show it."""


USUAL_OPTIONS = LoadOptions()
