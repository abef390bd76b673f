"""What to look at first, and what the row under the cursor means."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

from logonscope.case.dismissed import Dismissed, DismissedFile
from logonscope.display import sanitise
from logonscope.export.facts import write_facts
from logonscope.facts.explain import explain_event, explain_topic
from logonscope.facts.session import session_facts
from logonscope.findings.user_rules import UserRules, read_user_rules
from logonscope.ui.screens.findings import FindingsScreen
from logonscope.ui.screens.row_actions import RowActions
from logonscope.ui.screens.text import TextScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.case.case import Case
    from logonscope.findings.finding import Finding, Findings
    from logonscope.model import Event, Fact, Session
    from logonscope.ui.questions import Asking

_SHARE, _FRAME = 0.94, 7
"""Of the screen's columns a text has so much, less its frame."""


class Explaining(RowActions):
    """Findings and explanations."""

    _dismissed_file: DismissedFile | None = None
    _rules_found: tuple[int, UserRules, Findings] | None = None
    """What the rules found, and what that is the answer to: the age of the rows, and the user's own rules."""

    def action_show_findings(self) -> None:
        """Run the rules over what is loaded, and list what they found."""
        case = self.case
        if case is None:
            return
        file = self._dismissed_file = self._dismissed_file or DismissedFile(self.case_file)
        self.notify("Looking for what to look at first ...", timeout=2)

        def question(asking: Asking) -> tuple[Findings, Dismissed, bool]:
            is_loaded = case.is_loaded
            return self.found_by_rules(case, asking), file.read(), is_loaded

        self.questions.ask("findings", question, self._list_findings, self.show_error)

    def found_by_rules(self, case: Case, asking: Asking) -> Findings:
        """What the rules find in what is loaded, with what does not hold of the user's own; runs in a thread."""
        age, own = self.age, read_user_rules()
        if self._rules_found is None or self._rules_found[:2] != (age, own):
            self._rules_found = age, own, case.findings(own, case.cursor(asking.on_cursor))
        found = self._rules_found[2]
        return replace(found, unused=(*map(sanitise, own.wrong), *found.unused))

    def _list_findings(self, answer: tuple[Findings, Dismissed, bool]) -> None:
        findings, dismissed, is_loaded = answer
        screen = FindingsScreen(findings, dismissed, self._keep_dismissed, is_loaded=is_loaded)
        self.app.push_screen(screen, self._go_to_finding)

    def _keep_dismissed(self, finding: Finding, reason: str | None) -> None:
        file = self._dismissed_file
        if file is None:
            return

        def change(_: object) -> Dismissed:
            return file.restore(finding) if reason is None else file.dismiss(finding, reason)

        self.questions.ask(f"dismiss {finding.finding_id}", change, lambda _: None, self.show_error)

    def _go_to_finding(self, finding: Finding | None) -> None:
        if finding is not None:
            row = finding.rows[0] if finding.rows else None
            self.change(replace(self.shown, pane="events", filter_text=finding.filter), keep=row)

    def action_explain(self) -> None:
        """Explain the event, the session or the logon type under the cursor."""
        if self.shown.pane == "types":
            if self.current_type is not None:
                self._show_facts("Logon type explained", explain_topic(f"type {self.current_type}"))
        elif self.row_pane == "sessions":
            self.with_row(self._explain_session)
        else:
            self.with_row(self._explain_event)

    def _explain_event(self, event: Event) -> None:
        self._show_facts(f"Event {event.event_id} explained", explain_event(event))

    def _explain_session(self, session: Session) -> None:
        facts = [*session_facts(session, ())]
        if session.logon_type is not None:
            facts += explain_topic(f"type {session.logon_type}")
        self._show_facts("Session explained", facts)

    def _show_facts(self, title: str, facts: Iterable[Fact]) -> None:
        lines = StringIO()
        write_facts(facts, lines, int(self.app.size.width * _SHARE) - _FRAME)
        self.app.push_screen(TextScreen(title, lines.getvalue()))
