"""Asks for one line of text; a mistake in a search is marked at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from logonscope.display import sanitise
from logonscope.errors import FilterError
from logonscope.ui.widgets.filter_bar import Remark, marked_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


class LinePrompt(ModalScreen["str | None"]):
    """Closes with the line, sanitised, or with None.

    Args:
        question: What the line is for.
        text: What stands in the line at first.
        advice: What is said below it.
        check: Raises FilterError where the line makes no sense.
    """

    DEFAULT_CSS = """
    LinePrompt { align: center top; }
    LinePrompt > Vertical { width: 96%; height: 6; border: round $primary; background: $surface; }
    LinePrompt Input { border: none; height: 1; padding: 0; background: $boost; }
    LinePrompt #line-remark { height: 3; }
    LinePrompt:ansi > Vertical { background: ansi_default; }
    LinePrompt:ansi Input { background: ansi_default; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(
        self, question: str, text: str = "", advice: str = "", check: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._advice = advice
        self._check = check

    def compose(self) -> ComposeResult:
        """The line to type in, and what is thought of it."""
        with Vertical() as frame:
            frame.border_title = escape(self._question)
            yield _LineInput(self._text, compact=True, select_on_focus=True, id="line-input")
            yield Static(self._advice, id="line-remark", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    def _is_sensible(self) -> bool:
        """Whether the line makes sense; a mistake is marked."""
        entry = self.query_one(Input)
        remark = Remark(self._advice)
        try:
            if self._check:
                self._check(entry.value.strip())
        except FilterError as error:
            remark = Remark(sanitise(f"{error.message}. {error.advice}".rstrip()), error.start, error.stop)
        self.query_one("#line-remark", Static).update(marked_text(remark, entry))
        return remark.start is None

    @on(Input.Changed)
    def _read_back(self, event: Input.Changed) -> None:
        event.stop()
        self._is_sensible()

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        if self._is_sensible():
            self.dismiss(self.query_one(Input).value.strip())

    def action_close(self) -> None:
        """Give up."""
        self.dismiss(None)


class _LineInput(Input):
    """The line to type in."""

    def validate_value(self, value: str) -> str:
        """Make pasted control characters visible, and begin with the first word, as places in errors do."""
        return sanitise(value).lstrip()
