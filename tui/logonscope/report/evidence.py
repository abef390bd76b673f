"""Findings, and rows that were kept, each with the records that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.case.dismissed import key_of
from logonscope.display import exact_time_text
from logonscope.facts.citation import file_name
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logonscope.case.bookmarks import Bookmark, Bookmarks
    from logonscope.case.case import Case
    from logonscope.case.dismissed import Dismissed
    from logonscope.findings.finding import Finding, Findings
    from logonscope.model import Event, Source
    from logonscope.report.asked import Most


@dataclass(frozen=True, slots=True)
class Cited:
    """One record as it is cited."""

    file: str
    source: int
    """The number of its file in the list of the sources."""
    channel: str
    record_id: int
    event_id: int
    time: str
    """UTC, with all digits that Windows keeps."""
    what: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with records that it rests on."""

    finding: Finding
    reason: str | None
    """Why it was dismissed; None where it was not."""
    cited: tuple[Cited, ...]

    @property
    def left_out(self) -> int:
        """Records that are not cited here."""
        return self.finding.records - len(self.cited)


@dataclass(frozen=True, slots=True)
class ShownBookmark:
    """A row that was kept, with its record where it is an event."""

    bookmark: Bookmark
    is_loaded: bool
    cited: Cited | None


def shown_findings(case: Case, outcome: Findings, dismissed: Dismissed, most: Most) -> tuple[ShownFinding, ...]:
    """Findings with their records, the first ones of many; those that are dismissed last.

    Args:
        case: The case.
        outcome: What the rules found.
        dismissed: The reasons of those that were dismissed.
        most: How many are wanted.
    """
    found = sorted(outcome.found, key=lambda finding: key_of(finding) in dismissed)[: most.findings]
    rows = {row for finding in found for row in finding.rows[: most.cited]}
    cited = _cited(case, sorted(rows))
    return tuple(
        ShownFinding(finding, dismissed.get(key_of(finding)), tuple(cited[row] for row in finding.rows[: most.cited]))
        for finding in found
    )


def shown_bookmarks(case: Case, bookmarks: Bookmarks) -> tuple[ShownBookmark, ...]:
    """Rows that were kept, with the record of each that is one."""
    rows = case.find_rows(bookmarks)
    cited = _cited(case, sorted({row for ref, row in rows.items() if ref.target == "event"}))
    return tuple(
        ShownBookmark(one, ref in rows, cited.get(rows[ref]) if ref in rows and ref.target == "event" else None)
        for ref, one in bookmarks.items()
    )


def _cited(case: Case, rows: Sequence[int]) -> dict[int, Cited]:
    sources = {source.number: source for source in case.sources}
    return {event.row: _citation(event, sources) for event in _events(case, rows)}


def _events(case: Case, rows: Sequence[int]) -> Iterable[Event]:
    return case.events(rows) if rows else ()


def _citation(event: Event, sources: Mapping[int, Source]) -> Cited:
    return Cited(
        file_name(event, sources),
        event.source,
        event.channel,
        event.record_id,
        event.event_id,
        exact_time_text(event.time, event.tick),
        plain_words(event, short=True),
    )
