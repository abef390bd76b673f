"""All that a report holds, gathered from a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope import __version__
from logonscope.case import summary
from logonscope.case.view import Scope, View
from logonscope.display import utc_now
from logonscope.report.asked import MOST, Asked, Most, Watch
from logonscope.report.coverage import Coverage, coverage_of
from logonscope.report.drawings import Chart, chart_of
from logonscope.report.evidence import ShownBookmark, ShownFinding, shown_bookmarks, shown_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.case.source_hashes import SourceHash
    from logonscope.errors import SourceError
    from logonscope.findings.finding import Findings
    from logonscope.model import Session, Source
    from logonscope.store.row_window import RowWindow


@dataclass(frozen=True, slots=True)
class Read:
    """What the case was read from."""

    is_loaded: bool
    """Whether everything had been read."""
    records: int
    duplicates: int
    only_part: str
    """Of which part of the logs the case is; empty for all of them."""
    left_out: int
    """Records that were left out on purpose."""
    sources: Sequence[Source]
    sources_total: int
    hashes: Mapping[int, SourceHash]
    unreadable: Sequence[SourceError]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; texts of the logs are not sanitised unless said."""

    asked: Asked
    version: str
    made: datetime
    read: Read
    coverage: Coverage
    charts: tuple[Chart, ...]
    """By machine, then by user; none where nothing has a time."""
    are_stays: bool
    """Whether only people's stays are listed; else all sessions of the kind that the filter names."""
    stays: Sequence[Session]
    stays_total: int
    others_total: int
    """Contacts, tasks, services and prompts under the same filter."""
    arrivals: Sequence[summary.Arrivals]
    arrivals_total: int
    refusals: Sequence[summary.Refusals]
    refusals_total: int
    """Combinations of account, machine, source and reason."""
    attempts: int
    """Refused logons of all of them."""
    outcome: Findings
    findings: tuple[ShownFinding, ...]
    bookmarks: tuple[ShownBookmark, ...]

    @property
    def standing(self) -> list[ShownFinding]:
        """Findings that nobody has dismissed."""
        return [shown for shown in self.findings if shown.reason is None]

    @property
    def dismissed(self) -> list[ShownFinding]:
        """Findings that somebody has dismissed."""
        return [shown for shown in self.findings if shown.reason is not None]


def gather(case: Case, asked: Asked, watch: Watch | None = None, most: Most = MOST) -> Report:
    """Gather a report of what is loaded.

    Args:
        case: The case.
        asked: What is asked for.
        watch: Is told how far it is, and may end it.
        most: How many rows of each kind it holds.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
        QueryCancelledError: It was given up.
    """
    watch = watch or Watch()
    watch.step("stays")
    view = View("session", asked.node, scope=Scope.STAYS)
    stays = case.window(view)
    watch.step("coverage")
    con = case.cursor()
    refused = summary.refused_by_machine(con)
    attempts = {machine: times for machine, (_, times) in refused.items()}
    coverage = coverage_of(case, asked.node, attempts, most)
    watch.step("drawings")
    charts = (chart_of(case, view, "machine", most), chart_of(case, view, "user", most))
    watch.step("arrivals and refusals")
    arrivals, refusals = summary.arrivals(con, most.arrivals), summary.refusals(con, most.refusals)
    watch.step("findings")
    outcome = case.findings(asked.own)
    watch.step("evidence")
    findings = shown_findings(case, outcome, asked.dismissed, most)
    bookmarks = shown_bookmarks(case, asked.bookmarks)
    watch.step("hashes of the files")
    read = _read(case, watch, most)
    watch.step("page")
    return Report(
        asked=asked,
        version=__version__,
        made=utc_now(),
        read=read,
        coverage=coverage,
        charts=tuple(chart for chart in charts if chart),
        are_stays=view.effective_scope is Scope.STAYS,
        stays=_first(case, stays, most.stays),
        stays_total=stays.count,
        others_total=case.count(View("session", asked.node, scope=Scope.PEOPLE)) - stays.count,
        arrivals=arrivals,
        arrivals_total=summary.arrival_total(con),
        refusals=refusals,
        refusals_total=sum(kinds for kinds, _ in refused.values()),
        attempts=sum(attempts.values()),
        outcome=outcome,
        findings=findings,
        bookmarks=bookmarks,
    )


def _read(case: Case, watch: Watch, most: Most) -> Read:
    return Read(
        is_loaded=case.is_loaded,
        records=sum(source.records for source in case.sources),
        duplicates=case.duplicates,
        only_part=str(case.options.cut) if case.options.cut else "",
        left_out=case.left_out,
        sources=case.sources[: most.sources],
        sources_total=len(case.sources),
        hashes=case.hashes.compute(cancelled=watch.cancelled),
        unreadable=list(case.unreadable),
    )


def _first(case: Case, window: RowWindow, most: int) -> list[Session]:
    return case.sessions(window.page(0, most)) if window.count else []
