"""Copying the row, or the rows that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Static

from logonscope.display import plural, sanitise
from logonscope.ui.clipboard import hand_over
from logonscope.ui.copying import FORMS, CopyForm
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.marking import Marking

if TYPE_CHECKING:
    from textual.app import ComposeResult

_TEXT = FORMS[0]


class FormPrompt(ModalScreen["CopyForm | None"]):
    """Asks in which form to copy; closes with the form, or with None.

    Args:
        what: What is to be copied.
    """

    DEFAULT_CSS = """
    FormPrompt { align: center top; }
    FormPrompt > Vertical { width: 74; max-width: 96%; height: 7; border: round $primary; background: $surface; }
    FormPrompt:ansi > Vertical { background: ansi_default; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close"),
        *(Binding(form.key, f"take({place})", form.name) for place, form in enumerate(FORMS)),
    ]

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def compose(self) -> ComposeResult:
        """A key and a line for each form."""
        with Vertical() as frame:
            frame.border_title = escape(f"Copy {self._what} as")
            lines = Text("\n").join(
                Text.assemble((f" {form.key} ", "bold"), f"{form.name}: {form.help}") for form in FORMS
            )
            yield Static(Text("\n").join([lines, Text(" Esc leaves it")]), markup=False)

    def action_take(self, place: int) -> None:
        """Close with a form."""
        self.dismiss(FORMS[place])

    def action_close(self) -> None:
        """Give up."""
        self.dismiss(None)


class Copying(Marking):
    """Actions that copy."""

    def action_copy_row(self) -> None:
        """Copy the text that is selected with the mouse, else the selected rows, else the row."""
        row = self.table.row_at(self.table.cursor)
        if self.get_selected_text():
            self.action_copy_text()
        elif self.selected:
            self._copy(_TEXT)
        elif row is not None:
            hand_over(self.app, "\t".join(row.cells), "the row")

    def action_copy_text(self) -> None:
        """Copy the text that is selected with the mouse, as it is drawn."""
        text = self.get_selected_text()
        if not text:
            raise SkipAction
        hand_over(self.app, "\n".join(map(sanitise, text.split("\n"))), "the selected text")
        self.clear_selection()

    def action_copy_as(self) -> None:
        """Ask for the form, then copy."""
        self.app.push_screen(FormPrompt(self.selection_text()), lambda form: self._copy(form) if form else None)

    def _copy(self, form: CopyForm) -> None:
        case, pane, current, refs = self.case, LISTS[self.shown.pane], self.current_id, self.selected
        window = self.lists[self.shown.pane].window
        if case is None or window is None or (current is None and not refs):
            return

        def question(_: object) -> tuple[str, int]:
            if refs:
                found = set(case.find_rows(refs).values())
                listed = [window.page(position, position + 1)[0] for position in window.find(found)]
                rows = [*listed, *sorted(found - set(listed))]
            else:
                rows = [] if current is None else [current]
            return form.write(case, pane, rows), len(rows)

        def use(answer: tuple[str, int]) -> None:
            text, count = answer
            hand_over(self.app, text, f"{plural(count, pane.noun)} as {form.name}")

        self.questions.ask("copy", question, use, self.show_error)
