"""The main screen: the browser with all its actions, bound from the one registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingsMap

from logonscope.ui.commands import COMMANDS
from logonscope.ui.keys import bindings_of
from logonscope.ui.palette import CommandProvider
from logonscope.ui.screens.arranging import Arranging
from logonscope.ui.screens.cell_actions import CellActions
from logonscope.ui.screens.chips import Chipping
from logonscope.ui.screens.copying import Copying
from logonscope.ui.screens.exporting import Exporting
from logonscope.ui.screens.facets import Faceting
from logonscope.ui.screens.files import Hashing
from logonscope.ui.screens.filtering import Filtering
from logonscope.ui.screens.help import HelpScreen
from logonscope.ui.screens.inquiries import Inquiries
from logonscope.ui.screens.overview import Overviewing
from logonscope.ui.screens.presets import Presetting
from logonscope.ui.screens.problems import ProblemsScreen
from logonscope.ui.screens.remembering import Remembering
from logonscope.ui.screens.reporting import Reporting
from logonscope.ui.screens.searching import Searching
from logonscope.ui.screens.subjects import Subjects
from logonscope.ui.screens.timeline import TimelineKeys
from logonscope.ui.screens.zones import Zones

if TYPE_CHECKING:
    from logonscope.ui.settings import Settings

_WIDE, _SIDE = 120, 160
_LOW, _TALL = 10, 20
_PANES_OF_ACTION = {command.action.partition("(")[0]: command.panes for command in COMMANDS}

_COMES_OVER = frozenset({"findings", "card", "first seen", "who", "evidence", "trace", "explain", "xml"})
"""Questions whose answers come over the browser when they come."""


class MainScreen(
    Filtering,
    Chipping,
    Faceting,
    Presetting,
    Remembering,
    Hashing,
    Reporting,
    CellActions,
    Inquiries,
    Subjects,
    Overviewing,
    TimelineKeys,
    Zones,
    Copying,
    Exporting,
    Searching,
    Arranging,
):
    """What the user works in."""

    CSS_PATH = "main.tcss"
    COMMANDS: ClassVar = {CommandProvider}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide"), (_SIDE, "-side")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (_LOW, "-low"), (_TALL, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, filter_text: str = "", settings: Settings | None = None) -> None:
        super().__init__(filter_text, settings)
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings_of(self.settings.commands))])

    def on_resize(self) -> None:
        """Show detail and facets beside the list where there is room, unless the user chose otherwise."""
        is_wide = self.app.size.width >= _SIDE
        if self.wants_detail is None:
            self.detail.display = is_wide
        self.fit_facets(is_wide=is_wide)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Actions that make no sense in the present pane do nothing."""
        return self.shown.pane in _PANES_OF_ACTION.get(action, (self.shown.pane,))

    def action_show_pane(self, pane: str) -> None:
        """Show one of the panes."""
        if pane != self.shown.pane:
            row = self.lists[pane].current_id if pane in self.lists else None
            self.change(replace(self.shown, pane=pane), keep=row)

    def action_next_scope(self) -> None:
        """Show more of the sessions."""
        self.change(self.shown.with_next_scope(), keep=self.current_id)
        self.notify(f"Showing: {self.shown.scope.value}.", timeout=2)

    async def action_leave_off(self) -> None:
        """Give up what was asked for, else the selection, else the search; where there is none, stop loading."""
        if self.questions.give_up(_COMES_OVER):
            self.notify("Given up.", timeout=2)
        elif self.selected:
            self.end_selection()
        elif self.is_searching:
            self.end_search()
        else:
            await self.run_action("app.stop_loading")

    def action_show_problems(self) -> None:
        """List what could not be read."""
        case = self.case
        if case is not None:
            screen = ProblemsScreen(case.unreadable, case.problems, case.sources, case.duplicates)
            self.app.push_screen(screen, self._after_problems)

    async def _after_problems(self, wants_salvage: bool | None) -> None:
        if wants_salvage:
            await self.run_action("app.salvage")

    def action_show_help(self) -> None:
        """Explain keys, filters and grades."""
        self.app.push_screen(HelpScreen(self.settings, self.shown.pane))

    def action_redraw(self) -> None:
        """Draw the screen anew, after something else wrote on the terminal."""
        self.app.refresh(layout=True)
