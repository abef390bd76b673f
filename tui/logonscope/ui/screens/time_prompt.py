"""Asks for a moment in one line; a mistake is marked at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from logonscope.display import sanitise, time_text
from logonscope.errors import FilterError
from logonscope.facts.roll_call import moment
from logonscope.ui.widgets.filter_bar import Remark, marked_text

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult


class TimePrompt(ModalScreen["datetime | None"]):
    """Closes with the moment, or with None.

    Args:
        question: What the time is for.
        text: What stands in the line at first.
        log_end: The time of the last record, for ``-2h``.
    """

    DEFAULT_CSS = """
    TimePrompt { align: center top; }
    TimePrompt > Vertical { width: 96%; height: 6; border: round $primary; background: $surface; }
    TimePrompt Input { border: none; height: 1; padding: 0; background: $boost; }
    TimePrompt #time-remark { height: 3; }
    TimePrompt:ansi > Vertical { background: ansi_default; }
    TimePrompt:ansi Input { background: ansi_default; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]
    KEYS = "Enter asks, Esc leaves it."
    HINT = "Times are UTC."

    def __init__(self, question: str, text: str, log_end: datetime | None) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._log_end = log_end

    def compose(self) -> ComposeResult:
        """The line to type in, and what is thought of it."""
        with Vertical() as frame:
            frame.border_title = self._question
            yield _TimeInput(self._text, compact=True, select_on_focus=True, id="time-input")
            yield Static(f"{self.KEYS} {self.HINT}", id="time-remark", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    def read(self, text: str) -> datetime:
        """Read what is typed.

        Raises:
            FilterError: It is no time.
        """
        return moment(text, self._log_end)

    def _moment(self) -> datetime | None:
        """The moment that is typed; a mistake is marked."""
        entry = self.query_one(Input)
        try:
            return self.read(entry.value.strip())
        except FilterError as error:
            self._say(Remark(sanitise(f"{error.message}. {error.advice}".rstrip()), error.start, error.stop))
            return None

    def _say(self, remark: Remark) -> None:
        self.query_one("#time-remark", Static).update(marked_text(remark, self.query_one(Input)))

    @on(Input.Changed)
    def _read_back(self, event: Input.Changed) -> None:
        event.stop()
        at = self._moment()
        if at is not None:
            understood = time_text(at, seconds_only=not at.microsecond)
            self._say(Remark(f"{understood} UTC. {self.KEYS}"))

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        at = self._moment()
        if at is not None:
            self.dismiss(at)

    def action_close(self) -> None:
        """Give up."""
        self.dismiss(None)


class _TimeInput(Input):
    """The line to type in."""

    def validate_value(self, value: str) -> str:
        """Make pasted control characters visible, and begin with the first word, as places in errors do."""
        return sanitise(value).lstrip()
