"""The main screen: the browser with all its actions, bound from the one registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingsMap

from logonscope.ui.commands import COMMANDS
from logonscope.ui.keys import bindings_of
from logonscope.ui.palette import CommandProvider
from logonscope.ui.screens.filtering import Filtering
from logonscope.ui.screens.help import HelpScreen
from logonscope.ui.screens.inquiries import Inquiries
from logonscope.ui.screens.problems import ProblemsScreen
from logonscope.ui.screens.timeline import TimelineKeys
from logonscope.ui.screens.zones import Zones

if TYPE_CHECKING:
    from logonscope.ui.settings import Settings

_WIDE = 120
_TALL = 20
_PANES_OF_ACTION = {command.action.partition("(")[0]: command.panes for command in COMMANDS}


class MainScreen(Filtering, Inquiries, TimelineKeys, Zones):
    """What the user works in."""

    CSS_PATH = "main.tcss"
    COMMANDS: ClassVar = {CommandProvider}
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_TALL, "-tall")]  # noqa: RUF012 - as Textual declares it
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, filter_text: str = "", settings: Settings | None = None) -> None:
        super().__init__(filter_text, settings)
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings_of(self.settings.commands))])

    def on_mount(self) -> None:
        """Leave the detail out where there is little room."""
        self.detail.display = self.app.size.width >= _WIDE

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

    def action_next_order(self) -> None:
        """Sort by the next column."""
        self.change(self.shown.with_next_order())
        self.notify(f"Sorted by {self.shown.orders[self.shown.pane].name}.", timeout=2)

    def action_reverse_order(self) -> None:
        """Turn the order round."""
        self.change(self.shown.reversed())

    def action_show_problems(self) -> None:
        """List what could not be read."""
        case = self.case
        if case is not None:
            self.app.push_screen(ProblemsScreen(case.unreadable, case.problems, case.sources, case.duplicates))

    def action_show_help(self) -> None:
        """Explain keys, filters and grades."""
        self.app.push_screen(HelpScreen(self.settings, self.shown.pane))

    def action_redraw(self) -> None:
        """Draw the screen anew, after something else wrote on the terminal."""
        self.app.refresh(layout=True)
