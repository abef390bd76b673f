"""Histories that the rebuild is known to tell wrongly: python benchmarks/known_contradictions.py plays them.

Each is the shortest one that `random_histories.py SEED KIND` found. One that is told rightly belongs in the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from logonscope.demo.history import Life
from support.histories import judge

CASES: list[tuple[str, Life]] = []


def main() -> None:
    """Print for each whether it is still told wrongly."""
    for title, life in CASES:
        print("wrong" if judge((life,)).contradictions else "right", title)


if __name__ == "__main__":
    main()
