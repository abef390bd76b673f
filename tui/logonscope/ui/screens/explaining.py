"""What to look at first, and what the row under the cursor means."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING

from logonscope.case.dismissed import Dismissed, DismissedFile
from logonscope.display import sanitise
from logonscope.export.facts import write_facts
from logonscope.facts.audited import audited_facts, explain_mark
from logonscope.facts.explain import explain_event, explain_topic
from logonscope.facts.machine import boot_facts
from logonscope.facts.session import session_facts
from logonscope.facts.standing import standing_facts, type_standing_facts
from logonscope.findings.user_rules import UserRules, read_user_rules
from logonscope.ui.exporting import findings_wanted
from logonscope.ui.screens.exporting import Exporting
from logonscope.ui.screens.findings import FindingsScreen
from logonscope.ui.screens.text import TextScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logonscope.case.case import Case
    from logonscope.findings.finding import Finding, Findings
    from logonscope.model import CoverageMark, Event, Fact, Session
    from logonscope.ui.questions import Asking

_SHARE, _FRAME = 0.94, 7
"""Of the screen's columns a text has so much, less its frame."""


class Explaining(Exporting):
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
        screen = FindingsScreen(findings, dismissed, self._keep_dismissed, self._export_findings, is_loaded=is_loaded)
        self.app.push_screen(screen, self._go_to_finding)

    def _export_findings(self, findings: Sequence[Finding]) -> None:
        if self.case is not None:
            self.export(findings_wanted(self.case, findings))

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
        """Explain the row, in a cell of its type the logon type; with what the case knows of the like."""
        number = self.current_type
        column = self.table.column if self.shown.pane in ("events", "sessions") else None
        if column and column.name == "type":
            self.with_row(self._explain_type_of)
            return
        match self.row_pane:
            case "types":
                if number is not None:
                    self._ask_type(number)
            case "sessions":
                self.with_row(self._explain_session)
            case "boots":
                self.with_row(lambda boot: self._show_facts("Boot explained", boot_facts(boot)))
            case "coverage":
                self.with_row(self._explain_mark)
            case _:
                self.with_row(self._explain_event)

    def _ask_type(self, number: int) -> None:
        self._ask_facts("Logon type explained", lambda case, asking: _explain_type(case, asking, number))

    def _explain_type_of(self, row: Event | Session) -> None:
        if row.logon_type is None:
            self.notify("This row has no logon type.", timeout=3)
        else:
            self._ask_type(row.logon_type)

    def _explain_event(self, event: Event) -> None:
        def facts(case: Case, asking: Asking) -> Iterable[Fact]:
            from logonscope.case.standing import standing_of

            standing = standing_of(case, event, case.cursor(asking.on_cursor))
            audited = audited_facts(event.machine, case.coverage())
            return (*explain_event(event, standing_facts(standing)), *audited)

        self._ask_facts(f"Event {event.event_id} explained", facts)

    def _explain_session(self, session: Session) -> None:
        def facts(case: Case, asking: Asking) -> Iterable[Fact]:
            of_type = () if session.logon_type is None else _explain_type(case, asking, session.logon_type)
            return (*session_facts(session, ()), *of_type)

        self._ask_facts("Session explained", facts)

    def _explain_mark(self, mark: CoverageMark) -> None:
        self._ask_facts("Mark of coverage explained", lambda case, asking: explain_mark(mark, case.coverage()))

    def _ask_facts(self, title: str, facts: Callable[[Case, Asking], Iterable[Fact]]) -> None:
        """Gather facts in a thread, and show them."""
        case = self.case
        if case is not None:
            show = partial(self._show_facts, title)
            self.questions.ask("explain", lambda asking: tuple(facts(case, asking)), show, self.show_error)

    def _show_facts(self, title: str, facts: Iterable[Fact]) -> None:
        lines = StringIO()
        write_facts(facts, lines, int(self.app.size.width * _SHARE) - _FRAME)
        self.app.push_screen(TextScreen(title, lines.getvalue()))


def _explain_type(case: Case, asking: Asking, number: int) -> tuple[Fact, ...]:
    from logonscope.case.type_standing import standing_of_type

    standing = standing_of_type(case, number, case.cursor(asking.on_cursor))
    return (*explain_topic(f"type {number}"), *type_standing_facts(standing))
