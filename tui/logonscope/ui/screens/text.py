"""A text over the browser: help, a record as XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Static

from logonscope.ui.clipboard import hand_over

if TYPE_CHECKING:
    from textual.app import ComposeResult


class TextScreen(ModalScreen[None]):
    """Shows a text to scroll.

    Args:
        title: What it is.
        text: The text; drawn as it is, never as markup.
    """

    DEFAULT_CSS = """
    TextScreen { align: center middle; }
    TextScreen > Vertical { width: 94%; height: 94%; border: round $primary; background: $surface; padding: 0 1; }
    TextScreen .text-keys { height: 1; color: $text-muted; }
    TextScreen VerticalScroll { scrollbar-size-vertical: 1; }
    TextScreen:ansi > Vertical { background: ansi_default; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "Close"),
        Binding("y", "copy", "Copy"),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll_page(1)", "Page down", show=False),
        Binding("pageup", "scroll_page(-1)", "Page up", show=False),
        Binding("home,g", "jump(False)", "Top", show=False),
        Binding("end,G", "jump(True)", "Bottom", show=False),
    ]

    def __init__(self, title: str, text: Text | str) -> None:
        super().__init__()
        self._title = title
        self._text = Text(text) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        """The frame, the text, and the keys."""
        with Vertical() as frame:
            frame.border_title = escape(self._title)
            with VerticalScroll():
                yield Static(self._text, markup=False)
            yield Static("Esc close   ↑ ↓ PgUp PgDn scroll   y copy", classes="text-keys", markup=False)

    def on_mount(self) -> None:
        """Scroll with the keys at once."""
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        """Go back to the browser."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll by pages."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)

    def action_jump(self, bottom: bool) -> None:
        """Scroll to the top or the bottom."""
        scroll = self.query_one(VerticalScroll)
        if bottom:
            scroll.scroll_end(animate=False)
        else:
            scroll.scroll_home(animate=False)

    def action_copy(self) -> None:
        """Copy the whole text to the clipboard of the terminal."""
        hand_over(self.app, self._text.plain, "the text")
