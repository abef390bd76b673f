"""Sessions as lanes over time. It draws what it was given, and says what it wants to be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from logonscope.case.lanes import MACHINES, REFUSED, Chosen, Drawing, Lane
from logonscope.case.scale import Scale, moved
from logonscope.display import duration_text, microseconds, sanitise, time_text
from logonscope.ui.keys import Keyed, bindings_of
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.lane_rows import Row, is_drawn, lane_rows, legend
from logonscope.ui.widgets.time_axis import axis_text

if TYPE_CHECKING:
    from datetime import datetime

    from rich.style import Style
    from textual.binding import BindingType

    from logonscope.case.over_time import Lanes

_NAMES = {MACHINES: "(machines)", REFUSED: "(refused)"}
_LEAST_NAME, _MOST_NAME = 10, 20
_LEAST_WITH_LEGEND = 10
"""Lines; below that all are needed for lanes."""
_SHORTEST = timedelta(seconds=1)
LANE_MOVES: tuple[Keyed, ...] = (
    Keyed("lane.up", ("up", "k"), "lane(-1)", "Lane up", "the lane above"),
    Keyed("lane.down", ("down", "j"), "lane(1)", "Lane down", "the lane below"),
    Keyed("lane.page-up", ("pageup",), "lane_page(-1)", "Lanes up", "a screen of lanes up"),
    Keyed("lane.page-down", ("pagedown",), "lane_page(1)", "Lanes down", "a screen of lanes down"),
    Keyed("lane.earlier", ("left",), "pan(-1)", "Earlier", "a quarter of the screen back in time"),
    Keyed("lane.later", ("right",), "pan(1)", "Later", "a quarter of the screen on in time"),
    Keyed("lane.in", ("right_curly_bracket", "ctrl+up"), "scale(1)", "Closer", "half of the time, around the session"),
    Keyed("lane.out", ("left_curly_bracket", "ctrl+down"), "scale(-1)", "Farther", "twice the time"),
    Keyed("lane.whole", ("home",), "whole", "Whole", "the whole time of the filter"),
    Keyed("lane.next", ("tab",), "next(True)", "Next", "the next session of the lane"),
    Keyed("lane.previous", ("shift+tab",), "next(False)", "Before", "the session before"),
)
"""What the keys of the timeline itself do."""


class Timeline(Widget, can_focus=True):
    """An axis, lanes, and below them what is shown and what the letters mean."""

    DEFAULT_CSS = """
    Timeline { height: 1fr; display: none; }
    Timeline > .timeline--axis { color: $primary; background: $panel; text-style: bold; }
    Timeline > .timeline--name { color: $text; }
    Timeline > .timeline--chosen { text-style: reverse bold; }
    Timeline > .timeline--console { color: $success; }
    Timeline > .timeline--rdp { color: $accent; }
    Timeline > .timeline--stay { color: $secondary; }
    Timeline > .timeline--contact { color: $primary; }
    Timeline > .timeline--work { color: $text-muted; }
    Timeline > .timeline--muted { color: $text-muted; }
    Timeline > .timeline--warn { color: $warning; }
    Timeline > .timeline--fault { color: $warning; text-style: bold; }
    Timeline > .timeline--failure { color: $error; text-style: bold; }
    Timeline:ansi > .timeline--axis { text-style: bold underline; }
    Timeline:ansi > .timeline--rdp { color: ansi_magenta; }
    Timeline:ansi > .timeline--stay { color: ansi_cyan; }
    """
    _TONES = (
        "axis",
        "name",
        "chosen",
        "console",
        "rdp",
        "stay",
        "contact",
        "work",
        "muted",
        "warn",
        "fault",
        "failure",
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"timeline--{tone}" for tone in _TONES}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(LANE_MOVES, show=False)]

    @dataclass
    class Wanted(Message):
        """Other lanes, or another time, are to be drawn."""

    @dataclass
    class NextWanted(Message):
        """Another session of the lane is to be chosen."""

        later: bool

    @dataclass
    class Moved(Message):
        """Another lane or session is chosen."""

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.empty_text = ""
        self.by_text = "user"
        self.lanes: tuple[Lane, ...] = ()
        self.whole: tuple[datetime, datetime] | None = None
        self.view: tuple[datetime, datetime] | None = None
        """The span on the screen; the whole one if None."""
        self.cursor = 0
        self.top = 0
        self.chosen: Chosen | None = None
        self._drawing: Drawing | None = None
        self._lines: list[tuple[int, Lane, int]] = []
        """Of each line its lane, where that stands, and its row in that lane."""
        self._rows: dict[int, list[Row]] = {}

    @property
    def name_width(self) -> int:
        """Cells for the names of lanes."""
        return max(_LEAST_NAME, min(_MOST_NAME, self.size.width // 6))

    @property
    def scale(self) -> Scale | None:
        """The columns on the screen; None where there is no time."""
        span = self.view or self.whole
        return Scale(*span, max(1, self.size.width - self.name_width - 1)) if span else None

    @property
    def lane(self) -> Lane | None:
        """The lane under the cursor."""
        return self.lanes[self.cursor] if self.cursor < len(self.lanes) else None

    @property
    def lanes_on_screen(self) -> tuple[Lane, ...]:
        """As many lanes as there may be room for."""
        return self.lanes[self.top : self.top + max(1, self._lane_lines)]

    @property
    def _legend(self) -> tuple[str, ...]:
        """What the letters mean, where there is room to say it."""
        return legend(self.size.width - 2, blocks=draws_blocks()) if self.size.height >= _LEAST_WITH_LEGEND else ()

    @property
    def foot_lines(self) -> int:
        """Lines below the lanes."""
        return 1 + len(self._legend)

    @property
    def _lane_lines(self) -> int:
        return self.size.height - 1 - self.foot_lines

    @property
    def middle(self) -> datetime | None:
        """The start of the chosen session where it is on the screen, or the middle of it."""
        scale = self.scale
        if scale is None:
            return None
        if self.chosen and 0 <= scale.column(self.chosen.start) < scale.columns:
            return self.chosen.start
        return scale.since + (scale.until - scale.since) / 2

    def show_lanes(self, lanes: Lanes | None) -> None:
        """Take the lanes; the cursor stays on its lane if that is still there."""
        key = self.lane.key if self.lane else None
        self.lanes = lanes.lanes if lanes else ()
        whole = (lanes.since, lanes.until) if lanes else None
        if whole != self.whole:
            self.whole, self.view = whole, None
        self.cursor = next((place for place, lane in enumerate(self.lanes) if lane.key == key), 0)
        self.top = min(self.top, self.cursor)
        self._drawing = None if lanes is None else self._drawing
        self.post_message(self.Wanted())

    def show_drawing(self, drawing: Drawing) -> None:
        """Take what is drawn on the lanes on the screen."""
        self._drawing = drawing
        blocks = draws_blocks()
        self._rows = {lane.key: lane_rows(lane.key, drawing, blocks=blocks) for lane in self.lanes_on_screen}
        self._lines = [
            (place, lane, row)
            for place, lane in enumerate(self.lanes_on_screen, self.top)
            for row in range(len(self._rows[lane.key]))
        ][: max(0, self._lane_lines)]
        if self._lines and self.cursor > self._lines[-1][0]:
            self.top += self.cursor - self._lines[-1][0]
            self.post_message(self.Wanted())
        self.refresh()

    def on_resize(self) -> None:
        """Other columns and lanes fit."""
        self.post_message(self.Wanted())

    def action_lane(self, lanes: int) -> None:
        """Go to another lane."""
        place = max(0, min(self.cursor + lanes, len(self.lanes) - 1))
        if place == self.cursor or not self.lanes:
            return
        self.cursor, self.chosen = place, None
        last = self._lines[-1][0] if self._lines else self.top
        if place < self.top or place > last:
            self.top = place if place < self.top else self.top + place - last
            self.post_message(self.Wanted())
        self.refresh()
        self.post_message(self.Moved())

    def action_lane_page(self, pages: int) -> None:
        """Go on by a screen of lanes."""
        self.action_lane(pages * max(1, len({place for place, *_ in self._lines}) - 1))

    def action_pan(self, quarters: int) -> None:
        """Move in time."""
        scale = self.scale
        if scale:
            self._look_at(
                *(moved(time, (scale.until - scale.since) / 4 * quarters) for time in (scale.since, scale.until))
            )

    def action_scale(self, closer: int) -> None:
        """Show half or twice the time."""
        scale, middle = self.scale, self.middle
        if scale and middle:
            half = max(_SHORTEST, (scale.until - scale.since) / (4 if closer > 0 else 1))
            self._look_at(moved(middle, -half), moved(middle, half))

    def action_whole(self) -> None:
        """Show the whole time."""
        self.view = None
        self.post_message(self.Wanted())

    def action_next(self, later: bool) -> None:
        """Choose another session of the lane."""
        self.post_message(self.NextWanted(later))

    def look_at(self, time: datetime) -> None:
        """Bring a moment to the middle of the screen."""
        scale = self.scale
        if scale:
            half = (scale.until - scale.since) / 2
            self._look_at(moved(time, -half), moved(time, half))

    def choose(self, chosen: Chosen) -> None:
        """Choose a session, and bring its start on the screen."""
        self.chosen = chosen
        scale = self.scale
        if scale and not 0 <= scale.column(chosen.start) < scale.columns:
            self.look_at(chosen.start)
        self.refresh()
        self.post_message(self.Moved())

    def _look_at(self, since: datetime, until: datetime) -> None:
        if since >= until or not self.whole:
            return
        length = self.whole[1] - self.whole[0]
        if until - since > length:
            since, until = self.whole
        elif until <= self.whole[0] or since >= self.whole[1]:
            return
        self.view = (since, until)
        self.post_message(self.Wanted())

    def render_line(self, y: int) -> Strip:
        """The axis, a row of a lane, or a line of those below."""
        scale, drawing = self.scale, self._drawing
        if scale is None or drawing is None or not self.lanes:
            return self._line([Segment(f"  {self.empty_text}" if y == 2 else "", self.rich_style)])
        if y == 0:
            name = set_cell_size(f" UTC {scale.since:%Y}", self.name_width + 1)
            return self._line([Segment(name + axis_text(scale), self._style("axis"))])
        foot = y - self.size.height + self.foot_lines
        if foot >= 0:
            text = f" {self._legend[foot - 1]}" if foot else self._told(scale)
            return self._line([Segment(text, self._style("muted"))])
        if y - 1 >= len(self._lines):
            return self._line([])
        return self._lane_line(*self._lines[y - 1])

    def _line(self, segments: list[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style).simplify()

    def _style(self, tone: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"timeline--{tone}")

    def _lane_line(self, place: int, lane: Lane, row: int) -> Strip:
        rows = self._rows[lane.key]
        is_here = place == self.cursor and lane == self.lane
        name = "" if row else f"{'>' if is_here else ' '}{_NAMES.get(lane.key) or sanitise(lane.name) or '-'}"
        style = self._style("name")
        if is_here and not row:
            style += self.get_component_rich_style("timeline--chosen")
        segments = [Segment(set_cell_size(name, self.name_width), style), Segment(" ", self.rich_style)]
        styles = {tone: self._style(tone) for tone in self._TONES}
        chosen = self.chosen if is_here else None
        column = self._chosen_column(chosen, rows, row)
        for number, cell in enumerate(rows[row]):
            style = styles[cell.tone] if cell else self.rich_style
            if chosen and (number == column or (cell and cell.session == chosen.session_id)):
                style = style + styles["chosen"]
            segments.append(Segment(cell.glyph if cell else " ", style))
        return self._line(segments)

    def _chosen_column(self, chosen: Chosen | None, rows: list[Row], row: int) -> int | None:
        """Where the start of a session lies that has no cells of its own."""
        if chosen is None or row or self._drawing is None or is_drawn(rows, chosen.session_id):
            return None
        return self._drawing.scale.column(chosen.start)

    def _told(self, scale: Scale) -> str:
        span = duration_text(microseconds(scale.until - scale.since))
        chosen = (
            f"session of {time_text(self.chosen.start)}, Enter opens it" if self.chosen else f"by {self.by_text} (L)"
        )
        more = len(self.lanes) - len({place for place, *_ in self._lines})
        return f" {span}, {chosen}" + (f", {more:,} more lanes" if more > 0 else "")
