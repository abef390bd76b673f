"""The case over time in two lines: how much lies where, what went wrong there, and where the list on the screen is."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logonscope.case.scale import round_range
from logonscope.display import duration_text, plural, time_text
from logonscope.ui.terminal import draws_blocks

if TYPE_CHECKING:
    from datetime import datetime

    from rich.style import Style

    from logonscope.case.moments import Density

GUTTER = 11
"""Cells on either side, for the date and the time where the strip begins and ends."""
_ROOMY = 44
_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*#@"
CRASH, CLEARED = "X", "0"
FAILURES = ((2, 10, "!"), (10, 3, ":"), (0, 0, "."))
"""The mark of failures that are more than the most of all columns divided so, and so many at least."""


@dataclass(frozen=True, slots=True)
class Brush:
    """Columns that are being chosen: from where it began to the one that moves."""

    anchor: int
    moving: int

    @property
    def first(self) -> int:
        """The first column."""
        return min(self.anchor, self.moving)

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.anchor, self.moving)


class TimeStrip(Widget):
    """Bars, and below them marks; takes the keys while a part is being chosen."""

    DEFAULT_CSS = """
    TimeStrip { height: 2; display: block; }
    TimeStrip.-off { display: none; }
    TimeStrip > .time-strip--edge { color: $text-muted; }
    TimeStrip > .time-strip--bar { color: $primary; }
    TimeStrip > .time-strip--failure { color: $error; }
    TimeStrip > .time-strip--fault { color: $warning; text-style: bold; }
    TimeStrip > .time-strip--chosen { text-style: reverse; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "time-strip--edge",
        "time-strip--bar",
        "time-strip--failure",
        "time-strip--fault",
        "time-strip--chosen",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Earlier", show=False),
        Binding("right", "move(1)", "Later", show=False),
        Binding("shift+left,left_square_bracket", "grow(-1)", "Edge earlier", show=False),
        Binding("shift+right,right_square_bracket", "grow(1)", "Edge later", show=False),
        Binding("home", "move(-10000)", "First", show=False),
        Binding("end", "move(10000)", "Last", show=False),
        Binding("enter", "choose", "Zoom", show=False),
        Binding("escape,z", "leave", "Leave", show=False),
    ]

    density: reactive[Density | None] = reactive(None)
    is_final: reactive[bool] = reactive(False)
    """Whether no more rows will come: before that, nothing is said of a list without times."""
    brush: reactive[Brush | None] = reactive(None)

    @dataclass
    class Chosen(Message):
        """A part was chosen, as the range that a filter takes."""

        range: str

    @dataclass
    class Left(Message):
        """Choosing was given up."""

    @dataclass
    class Resized(Message):
        """There is room for another number of columns."""

    def __init__(self) -> None:
        super().__init__(id="time-strip")
        self.place: tuple[int, int] | None = None
        self.noun = "row"

    @property
    def columns(self) -> int:
        """How many columns there is room for."""
        return max(1, self.size.width - 2 * self._gutter)

    @property
    def _gutter(self) -> int:
        return GUTTER if self.size.width >= _ROOMY else 0

    def on_resize(self) -> None:
        """Other columns fit."""
        if self.density is None or self.density.scale.columns != self.columns:
            self.post_message(self.Resized())

    def show_place(self, first: datetime | None, last: datetime | None) -> None:
        """Mark where the list on the screen lies."""
        scale = self.density.scale if self.density else None
        place = None
        if scale and first is not None and last is not None:
            ends = sorted((scale.column(first), scale.column(last)))
            if ends[1] >= 0 and ends[0] < scale.columns:
                place = (max(0, ends[0]), min(ends[1], scale.columns - 1))
        if place != self.place:
            self.place = place
            self.refresh(Region(0, 1, self.size.width, 1))

    def start_brush(self, around: datetime | None) -> bool:
        """Begin to choose, around a moment or in the middle; False where there is nothing to choose from."""
        if self.density is None:
            return False
        scale = self.density.scale
        middle = scale.column(around) if around else scale.columns // 2
        reach = max(1, scale.columns // 12)
        first, last = (max(0, min(middle + step, scale.columns - 1)) for step in (-reach, reach))
        self.brush = Brush(first, last)
        self.can_focus = True
        self.add_class("-brushing")
        self.focus()
        return True

    def end_brush(self) -> None:
        """Choose no more."""
        self.brush = None
        self.can_focus = False
        self.remove_class("-brushing")

    def on_blur(self) -> None:
        """Something else has the keys: choosing was given up."""
        if self.brush is not None:
            self.end_brush()

    def watch_density(self) -> None:
        """Keep what is chosen within the columns that there are."""
        if self.brush and self.density is None:
            self.post_message(self.Left())

    def action_move(self, columns: int) -> None:
        """Move what is chosen."""
        brush, density = self.brush, self.density
        if brush and density:
            step = max(-brush.first, min(columns, density.scale.columns - 1 - brush.last))
            self.brush = Brush(brush.anchor + step, brush.moving + step)

    def action_grow(self, columns: int) -> None:
        """Move the end of what is chosen that moves."""
        brush, density = self.brush, self.density
        if brush and density:
            self.brush = Brush(brush.anchor, max(0, min(brush.moving + columns, density.scale.columns - 1)))

    def action_choose(self) -> None:
        """Take what is chosen."""
        if self.brush and self.density:
            self.post_message(self.Chosen(round_range(self.density.scale, self.brush.first, self.brush.last)))

    def action_leave(self) -> None:
        """Give up."""
        self.post_message(self.Left())

    def render_line(self, y: int) -> Strip:
        """The bars, or what is below them."""
        width = self.size.width
        density = self.density
        if density is None:
            return self._line([Segment("  No time to show." if y == 0 and self.is_final else "", self.rich_style)])
        if y == 1 and self.brush:
            return self._line([Segment(f" {self._brush_text(self.brush, density)}", self.rich_style)])
        edges = [self._edge(time, y) for time in (density.scale.since, density.scale.until)]
        edge_style = self._style("edge")
        cells = self._bars(density) if y == 0 else self._marks(density)
        if not self._gutter:
            return self._line(cells)
        left = Segment(f" {edges[0]:{GUTTER - 1}}", edge_style)
        middle = [*cells, Segment(" " * max(0, width - 2 * GUTTER - len(cells)))]
        return self._line([left, *middle, Segment(f" {edges[1]:{GUTTER - 1}}", edge_style)])

    def _line(self, segments: list[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style).simplify()

    @staticmethod
    def _edge(time: datetime, y: int) -> str:
        text = time_text(time)
        return set_cell_size(text[:10] if y == 0 else text[11:], GUTTER - 1)

    def _brush_text(self, brush: Brush, density: Density) -> str:
        scale, slots = density.scale, density.slots[brush.first : brush.last + 1]
        since, until = scale.start(brush.first), scale.start(brush.last + 1)
        span = duration_text((brush.last + 1 - brush.first) * scale.slot)
        failures = sum(slot.failures for slot in slots)
        told = plural(sum(slot.rows for slot in slots), self.noun)
        told += f", {plural(failures, 'failure')}" if failures else ""
        return f"{time_text(since)} .. {time_text(until)[11:]} ({span}): {told}. Enter zooms, Esc leaves, [ ] size"

    def _style(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"time-strip--{name}")

    def _bars(self, density: Density) -> list[Segment]:
        glyphs = _BLOCKS if draws_blocks() else _ASCII
        most = max((slot.rows for slot in density.slots), default=0)
        brush = self.brush
        styles = {name: self._style(name) for name in ("bar", "failure", "chosen")}
        segments = []
        for column, slot in enumerate(density.slots):
            style = styles["failure" if is_mostly(slot.failures, slot.rows) else "bar"]
            if brush and brush.first <= column <= brush.last:
                style = styles["chosen"] + style
            segments.append(Segment(glyphs[bar_height(slot.rows, most)], style))
        return segments

    def _marks(self, density: Density) -> list[Segment]:
        most = max((slot.failures for slot in density.slots), default=0)
        styles = {name: self._style(name) for name in ("failure", "fault", "edge", "chosen")}
        segments = []
        for column, slot in enumerate(density.slots):
            mark, name = " ", "edge"
            if slot.crashes or slot.clears:
                mark, name = CRASH if slot.crashes else CLEARED, "fault"
            elif slot.failures:
                mark, name = failure_mark(slot.failures, most), "failure"
            style = styles[name]
            if self.place and self.place[0] <= column <= self.place[1]:
                style = style + styles["chosen"]
            segments.append(Segment(mark, style))
        return segments


def bar_height(count: int, most: int) -> int:
    """How high a bar is, from 0 to 8: by the square root, so that one peak does not flatten all others."""
    return max(1, isqrt(64 * count // most)) if count else 0


def failure_mark(count: int, most: int) -> str:
    """The mark of some failures, by how many they are beside the most in one column."""
    return next(mark for share, least, mark in FAILURES if not share or (count * share >= most and count >= least))


def is_mostly(part: int, whole: int) -> bool:
    """Whether half or more of a column is failures."""
    return part > 0 and part * 2 >= whole
