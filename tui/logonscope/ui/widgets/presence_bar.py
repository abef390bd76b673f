"""The time line of a stay, drawn: one character per equal part, marks below, and what the characters mean."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from logonscope.display import duration_text
from logonscope.knowledge.attendance import attendance_words

if TYPE_CHECKING:
    from logonscope.facts.timeline import Timeline

_MOST_CELLS = 60
_GLYPHS = {
    "present": "█",
    "connected": "▓",
    "on": "?",
    "idle": "▄",
    "locked": "▒",
    "disconnected": "░",
    "asleep": "z",
    "off": "·",
}
_ASCII_GLYPHS = {
    "present": "#",
    "connected": "+",
    "on": "?",
    "idle": "~",
    "locked": "=",
    "disconnected": "-",
    "asleep": "z",
    "off": ".",
}
_MOMENT = "^"


def presence_glyph(state: str, *, blocks: bool) -> str:
    """The character of a state: a block, or one of ASCII."""
    return (_GLYPHS if blocks else _ASCII_GLYPHS)[state]


def presence_text(line: Timeline, width: int, *, blocks: bool) -> Text:
    """Draw a time line.

    Args:
        line: The time line.
        width: Cells to a line.
        blocks: Whether the terminal can draw block characters; ASCII otherwise.
    """
    count = max(8, min(width, _MOST_CELLS))
    glyphs = {state: presence_glyph(state, blocks=blocks) for state in _GLYPHS}
    text = Text("".join(glyphs[state] for state in line.cells(count)) + "\n")
    if line.moments:
        text.append(_marks(line, count) + "\n")
    text.append(f"one character is {duration_text(line.length // count)}\n", "italic")
    words = attendance_words()
    for state, total in line.totals().items():
        unseen = f" ({words.unaudited[state]})" if state in words.unaudited else ""
        text.append(f"{glyphs[state]} {words.state[state]} {duration_text(total)}{unseen}\n")
    if line.moments:
        done = Counter(what for _, what in line.moments)
        text.append(
            f"{_MOMENT} {', '.join(f'{what} {times:,} x' for what, times in done.items())}: somebody was there\n"
        )
    return text


def _marks(line: Timeline, count: int) -> str:
    cells = {min(at * count // line.length, count - 1) for at, _ in line.moments}
    return "".join(_MOMENT if cell in cells else " " for cell in range(count)).rstrip()
