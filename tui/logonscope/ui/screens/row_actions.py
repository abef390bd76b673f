"""What can be done with the row under the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual import on

from logonscope.display import hex_id, sanitise
from logonscope.filters.edit import with_term
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.text import TextScreen
from logonscope.ui.terminal import may_copy
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.model import Account, Event, Session

Item = TypeVar("Item")


class RowActions(Browser):
    """Actions on one event, session or logon type."""

    async def action_open(self) -> None:
        """Show more of the row: an event's fields, a session's records, a logon type's logons."""
        pane = self.shown.pane
        if pane == "types":
            text = with_term(self.shown.filter_text, "type", str(self.table.cursor))
            self.change(replace(self.shown, pane="events", filter_text=text))
        elif pane == "sessions":
            self._with_session(self._list_records)
        else:
            self.detail.display = True
            self.show_detail_soon()
            self.detail.focus()

    @on(RowTable.Chosen)
    async def _open_chosen(self) -> None:
        await self.action_open()

    def _list_records(self, session: Session) -> None:
        text = with_term("", "session", session.key)
        self.change(replace(self.shown, pane="events", filter_text=text))

    def action_goto_session(self) -> None:
        """Go from an event to its session: in the present list if it is there, else by itself."""
        case, row = self.case, self.current_id
        if case is None or row is None or self.shown.pane != "events":
            return
        present = replace(self.shown, pane="sessions")

        def question(_: object) -> tuple[Session | None, bool]:
            found = case.sessions(case.sessions_of_event(row)[:1])
            if not found:
                return None, False
            session = found[0]
            return session, case.window(present.view("sessions")).position(session.session_id) is not None

        def use(answer: tuple[Session | None, bool]) -> None:
            session, is_listed = answer
            if session is None:
                self.notify("No session of a user is known for this event.", timeout=4)
            elif is_listed:
                self.change(present, keep=session.session_id)
            else:
                self.change(replace(present, filter_text=with_term("", "session", session.key)))

        self.questions.ask("goto", question, use, self.show_error)

    def action_pin_account(self) -> None:
        """Filter to the user of the row."""

        def pin(account: Account) -> None:
            if account.label:
                self._pin("user", account.label)
            else:
                self.notify("This row names no user.", timeout=3)

        if self.shown.pane == "sessions":
            self._with_session(lambda session: pin(session.account))
        else:
            self._with_event(lambda event: pin(event.account if event.account.label else event.target))

    def action_pin_logon_id(self) -> None:
        """Filter to the logon ID of the row."""

        def pin(logon_id: int | None) -> None:
            if logon_id is None:
                self.notify("This row has no logon ID.", timeout=3)
            else:
                self._pin("logon", hex_id(logon_id))

        if self.shown.pane == "sessions":
            self._with_session(lambda session: pin(next(iter(session.logon_ids), None)))
        else:
            self._with_event(lambda event: pin(event.logon_id))

    def _pin(self, field: str, value: str) -> None:
        text = with_term(self.shown.filter_text, field, value)
        self.change(replace(self.shown, filter_text=text), keep=self.current_id)

    def action_toggle_detail(self) -> None:
        """Show or hide the detail."""
        self.detail.display = not self.detail.display
        if self.detail.display:
            self.show_detail_soon()
        else:
            self.table.focus()

    def action_show_xml(self) -> None:
        """Show the record as Windows wrote it."""
        case = self.case
        if case is None:
            return

        def ask(event: Event) -> None:
            def use(xml: str) -> None:
                shown = "\n".join(sanitise(line.replace("\t", "    ")) for line in xml.splitlines())
                self.app.push_screen(TextScreen(f"Record {event.record_id}, event {event.event_id}", shown))

            self.questions.ask("xml", lambda asking: case.event_xml(event), use, self.show_error)

        self._with_event(ask)

    def action_copy_row(self) -> None:
        """Copy the row's cells."""
        row = self.table.row_at(self.table.cursor)
        if row is None:
            return
        text = "\t".join(row.cells)
        if may_copy(text):
            self.app.copy_to_clipboard(text)
            self.notify("Copied to the clipboard of your terminal, if it allows that (OSC 52).", timeout=3)

    def _with_event(self, use: Callable[[Event], None]) -> None:
        if self.shown.pane == "events":
            self._with_row(lambda case, row: case.events([row]), use)

    def _with_session(self, use: Callable[[Session], None]) -> None:
        self._with_row(lambda case, session_id: case.sessions([session_id]), use)

    def _with_row(self, fetch: Callable[[Case, int], list[Item]], use: Callable[[Item], None]) -> None:
        case, current = self.case, self.current_id
        if case is None or current is None:
            return

        def give(found: list[Item]) -> None:
            if found:
                use(found[0])

        self.questions.ask("row", lambda asking: fetch(case, current), give, self.show_error)
