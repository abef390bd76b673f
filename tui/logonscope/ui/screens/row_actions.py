"""What can be done with the row under the cursor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual import on

from logonscope.case.scale import moved
from logonscope.case.view import Scope
from logonscope.display import hex_id, sanitise
from logonscope.filters.edit import with_term
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.text import TextScreen
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from logonscope.model import Account, Boot, CoverageMark, Event, Session

_AROUND = timedelta(minutes=1)


class RowActions(Browser):
    """Actions on one event, session, logon type, boot or mark of coverage."""

    async def action_open(self) -> None:
        """Show more of the row; what that is depends on the pane."""
        match self.shown.pane:
            case "types":
                text = with_term(self.shown.filter_text, "type", str(self.current_type))
                self.change(replace(self.shown, pane="events", filter_text=text))
            case "sessions" | "timeline":
                self.with_row(self._open_session)
            case "boots":
                self.with_row(self._list_sessions)
            case "coverage":
                self.with_row(self.open_mark)
            case _:
                self.detail.display = self.wants_detail = True
                self.show_detail_soon()
                self.detail.focus()

    @on(RowTable.Chosen)
    async def _open_chosen(self) -> None:
        await self.action_open()

    def _open_session(self, session: Session) -> None:
        text = with_term("", "session", session.key)
        if session.role == "visit":
            self.change(replace(self.shown, filter_text=text, scope=Scope.ALL))
        else:
            self.change(replace(self.shown, pane="events", filter_text=text))

    def _list_sessions(self, boot: Boot) -> None:
        text = with_term(with_term("", "machine", boot.machine), "boot", str(boot.number))
        self.change(replace(self.shown, pane="sessions", filter_text=text))

    def open_mark(self, mark: CoverageMark) -> None:
        """Go to the record of a mark of coverage, or to the events around it."""
        text = with_term("", "machine", mark.machine) if mark.machine else ""
        if mark.row is None:
            text = with_term(text, "channel", mark.channel) if mark.channel else text
            since, until = mark.since or mark.until, mark.until or mark.since
            if since and until:
                text = with_term(text, "time", time_filter(since, until, _AROUND))
        if text or mark.row is not None:
            self.change(replace(self.shown, pane="events", filter_text=text), keep=mark.row)
        else:
            key = self.settings.key("problems")
            told = f"This mark speaks of a whole file. Press {key} for what could not be read."
            self.notify(told, timeout=4, markup=False)

    def action_goto_session(self) -> None:
        """Go from an event to its session."""
        case, row = self.case, self.current_id
        if case is not None and row is not None:
            self.show_session(lambda: next(iter(case.sessions_of_event(row)), None))

    def show_session(self, find: Callable[[], int | None]) -> None:
        """Go to a session: in the present list if it is there, else by itself.

        Args:
            find: Gives its ID; runs in a thread.
        """
        case = self.case
        if case is None:
            return
        present = replace(self.shown, pane="sessions")

        def question(_: object) -> tuple[Session | None, bool]:
            session_id = find()
            found = case.sessions([session_id]) if session_id is not None else []
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
                # The filter lifts the usual scope by itself; a wider one may still leave this session out.
                scope = present.scope if present.scope is Scope.STAYS else Scope.ALL
                self.change(replace(present, filter_text=with_term("", "session", session.key), scope=scope))

        self.questions.ask("goto", question, use, self.show_error)

    def action_pin_account(self) -> None:
        """Filter to the user of the row."""

        def pin(account: Account) -> None:
            if account.label:
                self.pin("user", account.label)
            else:
                self.notify("This row names no user.", timeout=3)

        if self.row_pane == "sessions":
            self.with_row(lambda session: pin(session.account))
        else:
            self.with_row(lambda event: pin(event.account if event.account.label else event.target))

    def action_pin_logon_id(self) -> None:
        """Filter to the logon ID of the row."""

        def pin(logon_id: int | None) -> None:
            if logon_id is None:
                self.notify("This row has no logon ID.", timeout=3)
            else:
                self.pin("logon", hex_id(logon_id))

        if self.row_pane == "sessions":
            self.with_row(lambda session: pin(next(iter(session.logon_ids), None)))
        else:
            self.with_row(lambda event: pin(event.logon_id))

    def pin(self, field: str, value: str) -> None:
        """Filter to a value, whatever was said of its field before."""
        text = with_term(self.shown.filter_text, field, value)
        self.change(replace(self.shown, filter_text=text), keep=self.current_id)

    def action_toggle_detail(self) -> None:
        """Show or hide the detail."""
        self.detail.display = self.wants_detail = not self.detail.display
        if self.detail.display:
            self.show_detail_soon()
        else:
            self.front.focus()

    def action_show_xml(self) -> None:
        """Show the record as Windows wrote it."""
        case = self.case
        if case is None:
            return

        def ask(event: Event) -> None:
            def use(xml: str) -> None:
                shown = "\n".join(sanitise(line.replace("\t", "    ")) for line in xml.splitlines())
                self.app.push_screen(TextScreen(f"Record {event.record_id}, event {event.event_id}", shown))

            self.questions.ask("xml", lambda asking: case.event_record(event), use, self.show_error)

        self.with_row(ask)

    def with_row(self, use: Callable[[Any], None]) -> None:
        """Do something with the event, session, boot or mark under the cursor; it is fetched if it is not drawn."""
        case, current, pane = self.case, self.current_id, LISTS.get(self.row_pane)
        row = self.table.row_at(self.table.cursor) if self.shown.pane in LISTS else None
        if row is not None and row.item is not None:
            use(row.item)
            return
        if case is None or current is None or pane is None:
            return

        def give(found: list[Any]) -> None:
            if found:
                use(found[0])

        # Each is a question of its own kind: a key does not make the key before it worthless.
        self._fetches += 1
        self.questions.ask(f"row-{self._fetches}", lambda asking: pane.fetch(case, [current]), give, self.show_error)

    _fetches = 0


def time_filter(since: datetime, until: datetime, margin: timedelta) -> str:
    """A range of times, and some time before and after it, as a filter takes it, to the second."""
    first, last = moved(since, -margin), moved(until, margin)
    return f"{first.isoformat(timespec='seconds')}..{last.isoformat(timespec='seconds')}"
