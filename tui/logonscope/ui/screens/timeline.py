"""The timeline in the browser: asks for lanes and what is drawn on them, and goes from a session to its records."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual import on

from logonscope.case.lanes import Chosen
from logonscope.case.view import View
from logonscope.display import time_text
from logonscope.ui.screens.jumps import Jumps
from logonscope.ui.screens.row_actions import RowActions
from logonscope.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from logonscope.case.jumps import Gap
    from logonscope.case.lanes import By, Drawing
    from logonscope.case.over_time import Lanes
    from logonscope.ui.questions import Asking

_BEFORE_ALL, _AFTER_ALL = datetime(1, 1, 1), datetime(9999, 12, 31)
_FIRST_ID, _LAST_ID = -(1 << 63), (1 << 63) - 1
_SECONDS_TOLD = 4.0


class TimelineKeys(Jumps, RowActions):
    """The timeline, and its keys."""

    _by: By = "user"

    def refresh_lists(self, *, keep: int | None = None, from_top: bool = False) -> None:
        """Ask for the lanes where the timeline is in front."""
        super().refresh_lists(keep=keep, from_top=from_top)
        if self.shown.pane == "timeline":
            self._ask_lanes()

    @property
    def _lane_view(self) -> View:
        return View("session", self.shown.filter, scope=self.shown.scope)

    def _ask_lanes(self) -> None:
        case, view, by = self.case, self._lane_view, self._by
        if case is None:
            return

        def question(asking: Asking) -> Lanes | None:
            cursor = case.cursor(asking.on_cursor)
            return case.over_time.lanes(view, by, cursor)

        def use(lanes: Lanes | None) -> None:
            self.timeline.by_text = by
            self.timeline.show_lanes(lanes)

        self.questions.ask("timeline-list", question, use, self.show_error)

    @on(Timeline.Wanted)
    def _ask_drawing(self) -> None:
        case, view, by = self.case, self._lane_view, self._by
        lanes, scale = self.timeline.lanes_on_screen, self.timeline.scale
        if case is None or scale is None or self.shown.pane != "timeline":
            self.timeline.refresh()
            return

        def question(asking: Asking) -> Drawing:
            cursor = case.cursor(asking.on_cursor)
            return case.over_time.drawing(view, by, lanes, scale, cursor)

        self.questions.ask("timeline-drawing", question, self.timeline.show_drawing, self.show_error)
        self.show_detail_soon()
        self.show_place()

    def show_place(self) -> None:
        """Mark on the strip what the timeline shows."""
        scale = self.timeline.scale if self.shown.pane == "timeline" else None
        if scale is None:
            super().show_place()
        else:
            self.strip.show_place(scale.since, scale.start(scale.columns - 1))

    @property
    def current_id(self) -> int | None:
        """The chosen session of the timeline too."""
        if self.shown.pane == "timeline":
            return self.timeline.chosen.session_id if self.timeline.chosen else None
        return super().current_id

    @property
    def cursor_time(self) -> datetime | None:
        """The chosen session's start, or the middle of the timeline."""
        return self.timeline.middle if self.shown.pane == "timeline" else super().cursor_time

    def go(self, at: datetime, *, later: bool = True, gap: Gap | None = None) -> None:
        """Bring a time into the middle of the timeline."""
        if self.shown.pane != "timeline":
            super().go(at, later=later, gap=gap)
            return
        whole = self.timeline.whole
        if whole and not whole[0] <= at < whole[1]:
            self.notify(f"{time_text(at)} lies outside the time of this filter.", timeout=_SECONDS_TOLD)
        else:
            self.timeline.chosen = None
            self.timeline.look_at(at)

    def action_lanes_by(self) -> None:
        """Let a lane be a user, or a machine."""
        self._by = "machine" if self._by == "user" else "user"
        self.timeline.chosen = None
        self.timeline.cursor = self.timeline.top = 0
        self._ask_lanes()

    @on(Timeline.NextWanted)
    def _choose_next(self, event: Timeline.NextWanted) -> None:
        case, view, by, lane = self.case, self._lane_view, self._by, self.timeline.lane
        if case is None or lane is None:
            return
        later, chosen, scale = event.later, self.timeline.chosen, self.timeline.scale
        if chosen is None and scale:
            chosen = Chosen(_FIRST_ID, scale.since) if later else Chosen(_LAST_ID, scale.start(scale.columns))
        after = chosen or (Chosen(_FIRST_ID, _BEFORE_ALL) if later else Chosen(_LAST_ID, _AFTER_ALL))

        def use(found: Chosen | None) -> None:
            if self.timeline.lane != lane:
                return
            if found is None:
                self.notify(f"No {'later' if later else 'earlier'} session in this lane.", timeout=_SECONDS_TOLD)
            else:
                self.timeline.choose(found)

        self.questions.ask(
            "timeline-next",
            lambda asking: case.over_time.next_session(view, by, lane.key, after, later=later),
            use,
            self.show_error,
        )

    @on(Timeline.Moved)
    def _follow_choice(self) -> None:
        self.show_detail_soon()

    async def action_open(self) -> None:
        """Open the chosen session."""
        if self.shown.pane == "timeline" and self.current_id is None:
            self.notify("Choose a session with Tab first.", timeout=_SECONDS_TOLD)
        else:
            await super().action_open()
