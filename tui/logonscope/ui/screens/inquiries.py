"""Questions that lead away from the list: the evidence of a session, where it came from, who was on at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.display import sanitise, time_text
from logonscope.facts.source import reasons_text, source_text
from logonscope.filters.edit import with_term
from logonscope.model import CoverageMark
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.evidence import EvidenceScreen
from logonscope.ui.screens.row_actions import RowActions, time_filter
from logonscope.ui.screens.sources import SourcesScreen
from logonscope.ui.screens.time_prompt import TimePrompt
from logonscope.ui.screens.who import WhoScreen

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.facts.roll_call import RollCallLine
    from logonscope.model import Evidence, Session, SourceMachine, Who
    from logonscope.ui.questions import Asking

_AROUND_START = timedelta(minutes=10)


class Inquiries(RowActions):
    """Evidence, trace, and who was on."""

    def action_show_evidence(self) -> None:
        """List the evidence of the session under the cursor."""
        case = self.case
        if case is None:
            return

        def ask(session: Session) -> None:
            if session.role == "visit":
                self.notify("A visit rests on its contacts: press Enter to list them.", timeout=4)
                return

            def use(found: tuple[list[Evidence], list[CoverageMark]]) -> None:
                self.app.push_screen(EvidenceScreen(case, session, *found), lambda chosen: self._cited(session, chosen))

            def question(asking: object) -> tuple[list[Evidence], list[CoverageMark]]:
                return case.evidence(session.session_id), case.gaps_of(session.session_id)

            self.questions.ask("evidence", question, use, self.show_error)

        self.with_row(ask)

    def _cited(self, session: Session, chosen: int | CoverageMark | None) -> None:
        if isinstance(chosen, CoverageMark):
            self.open_mark(chosen)
        elif chosen is not None:
            text = with_term("", "session", session.key)
            self.change(replace(self.shown, pane="events", filter_text=text), keep=chosen)

    def action_trace(self) -> None:
        """Go to the records of the machine that the session under the cursor came from."""
        case = self.case
        if case is None:
            return

        def ask(session: Session) -> None:
            self.questions.ask(
                "trace",
                lambda asking: case.source_machines(session.session_id),
                lambda found: self._trace(session, found),
                self.show_error,
            )

        self.with_row(ask)

    def _trace(self, session: Session, found: list[SourceMachine]) -> None:
        if not found:
            self.notify(
                f"None of the loaded machines is known to be its source. Its records name {source_text(session)}.",
                timeout=6,
                markup=False,
            )
        elif len(found) == 1:
            self._go_to_source(session, found[0])
            self.notify(f"{sanitise(found[0].machine)}: {reasons_text(found[0])}.", timeout=6, markup=False)
        else:
            self.app.push_screen(SourcesScreen(session, found), lambda chosen: self._go_to_source(session, chosen))

    def _go_to_source(self, session: Session, source: SourceMachine | None) -> None:
        if source is None:
            return
        began = session.start or session.start_latest
        text = with_term("", "machine", source.machine)
        if began is not None:
            text = with_term(text, "time", time_filter(began, began, _AROUND_START))
        if not source.covers:
            machine = sanitise(source.machine)
            self.notify(f"The records of {machine} do not reach that time.", severity="warning", markup=False)
        self.change(replace(self.shown, pane="events", filter_text=text), keep=next(iter(source.rows), None))

    def action_ask_who(self) -> None:
        """Ask for a time, beginning with that of the row under the cursor."""
        pane = LISTS.get(self.shown.pane)
        if pane is None or self.current_id is None:
            self._prompt_for_time(None)
        else:
            self.with_row(lambda row: self._prompt_for_time(pane.moment(row)))

    def _prompt_for_time(self, at: datetime | None) -> None:
        log_end = self.case.lookup().log_end if self.case else None
        at = at or log_end
        text = time_text(at, seconds_only=not at.microsecond) if at else ""
        self.app.push_screen(TimePrompt("Who was on at ...", text, log_end), self._ask_who)

    def _ask_who(self, at: datetime | None) -> None:
        """Ask about all machines and everybody: under a filter, nobody might mean nobody that fits it."""
        case = self.case
        if case is None or at is None:
            return

        def question(asking: Asking) -> Who:
            cursor = case.cursor(asking.on_cursor)
            return case.who(at, cursor=cursor)

        def use(who: Who) -> None:
            self.app.push_screen(WhoScreen(who), self._go_to_line)

        self.questions.ask("who", question, use, self.show_error)

    def _go_to_line(self, line: RollCallLine | None) -> None:
        if line is None:
            return
        session = line.session
        if session is not None:
            self.show_session(lambda: session.session_id)
        else:
            text = with_term("", "machine", line.machine)
            self.change(replace(self.shown, pane="coverage", filter_text=text))
