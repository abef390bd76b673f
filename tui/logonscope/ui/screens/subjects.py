"""All about one user, source or machine, and what was seen for the first time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logonscope.case.view import Scope
from logonscope.cell_terms import cell_term, machine, source, user
from logonscope.display import sanitise
from logonscope.facts.first_seen import first_seen_filter
from logonscope.filters.describe import describe
from logonscope.ui.exporting import first_seen_wanted
from logonscope.ui.screens.card import CardScreen
from logonscope.ui.screens.explaining import Explaining
from logonscope.ui.screens.first_seen import FirstSeenScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.card import Card, Subject
    from logonscope.case.first_seen import FirstSeen
    from logonscope.facts.card_lines import Lead
    from logonscope.filters.edit import CellTerm
    from logonscope.ui.questions import Asking

_SUBJECTS: dict[str, Subject] = {"user": "user", "from": "source", "machine": "machine"}
"""Subjects by the field of the filter that chooses them."""


class Subjects(Explaining):
    """Cards and first logons."""

    def action_show_card(self) -> None:
        """Show all about the user, source or machine under the cursor; in other cells about the row's user."""
        column, pane = self.table.column, self.shown.pane

        def use(row: Any) -> None:
            cell = cell_term(pane, column.name, row) if column and pane != "timeline" else None
            subject = cell if cell and cell.field in _SUBJECTS else _subject_of(row)
            if subject is None:
                self.notify("This row names no user, source or machine.", timeout=3)
            else:
                self._ask_card(_SUBJECTS[subject.field], subject.value)

        self.with_row(use)

    def _ask_card(self, kind: Subject, name: str) -> None:
        case = self.case
        if case is None:
            return
        self.notify(f"Gathering what is known of {kind} {sanitise(name)} ...", timeout=2, markup=False)

        def question(asking: Asking) -> tuple[Card, bool]:
            from logonscope.case.card import subject_card

            is_loaded, outcome = case.is_loaded, self.found_by_rules(case, asking)
            return subject_card(case, kind, name, outcome=outcome, cursor=case.cursor(asking.on_cursor)), is_loaded

        def show(answer: tuple[Card, bool]) -> None:
            card, is_loaded = answer
            self.app.push_screen(CardScreen(card, is_loaded=is_loaded), self._follow_lead)

        self.questions.ask("card", question, show, self.show_error)

    def _follow_lead(self, lead: Lead | None) -> None:
        if lead is not None:
            shown = replace(self.shown, pane=lead.pane, filter_text=lead.filter_text, off=())
            # A contact is to be seen too where the line speaks of it.
            self.change(replace(shown, scope=Scope.ALL) if lead.pane == "sessions" else shown, keep=lead.row)

    def action_show_first_seen(self) -> None:
        """List what was seen for the first time; the filter chooses among the first logons."""
        case, node = self.case, self.shown.filter
        if case is None:
            return

        def question(asking: Asking) -> tuple[list[FirstSeen], bool]:
            from logonscope.case.first_seen import first_seen_in

            is_loaded = case.is_loaded
            return first_seen_in(case, node, case.cursor(asking.on_cursor)), is_loaded

        def show(answer: tuple[list[FirstSeen], bool]) -> None:
            found, is_loaded = answer
            words = sanitise(describe(node)) if self.shown.filter_text else ""
            self.app.push_screen(
                FirstSeenScreen(found, self._export_first_seen, words, is_loaded=is_loaded), self._go_to_first
            )

        self.questions.ask("first seen", question, show, self.show_error)

    def _export_first_seen(self, found: Sequence[FirstSeen]) -> None:
        if self.case is not None:
            self.export(first_seen_wanted(self.case, found))

    def _go_to_first(self, first: FirstSeen | None) -> None:
        if first is not None:
            shown = replace(self.shown, pane="events", filter_text=first_seen_filter(first), off=())
            self.change(shown, keep=first.row)


def _subject_of(row: Any) -> CellTerm | None:
    """The user, else the source, else the machine that a row names."""
    found = (user(row), source(row)) if hasattr(row, "account") else ()
    return next(filter(None, (*found, machine(row))), None)
