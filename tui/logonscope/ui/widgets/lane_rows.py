"""A lane as rows of cells: stays that overlap one above the other, and marks where there is room beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from logonscope.ui.widgets.time_strip import CLEARED, CRASH, failure_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.case.lanes import Bar, Drawing, Mark, Span

_MOST_ROWS = 4
_MOST_BAR_ROWS = 3
"""A lane keeps a row for marks where more stays overlap."""
BLOCKS = {
    "on": "█", "idle": "▓", "locked": "▒", "disconnected": "░", "asleep": "_", "off": "_", "maybe": "?",
    "contact": "▂", "work": "s", "boot": "^", "gap": "#", "runs": "─", "more": "+",
}  # fmt: skip
ASCII = BLOCKS | {"on": "=", "idle": "%", "locked": "%", "disconnected": "~", "contact": "n", "runs": "-"}
_LETTERS = {2: "c", 11: "c", 10: "r", 12: "r", 7: "u", 13: "u", 9: "i"}
"""The first cell of a stay: at the console, over Remote Desktop, an unlock, with another identity."""
_TONES = {2: "console", 11: "console", 7: "console", 13: "console", 10: "rdp", 12: "rdp"}
_FIRST_MARKS = ("crash", "cleared", "failure", "boot", "contact", "work")


@dataclass(slots=True)
class Cell:
    """One character of a lane."""

    glyph: str
    tone: str
    """A style of the timeline."""
    session: int | None = None
    """The session that it belongs to."""


Row = list[Cell | None]
_LEGEND = (
    "c console", "r RDP", "u unlock", "i other identity", "{on} on", "{locked} locked", "{disconnected} disconnected",
    "? not sure", "{contact} network", "s service", "! refused", "X crash", "0 cleared", "^ start", "_ off or asleep",
    "# gap in the log", "+ more",
)  # fmt: skip


@cache
def legend(width: int, *, blocks: bool) -> tuple[str, ...]:
    """What the characters of lanes mean, folded between two of them.

    Args:
        width: Columns.
        blocks: Whether the terminal draws block characters.
    """
    lines = [""]
    for meaning in _LEGEND:
        said = meaning.format_map(BLOCKS if blocks else ASCII)
        if lines[-1] and len(lines[-1]) + 2 + len(said) > width:
            lines.append("")
        lines[-1] += f"{'  ' if lines[-1] else ''}{said}"
    return tuple(lines)


def lane_rows(lane: int, drawing: Drawing, *, blocks: bool) -> list[Row]:
    """Lay out one lane.

    Args:
        lane: Its key.
        drawing: What was fetched.
        blocks: Whether the terminal draws block characters.

    Returns:
        One to four rows of as many cells as there are columns.
    """
    glyphs = BLOCKS if blocks else ASCII
    columns = drawing.scale.columns
    away: dict[int, list[Span]] = {}
    for span in drawing.away:
        away.setdefault(span.owner, []).append(span)
    rows: list[Row] = [[None] * columns]
    for bar in (bar for bar in drawing.bars if bar.lane == lane):
        _add_bar(rows, bar, away.get(bar.session_id, ()) if bar.times == 1 else (), glyphs, columns)
    most = max((mark.times for mark in drawing.marks if mark.kind == "failure"), default=0)
    marks = [mark for mark in drawing.marks if mark.lane == lane]
    for mark in sorted(marks, key=lambda mark: _FIRST_MARKS.index(mark.kind)):
        _add_mark(rows, mark, _mark_cell(mark, most, glyphs), columns)
    for span in sorted(drawing.gaps, key=lambda span: span.kind != "on"):
        if span.owner == lane:
            _add_ground(rows[0], span, glyphs)
    return rows


def _add_bar(rows: list[Row], bar: Bar, away: Iterable[Span], glyphs: dict[str, str], columns: int) -> None:
    first, last = max(0, bar.first), min(columns - 1, max(bar.first, bar.last))
    if first > last:
        return
    place = next((row for row in rows[:_MOST_BAR_ROWS] if not any(row[first : last + 1])), None)
    if place is None and len(rows) < _MOST_BAR_ROWS:
        place = [None] * columns
        rows.append(place)
    cells = _bar_cells(bar, away, glyphs, first, last)
    if place is not None:
        place[first : last + 1] = cells
        return
    crowded = rows[_MOST_BAR_ROWS - 1]
    for column, cell in enumerate(cells, first):
        crowded[column] = Cell(glyphs["more"], "muted") if crowded[column] else cell


def _bar_cells(bar: Bar, away: Iterable[Span], glyphs: dict[str, str], first: int, last: int) -> list[Cell | None]:
    tone, session = _TONES.get(bar.logon_type or 0, "stay"), bar.session_id
    states = ["on" if column <= bar.sure else "maybe" for column in range(first, last + 1)]
    for span in away:
        for column in range(max(first, span.first), min(span.last, bar.sure, last) + 1):
            states[column - first] = span.kind
    cells = [Cell(glyphs[state], tone, session) for state in states]
    if bar.first >= 0:
        cells[0].glyph = "<" if bar.begins_before else _LETTERS.get(bar.logon_type or 0, "i")
    if bar.is_open and bar.last < first + len(cells) and len(cells) > 1:
        cells[-1].glyph = ">"
    if bar.has_crashed and first <= bar.sure <= last:
        cells[bar.sure - first] = Cell(CRASH, "fault", session)
    return [*cells]


def _mark_cell(mark: Mark, most: int, glyphs: dict[str, str]) -> Cell:
    match mark.kind:
        case "failure":
            return Cell(failure_mark(mark.times, most), "failure")
        case "crash" | "cleared":
            return Cell(CRASH if mark.kind == "crash" else CLEARED, "fault")
        case _:
            return Cell(glyphs[mark.kind], "muted" if mark.kind == "boot" else mark.kind)


def _add_mark(rows: list[Row], mark: Mark, cell: Cell, columns: int) -> None:
    place = next((row for row in rows if row[mark.column] is None), None)
    if place is None and len(rows) < _MOST_ROWS:
        place = [None] * columns
        rows.append(place)
    if place is not None:
        place[mark.column] = cell


def _add_ground(row: Row, span: Span, glyphs: dict[str, str]) -> None:
    """What lies under everything else: when a machine ran, and over that what its logs lack."""
    cell = Cell(glyphs["gap"], "warn") if span.kind == "gap" else Cell(glyphs["runs"], "muted")
    for column in range(max(0, span.first), min(span.last, len(row) - 1) + 1):
        present = row[column]
        if present is None or (span.kind != "on" and present.glyph == glyphs["runs"]):
            row[column] = cell


def is_drawn(rows: Sequence[Row], session: int) -> bool:
    """Whether cells of a session are among the rows."""
    return any(cell is not None and cell.session == session for row in rows for cell in row)
