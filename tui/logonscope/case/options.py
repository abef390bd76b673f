"""How a case is to be loaded."""

from __future__ import annotations

from dataclasses import dataclass

from logonscope.readers.archives.limits import USUAL, Limits
from logonscope.readers.cut import EVERYTHING, Cut


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What is loaded, and what it may cost."""

    cut: Cut = EVERYTHING
    limits: Limits = USUAL


USUAL_OPTIONS = LoadOptions()
