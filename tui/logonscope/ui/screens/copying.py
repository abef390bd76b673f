"""Copying the row, or the rows that are selected."""

from __future__ import annotations

from textual.actions import SkipAction

from logonscope.display import plural, sanitise
from logonscope.ui.clipboard import hand_over
from logonscope.ui.copying import FORMS, CopyForm
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.choice_prompt import Choice, ChoicePrompt
from logonscope.ui.screens.marking import Marking

_TEXT = FORMS[0]


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
        choices = [Choice(form.key, form.name, form.help) for form in FORMS]
        self.app.push_screen(ChoicePrompt(f"Copy {self.selection_text()} as", choices), self._copy_chosen)

    def _copy_chosen(self, name: str | None) -> None:
        form = next((form for form in FORMS if form.name == name), None)
        if form:
            self._copy(form)

    def _copy(self, form: CopyForm) -> None:
        case, pane, current, refs = self.case, LISTS[self.shown.pane], self.current_id, self.selected
        window = self.lists[self.shown.pane].window
        if case is None or window is None or (current is None and not refs):
            return

        def question(_: object) -> tuple[str, int]:
            if refs:
                rows = window.in_order(case.find_rows(refs).values()).to_pylist()
            else:
                rows = [] if current is None else [current]
            return form.write(case, pane, rows), len(rows)

        def use(answer: tuple[str, int]) -> None:
            text, count = answer
            hand_over(self.app, text, f"{plural(count, pane.noun)} as {form.name}")

        self.questions.ask("copy", question, use, self.show_error)
