"""The part of RESULTS.md that one benchmark writes, between two marks of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_RESULTS = Path(__file__).with_name("RESULTS.md")


def write_part(script: str, lines: Iterable[str]) -> None:
    """Print lines as they come, and put them in the place of what a script wrote there before."""
    begin, end = (f"<!-- {script} {word} -->" for word in ("begins", "ends"))
    written = []
    for line in lines:
        print(line, flush=True)
        written.append(line)
    before, _, rest = _RESULTS.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    _RESULTS.write_text(before + "\n".join([begin, *written, "", end]) + after, "utf-8")
