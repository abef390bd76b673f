"""Asks for one of a few things, each with a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Key


class Choice(NamedTuple):
    """One of them."""

    key: str
    name: str
    help: str


class ChoicePrompt(ModalScreen["str | None"]):
    """Closes with the name of a choice, or with None.

    Args:
        question: What is asked.
        choices: What there is.
    """

    DEFAULT_CSS = """
    ChoicePrompt { align: center top; }
    ChoicePrompt > Vertical { width: 74; max-width: 96%; height: auto; border: round $primary; background: $surface; }
    ChoicePrompt Static { height: auto; }
    ChoicePrompt:ansi > Vertical { background: ansi_default; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Close")]

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._question = question
        self._choices = choices

    def compose(self) -> ComposeResult:
        """A key and a line for each choice."""
        with Vertical() as frame:
            frame.border_title = escape(self._question)
            lines = Text("\n").join(
                Text.assemble((f" {choice.key} ", "bold"), f"{choice.name}: {choice.help}") for choice in self._choices
            )
            yield Static(Text("\n").join([lines, Text(" Esc leaves it")]), markup=False)

    def on_key(self, event: Key) -> None:
        """Close with what the key stands for."""
        chosen = next((choice for choice in self._choices if choice.key == event.character), None)
        if chosen:
            event.stop()
            self.dismiss(chosen.name)

    def action_close(self) -> None:
        """Give up."""
        self.dismiss(None)
