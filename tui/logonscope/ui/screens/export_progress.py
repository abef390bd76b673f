"""How far an export is, and how to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import ProgressBar, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ExportProgress(ModalScreen["bool | None"]):
    """Closes with True where the export is to be stopped; whoever began it closes it with None when it is over.

    Args:
        what: What is written where, sanitised.
        count: How many rows there are.
    """

    DEFAULT_CSS = """
    ExportProgress { align: center top; }
    ExportProgress > Vertical { width: 96%; height: 5; border: round $primary; background: $surface; }
    ExportProgress:ansi > Vertical { background: ansi_default; }
    ExportProgress ProgressBar, ExportProgress Static { height: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "stop", "Stop")]

    def __init__(self, what: str, count: int) -> None:
        super().__init__()
        self._what = what
        self._count = count

    def compose(self) -> ComposeResult:
        """What is written, how far it is, and the key that stops it."""
        with Vertical() as frame:
            frame.border_title = "Export"
            yield Static(self._what, markup=False)
            yield ProgressBar(self._count or None, show_eta=False)
            yield Static("Esc stops it; nothing of the file is left then.", markup=False)

    def tell(self, done: int) -> None:
        """Show how many rows are written."""
        self.query_one(ProgressBar).update(progress=done)

    def action_stop(self) -> None:
        """Have it stopped."""
        self.dismiss(True)
