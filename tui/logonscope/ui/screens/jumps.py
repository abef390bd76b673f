"""Going to a time in the present list: one that is typed, an hour or a day on, the next gap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.case.scale import moved
from logonscope.display import duration_text, microseconds, plural, time_text
from logonscope.filters.when import when
from logonscope.ui.screens.over_time import OverTime
from logonscope.ui.screens.time_prompt import TimePrompt

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.case.jumps import Gap, Landing
    from logonscope.ui.questions import Asking

_SECONDS_TOLD = 4.0


class JumpPrompt(TimePrompt):
    """Asks where to go.

    Args:
        log_end: The time of the last record.
        here: The time of the row on the screen.
    """

    KEYS = "Enter goes there, Esc leaves it."
    HINT = "2026-03-02, 09:30, mon 9:00, yesterday, -2h before the end of the log, +30m after this row. Times are UTC."

    def __init__(self, log_end: datetime | None, here: datetime | None) -> None:
        super().__init__("Go to ...", "", log_end)
        self._here = here

    def read(self, text: str) -> datetime:
        """Read what is typed."""
        return when(text, self._log_end, self._here)


class Jumps(OverTime):
    """Keys that go to a time."""

    def action_goto_time(self) -> None:
        """Ask for a time and go there."""
        log_end = self.case.lookup().log_end if self.case else None
        self.app.push_screen(JumpPrompt(log_end, self.cursor_time), self._go_to_time)

    def _go_to_time(self, at: datetime | None) -> None:
        if at is not None:
            self.go(at)

    def action_step(self, hours: int) -> None:
        """Go some hours on or back from the row under the cursor."""
        if self.cursor_time is not None:
            self.go(moved(self.cursor_time, timedelta(hours=hours)), later=hours > 0)

    def go(self, at: datetime, *, later: bool = True, gap: Gap | None = None) -> None:
        """Put the cursor on the first row at or after a time, or on the last at or before it.

        Args:
            at: Naive UTC.
            later: Whether to look at or after the time; where nothing is there, the nearest row is taken.
            gap: The gap that ends there, to be told.
        """
        case, name = self.case, self.shown.pane
        pane = self.lists.get(name)
        if case is None or pane is None or pane.window is None:
            return
        view, window = self.shown.view(name), pane.window

        def question(asking: Asking) -> tuple[Landing, int] | None:
            cursor = case.cursor(asking.on_cursor)
            landing = case.over_time.row_at(view, at, cursor, later=later)
            landing = landing or case.over_time.row_at(view, at, cursor, later=not later)
            position = window.position(landing.row) if landing else None
            return None if landing is None or position is None else (landing, position)

        def use(found: tuple[Landing, int] | None) -> None:
            if found is None:
                why = "That row lies behind those that are listed: filter by machine or time."
                self.notify(why if pane.goes_on else "No row of this list has a time.", timeout=_SECONDS_TOLD)
            elif pane.window is window and self.shown.pane == name:
                self.landed = (name, found[1], found[0].at)
                self.table.move_to(found[1])
                self.notify(landed_text(at, found[0].at, gap), timeout=_SECONDS_TOLD, markup=False)

        self.questions.ask("jump", question, use, self.show_error)

    def action_goto_gap(self, later: bool) -> None:
        """Go to the next gap of the present list, or to the one before."""
        case, at = self.case, self.cursor_time
        if case is None or at is None:
            return
        view = self.shown.view(self.shown.pane)

        def question(asking: Asking) -> Gap | None:
            cursor = case.cursor(asking.on_cursor)
            return case.over_time.next_gap(view, at, cursor, later=later)

        def use(gap: Gap | None) -> None:
            if gap is None:
                side = "after" if later else "before"
                self.notify(f"No gap {side} {time_text(at)} in this list.", timeout=_SECONDS_TOLD)
            else:
                self.go(gap.until, gap=gap)

        self.questions.ask("jump", question, use, self.show_error)


def landed_text(asked: datetime, landed: datetime, gap: Gap | None) -> str:
    """Say where the cursor is now, and how far that is from what was asked."""
    told = [f"At {time_text(landed)} UTC"]
    if gap is not None:
        told.append(gap_text(gap))
    elif landed != asked and (apart := microseconds(landed - asked)) // 1_000_000:
        told.append(f"{duration_text(abs(apart))} {'after' if apart > 0 else 'before'} {time_text(asked)}")
    return ", ".join(told) + "."


def gap_text(gap: Gap) -> str:
    """Say what a gap is."""
    if gap.missing is not None:
        between = f" between {time_text(gap.since)} and {time_text(gap.until)}" if gap.since else ""
        return f"{plural(gap.missing, 'record')} missing{between}"
    length = duration_text(microseconds(gap.until - gap.since)) if gap.since else ""
    return f"after {length} without a row, since {time_text(gap.since)}; the mean here is {duration_text(gap.usual)}"
