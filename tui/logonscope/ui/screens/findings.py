"""What to look at first: findings, each with its evidence and its innocent explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.case.dismissed import key_of
from logonscope.columns import Column
from logonscope.display import plural, sanitise, time_text
from logonscope.facts.finding import SEVERITY_TONES, broken_line
from logonscope.findings.finding import Finding, Findings
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.dismissed import Dismissed

_COLUMNS: tuple[Column[Finding], ...] = (
    Column("Severity", 9, 0, lambda finding: finding.severity),
    Column("Rule", 5, 0, lambda finding: finding.rule),
    Column("When (UTC)", 16, 0, lambda finding: time_text(finding.since)[:16]),
    Column("What was seen", 30, 0, lambda finding: finding.seen, takes_rest=True),
)


class FindingsScreen(ListScreen[Finding]):
    """Lists findings; closes with the one whose evidence is to be shown.

    Args:
        findings: The outcome of the rules.
        dismissed: The reasons of those that were dismissed; these stand at the end.
        dismiss: Keeps a finding as dismissed, with a reason; takes it up again where that is None.
        export: Writes findings to a file, after asking for it.
        is_loaded: Whether everything had been read when the rules were run.
    """

    DEFAULT_CSS = "FindingsScreen .list-whole { height: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F", "close", "Close"),
        Binding("d,delete", "dismiss_finding", "Dismiss"),
        Binding("X", "export", "Export"),
    ]

    def __init__(
        self,
        findings: Findings,
        dismissed: Dismissed,
        dismiss: Callable[[Finding, str | None], None],
        export: Callable[[Sequence[Finding]], None],
        *,
        is_loaded: bool = True,
    ) -> None:
        heading = [] if is_loaded else ["Loading goes on: this is what was found in what is there so far."]
        heading += [broken_line(entry) for entry in findings.broken] + list(findings.unused)
        if findings.muted:
            heading.append(f"{plural(findings.muted, 'finding')} of sources that the watchlist mutes")
        super().__init__(
            "Look here first: questions with their evidence, no verdicts",
            _COLUMNS,
            heading=heading,
            keys="Enter its records  d dismiss, take up again  y copy  X export  Esc close  ↑ ↓ move",
            empty_text="No rule found anything. That is not proof that nothing happened: see what the logs cover (5).",
        )
        self._findings = list(findings.found)
        self._dismissed = dict(dismissed)
        self._dismiss = dismiss
        self._export = export
        self._sort()

    @property
    def row_count(self) -> int:
        """All findings."""
        return len(self._findings)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Findings as they are drawn."""
        return [self._row(finding) for finding in self._findings[start:stop]]

    def _row(self, finding: Finding) -> TableRow:
        cells = tuple(column.text(finding) for column in _COLUMNS)
        if key_of(finding) in self._dismissed:
            return TableRow(("dismissed", *cells[1:]), "muted")
        return TableRow(cells, SEVERITY_TONES[finding.severity])

    def whole(self, position: int) -> str:
        """A finding with what usually explains it and what to do next."""
        finding = self._findings[position]
        reason = self._dismissed.get(key_of(finding))
        lines = [f"{finding.seen}."] if reason is None else [f"{finding.seen}.", f"Dismissed: {reason}"]
        attack = f"  ATT&CK {', '.join(finding.attack)}" if finding.attack else ""
        return "\n".join(
            [
                *lines,
                finding.why,
                f"Usually: {finding.usual}",
                f"Next: {finding.next_step}",
                f"{plural(finding.records, 'record')}: {finding.filter}{attack}",
            ]
        )

    def choice(self, position: int) -> Finding:
        """The finding."""
        return self._findings[position]

    def action_export(self) -> None:
        """Export those that are not dismissed."""
        self._export([finding for finding in self._findings if key_of(finding) not in self._dismissed])

    def action_dismiss_finding(self) -> None:
        """Dismiss the finding with a reason, or take a dismissed one up again."""
        position = self.position
        if position is None:
            return
        finding = self._findings[position]
        if key_of(finding) in self._dismissed:
            del self._dismissed[key_of(finding)]
            self._changed(finding, None)
            return

        def dismiss(reason: str | None) -> None:
            if reason:
                self._dismissed[key_of(finding)] = sanitise(reason)
                self._changed(finding, reason)

        self.app.push_screen(LinePrompt("Why is this finding nothing?", "", "Enter keeps it, with the case."), dismiss)

    def _changed(self, finding: Finding, reason: str | None) -> None:
        self._dismiss(finding, reason)
        self._sort()
        self.show_rows()

    def _sort(self) -> None:
        self._findings.sort(key=lambda finding: (key_of(finding) in self._dismissed, finding.finding_id))
