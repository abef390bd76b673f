"""The marks of rows: selected, kept, found. Said by a symbol before the row, and by words in the status line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from logonscope.ui.terminal import draws_blocks

if TYPE_CHECKING:
    from collections.abc import Container, Hashable

    from rich.style import Style

_SYMBOLS = {"selected and kept": "◈", "selected": "●", "kept": "◆", "found": "»"}
_ASCII_SYMBOLS = {"selected and kept": "%", "selected": "*", "kept": "+", "found": ">"}


@dataclass(frozen=True, slots=True)
class RowMarks:
    """What a table marks."""

    selected: Container[Hashable] = ()
    kept: Container[Hashable] = ()
    """Rows with a bookmark."""
    found: Container[int] = ()
    """Positions of the rows that a search found."""
    words: tuple[str, ...] = ()
    """What was searched for, sanitised: marked where it is drawn."""

    def symbol(self, ref: Hashable, position: int) -> str:
        """The mark of a row, one character; a blank for none."""
        is_selected, is_kept = (ref is not None and ref in marked for marked in (self.selected, self.kept))
        state = " and ".join(word for word, holds in (("selected", is_selected), ("kept", is_kept)) if holds) or (
            "found" if position in self.found else ""
        )
        return mark_symbol(state) if state else " "


def mark_symbol(state: str) -> str:
    """The symbol of ``selected``, ``kept``, ``selected and kept`` or ``found``."""
    return (_SYMBOLS if draws_blocks() else _ASCII_SYMBOLS)[state]


def marked_strip(text: str, words: tuple[str, ...], style: Style, found: Style) -> Strip:
    """A line with the words in it in another style."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    segments, done = [], 0
    for match in pattern.finditer(text):
        if match.start() > done:
            segments.append(Segment(text[done : match.start()], style))
        segments.append(Segment(match[0], found))
        done = match.end()
    if done < len(text):
        segments.append(Segment(text[done:], style))
    return Strip(segments, cell_len(text))
